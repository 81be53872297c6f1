"""The answer sheet: what is planted in the demo company, and where to see it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from heat.demo import stories
from heat.demo.people import DATA, PAYMENTS, PEOPLE, SILO_AREA, SILO_OWNER
from heat.vocabulary import WorkType


@dataclass(frozen=True)
class Burnout:
    """One person's load keeps rising; a streak is critical; an overload is on."""

    user_id: str
    team_id: str
    task_id: str
    task_title: str
    since: date


@dataclass(frozen=True)
class Silo:
    """One area, one person, and a streak right there."""

    area: str
    user_id: str
    team_id: str
    task_id: str
    task_title: str


@dataclass(frozen=True)
class Spike:
    """A week in which several people of one team had far more of one kind of work."""

    team_id: str
    work_type: WorkType
    week_start: date
    user_ids: tuple[str, ...]


@dataclass(frozen=True)
class Quiet:
    """A team without any warning, all its days cool or normal."""

    team_id: str


@dataclass(frozen=True)
class Answers:
    """What somebody who looks at the demo on ``today`` should find."""

    today: date
    burnout: Burnout
    silo: Silo
    spike: Spike
    quiet: Quiet

    def as_json(self) -> dict[str, Any]:
        """The sheet with camelCase names and ISO dates."""
        return {_camel(key): _plain(value) for key, value in asdict(self).items()}

    def lines(self) -> list[str]:
        """The sheet for a person: what, who, and where to look."""
        b, s, w = self.burnout, self.silo, self.spike
        people = ", ".join(_name(user) for user in w.user_ids)
        return [
            f"burnout: {_name(b.user_id)} ({b.team_id}), since {b.since}; "
            f"{b.task_id} “{b.task_title}” is a critical streak. Team page, first row.",
            f"silo: {s.area} is {_name(s.user_id)}'s alone ({s.team_id}), and {s.task_id} "
            f"“{s.task_title}” is a streak there. Team page, bus factors.",
            f"spike: {w.work_type} of {w.team_id} in the week of {w.week_start}, by {people}. "
            "Tag analytics.",
            f"quiet: {self.quiet.team_id} has no alert and no warm day. Team page.",
        ]


def answers(seed: int, today: date) -> Answers:
    """The answer sheet of one day."""
    held = stories.burnout(seed, today)
    week = stories.spike_week(today)
    push = stories.push_of(seed, week)
    stuck, *_ = stories.captain_tasks(seed, held, today)
    ledger, *_ = stories.silo_tasks(seed, today)
    return Answers(
        today=today,
        burnout=Burnout(held.captain, PAYMENTS, stuck.task_id, stuck.title, held.first),
        silo=Silo(SILO_AREA, SILO_OWNER, DATA, ledger.task_id, ledger.title),
        spike=Spike(push.team_id, WorkType.CONFIG, week, push.people),
        quiet=Quiet(stories.QUIET_TEAM),
    )


def _name(user_id: str) -> str:
    return next(person.display_name for person in PEOPLE if person.user_id == user_id)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
