"""The demo company: the same every time, growing day by day, believable in its numbers."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from heat.demo import DAYS, Company, company
from heat.demo.days import holidays, is_team_day
from heat.demo.dice import dice, split
from heat.vocabulary import WorkType

TODAY = date(2026, 4, 15)


@pytest.fixture(scope="module")
def made() -> Company:
    return company(TODAY)


def totals(made: Company) -> Counter[tuple[str, date]]:
    counted: Counter[tuple[str, date]] = Counter()
    for tag in made.tags:
        counted[tag.user_id, tag.local_day] += tag.intensity
    return counted


def test_the_same_day_and_seed_make_the_same_company(made: Company) -> None:
    assert company(TODAY) == made


def test_another_seed_makes_another_company_of_the_same_people(made: Company) -> None:
    other = company(TODAY, seed=8)
    assert other.people == made.people
    assert other.tags != made.tags


def test_a_later_company_only_knows_more_days(made: Company) -> None:
    later = company(TODAY + timedelta(days=9))
    first_of_later = TODAY + timedelta(days=9 - DAYS + 1)
    shared = [tag for tag in made.tags if tag.local_day >= first_of_later]
    assert [tag for tag in later.tags if tag.local_day <= TODAY] == shared


def test_a_day_that_has_passed_keeps_its_days_off(made: Company) -> None:
    later = company(TODAY + timedelta(days=9))
    passed = {(user, day) for user, day in later.days_off if day <= TODAY}
    assert passed <= set(made.days_off)


def test_there_are_four_teams_and_26_people_with_a_manager_each(made: Company) -> None:
    managers = [person.team_id for person in made.people if person.is_manager]
    assert (len(made.teams), len(made.people)) == (4, 26)
    assert sorted(managers) == sorted(team.team_id for team in made.teams)
    assert len({person.display_name for person in made.people}) == 26


def test_every_tag_is_one_that_the_api_takes(made: Company) -> None:
    assert len({tag.tag_id for tag in made.tags}) == len(made.tags)
    for tag in made.tags:
        body = tag.body()
        assert 1 <= body["intensity"] <= 10
        assert 1 <= len(body["taskId"]) <= 128
        assert WorkType(body["workType"])
        assert len(body["labels"]) <= 10


def test_the_local_day_follows_from_moment_and_offset(made: Company) -> None:
    for tag in made.tags:
        local = tag.moment + timedelta(minutes=tag.offset_minutes)
        assert local.date() == tag.local_day


def test_offsets_change_with_the_clocks(made: Company) -> None:
    zones = {person.user_id: ZoneInfo(person.timezone) for person in made.people}
    for tag in made.tags:
        offset = tag.moment.astimezone(zones[tag.user_id]).utcoffset()
        assert offset == timedelta(minutes=tag.offset_minutes)
    german = [tag for tag in made.tags if zones[tag.user_id].key == "Europe/Berlin"]
    assert {tag.offset_minutes for tag in german} == {60, 120}


def test_nobody_tags_on_a_rest_day(made: Company) -> None:
    teams = {person.user_id: person.team_id for person in made.people}
    off = set(made.days_off)
    for user, day in totals(made):
        assert is_team_day(teams[user], day)
        assert (user, day) not in off


def test_daily_totals_are_spread_as_people_report_them(made: Company) -> None:
    days = sorted(totals(made).values())
    low, middle, high = (days[int(share * len(days))] for share in (0.1, 0.5, 0.9))
    assert 3 <= low <= 6
    assert 9 <= middle <= 13
    assert 25 <= high <= 33
    assert 3 <= len(made.tags) / len(days) <= 4.6


def test_nobody_tags_the_future(made: Company) -> None:
    noon = datetime(2026, 4, 15, 12, tzinfo=UTC)
    until = made.until(noon)
    assert max(tag.moment for tag in until.tags) <= noon
    assert len(until.tags) < len(made.tags)


def test_a_day_before_the_company_was_founded_is_refused() -> None:
    with pytest.raises(ValueError, match="not founded yet"):
        company(date(2024, 1, 2))


def test_holidays_move_with_easter_and_weekdays() -> None:
    assert holidays("payments", 2027)[date(2027, 3, 26)] == "Good Friday"
    assert holidays("storefront", 2026)[date(2026, 11, 26)] == "Thanksgiving Day"
    assert holidays("storefront", 2026)[date(2026, 5, 25)] == "Memorial Day"


def test_a_total_that_cannot_be_split_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        split(dice(1), 21, 2)


def test_the_answer_sheet_speaks_camel_case_and_plain_sentences(made: Company) -> None:
    sheet = made.answers.as_json()
    assert set(sheet) == {"today", "burnout", "silo", "spike", "quiet"}
    assert set(sheet["spike"]) == {"teamId", "workType", "weekStart", "userIds"}
    assert sheet["today"] == "2026-04-15"
    assert [line.partition(":")[0] for line in made.answers.lines()] == [
        *("burnout", "silo", "spike", "quiet")
    ]
