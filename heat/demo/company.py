"""The company as a whole: directory, days off, tags and answer sheet of one day."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from heat.demo.absence import is_day_off
from heat.demo.answers import Answers, answers
from heat.demo.days import EPOCH, holidays, sprint_of
from heat.demo.people import PEOPLE, TEAMS, Person, Team
from heat.demo.tagging import Tag, tags_of_sprint

DAYS = 120
"""Days that a company has tagged, today included."""

_AHEAD = 28
"""Days after today whose days off are known already."""


@dataclass(frozen=True)
class Company:
    """Everything the demo puts into a home."""

    today: date
    seed: int
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    days_off: tuple[tuple[str, date], ...]
    tags: tuple[Tag, ...]
    answers: Answers

    def until(self, moment: datetime) -> "Company":
        """The company without the tags of later hours: nobody tags the future."""
        return replace(self, tags=tuple(tag for tag in self.tags if tag.moment <= moment))

    def directory(self) -> dict[str, Any]:
        """Body of ``PUT /api/v1/directory``."""
        years = {self.today.year + n for n in (-1, 0, 1)}
        return {
            "users": [
                {
                    "userId": person.user_id,
                    "displayName": person.display_name,
                    "timezone": person.timezone,
                }
                for person in self.people
            ],
            "teams": [
                {
                    "teamId": team.team_id,
                    "name": team.name,
                    "timezone": team.timezone,
                    "visibility": "named",
                }
                for team in self.teams
            ],
            "memberships": [
                {"userId": person.user_id, "teamId": person.team_id} for person in self.people
            ],
            "managers": [
                {"userId": person.user_id, "teamId": person.team_id}
                for person in self.people
                if person.is_manager
            ],
            "holidays": [
                {"teamId": team.team_id, "day": day.isoformat(), "name": name}
                for team in self.teams
                for year in sorted(years)
                for day, name in sorted(holidays(team.team_id, year).items())
            ],
            "daysOff": [{"userId": user, "day": day.isoformat()} for user, day in self.days_off],
        }


def company(today: date, seed: int = 7) -> Company:
    """The demo company as it stands at the end of ``today``.

    The same date has the same tags whatever day is asked for: a later company only knows more
    days.

    :param today: the last day; the first one is 119 days before.
    :raises ValueError: for a day before the company was founded.

    >>> made = company(date(2026, 3, 4))
    >>> len(made.teams), len(made.people), made.answers.quiet.team_id
    (4, 26, 'mobile')
    """
    first = today - timedelta(days=DAYS - 1)
    if first < EPOCH + timedelta(days=2 * DAYS):
        raise ValueError(f"{today}: the demo company was not founded yet")
    sprints = range(sprint_of(first), sprint_of(today) + 1)
    tags = [
        tag
        for person in PEOPLE
        for sprint in sprints
        for tag in tags_of_sprint(seed, person, sprint)
        if first <= tag.local_day <= today
    ]
    every = [first + timedelta(days=n) for n in range(DAYS + _AHEAD)]
    off = [
        (person.user_id, day) for person in PEOPLE for day in every if is_day_off(seed, person, day)
    ]
    tags.sort(key=lambda tag: (tag.moment, tag.user_id))
    return Company(today, seed, TEAMS, PEOPLE, tuple(off), tuple(tags), answers(seed, today))
