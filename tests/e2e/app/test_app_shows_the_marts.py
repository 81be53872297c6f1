"""Each page shows the demo company's numbers, and they are those of the published marts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from heat.demo.people import PEOPLE

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.pipeline]

MANAGER = {p.team_id: p.user_id for p in PEOPLE if p.is_manager}
NAMES = {p.user_id: p.display_name for p in PEOPLE}


@pytest.fixture
def rows(stage: Any) -> Iterator[Any]:
    """Ask the published snapshot."""
    with stage.snapshot() as marts:
        yield lambda sql, *params: marts.execute(sql, params).fetchall()


def kpi(visit: Any, label: str) -> tuple[str, str]:
    """Value of a card and the line below it."""
    card = visit.page.locator(".heat.kpis > div", has=visit.page.get_by_text(label, exact=True))
    return card.locator("dd.value").inner_text(), card.locator("dd.sub").inner_text()


def numbers_in(visit: Any, key: str) -> list[int]:
    """The numbers printed in a chart's cells."""
    texts = visit.page.locator(f".st-key-{key} svg .mark-text.role-mark text").all_text_contents()
    return sorted(int(text) for text in texts if text.isdigit())


def test_my_heat_shows_the_days_and_their_sums(
    visit: Any, stage: Any, rows: Any, today: date
) -> None:
    person = stage.company.answers.burnout.user_id
    visit.open(f"/my-heat?as={person}")
    days = rows(
        "select local_day, total_intensity, band from marts.fct_daily_intensity"
        " where user_id = ? and local_day > ? order by 1",
        person,
        today - timedelta(days=90),
    )
    assert numbers_in(visit, "calendar") == sorted(total for _, total, _ in days)
    critical = sum(band == "critical" for *_, band in days)
    assert kpi(visit, "Critical days") == (str(critical), f"of {len(days)} tagged days")
    week = sum(total for day, total, _ in days if day > today - timedelta(days=7))
    assert kpi(visit, "Last 7 days")[0] == str(week)
    *_, (_, total, band) = days
    value, below = kpi(visit, "Last active day")
    assert band in value.lower()
    assert below.startswith(f"{total} on")


def test_my_heat_shows_the_active_streaks(visit: Any, stage: Any, rows: Any) -> None:
    person = stage.company.answers.burnout.user_id
    visit.open(f"/my-heat?as={person}")
    active = rows(
        "select task_id, work_type, days from marts.fct_streaks"
        " where user_id = ? and is_active and days >= 2 order by days desc",
        person,
    )
    assert kpi(visit, "Active streaks")[0] == str(len(active))
    task, kind, days = active[0]
    assert f"🔥 Pain Streak: {days} days on {task} ({kind})" in visit.text()


def test_a_click_on_a_cell_opens_its_day_and_a_reload_keeps_it(
    visit: Any, stage: Any, today: date
) -> None:
    person = stage.company.answers.burnout.user_id
    page = visit.open(f"/my-heat?as={person}&range=30+days")
    cell = page.locator(".st-key-calendar svg .mark-text.role-mark text").first
    box = cell.bounding_box()
    # clicked by place: a forced click on an SVG node selects nothing
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("before => !location.search.includes(before)", arg=f"day={today}")
    visit.settle()
    asked = re.search(r"day=(\d{4}-\d{2}-\d{2})", page.url)
    assert asked is not None
    day = date.fromisoformat(asked.group(1))
    heading = f"{day:%a} {day.day} {day:%b %Y}"
    assert heading in visit.text()
    page.reload()
    visit.settle()
    assert f"day={day}" in page.url
    assert "range=30+days" in page.url
    assert heading in visit.text()


def test_the_team_page_stands_in_attention_order(visit: Any, stage: Any, rows: Any) -> None:
    team = stage.company.answers.burnout.team_id
    visit.open(f"/team?as={MANAGER[team]}")
    order = rows("select user_id from marts.fct_attention where team_id = ? order by rank", team)
    axis = visit.page.locator(".st-key-team_map svg .role-axis-label text").all_text_contents()
    names = [text for text in axis if text in NAMES.values()]
    assert names == [NAMES[user_id] for (user_id,) in order]


def test_the_team_page_shows_every_day_of_its_members(
    visit: Any, stage: Any, rows: Any, today: date
) -> None:
    team = stage.company.answers.silo.team_id
    visit.open(f"/team?as={MANAGER[team]}")
    totals = rows(
        "select total_intensity, band from marts.fct_daily_intensity"
        " where team_id = ? and local_day between ? and ?",
        team,
        today - timedelta(days=29),
        today,
    )
    assert numbers_in(visit, "team_map") == sorted(total for total, _ in totals)
    critical = sum(band == "critical" for _, band in totals)
    assert kpi(visit, "Critical days")[1] == f"{critical} of {len(totals)} tagged days"


def test_the_team_page_says_what_needs_attention(visit: Any, stage: Any, rows: Any) -> None:
    silo = stage.company.answers.silo
    visit.open(f"/team?as={MANAGER[silo.team_id]}")
    found = rows(
        "select message, severity from marts.fct_alert_conditions where team_id = ?", silo.team_id
    )
    text = visit.text()
    shown = [message for message, _ in found if message in text]
    assert len(shown) == min(len(found), 4)
    critical = {message for message, severity in found if severity == "critical"}
    assert critical & set(shown)


def test_the_silo_stands_first_among_the_areas(visit: Any, stage: Any, rows: Any) -> None:
    silo = stage.company.answers.silo
    visit.open(f"/team?as={MANAGER[silo.team_id]}")
    labels = visit.page.locator(".st-key-ownership svg .role-axis-label text").all_text_contents()
    assert f"⚠ {silo.area} (1)" in labels
    ((risky,),) = rows(
        "select count(*) from marts.fct_bus_factor b where window_index = 0 and is_at_risk and"
        " exists (from marts.fct_area_ownership o where o.area = b.area and o.window_index = 0"
        " and o.team_id = ?)",
        silo.team_id,
    )
    assert kpi(visit, "Areas at risk")[0] == str(risky)


def test_tag_analytics_shows_weeks_and_spikes(
    visit: Any, stage: Any, rows: Any, today: date
) -> None:
    spike = stage.company.answers.spike
    visit.open(f"/analytics?as={MANAGER[spike.team_id]}")
    first = today - timedelta(days=83)
    first -= timedelta(days=first.weekday())
    ((total, tags, spikes, systemic),) = rows(
        "select sum(total_intensity)::bigint, sum(tag_count)::bigint,"
        " count(*) filter (verdict = 'spike'), count(*) filter (is_systemic)"
        " from marts.fct_weekly_trends where team_id = ? and week_start >= ?",
        spike.team_id,
        first,
    )
    assert kpi(visit, "Total intensity") == (f"{total:,}", f"{tags} tags")
    assert kpi(visit, "Spikes") == (str(spikes), f"{systemic} systemic")
    assert "Tue" not in kpi(visit, "Most of it")[0]
    text = visit.text()
    assert not [name for name in NAMES.values() if name in text]


def test_the_status_page_shows_snapshot_and_ledger(visit: Any, stage: Any, rows: Any) -> None:
    visit.open(f"/status?as={stage.company.answers.burnout.user_id}")
    ((snapshot_id,),) = rows("select snapshot_id from meta.snapshot")
    text = visit.text()
    assert snapshot_id in text
    assert f"{len(stage.company.tags):,}" in text
    assert "Every check passed; new numbers were published." in text
    assert f"{stage.settings.api_url}/api/v1/tags" in text
