"""Charts are pure functions: what stands in their specification."""

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from analytics_app import frames
from analytics_app import weeks as week_frames
from analytics_app.charts import heat, mix, ownership, trends
from analytics_app.theme import DARK, LIGHT, NOT_KEPT, NOT_TAGGED, REST_DAY, Palette
from heat.vocabulary import Band

CELL = {"day": "Mon", "edge": "none", "total": 3, "tags": 1, "note": ""}


def days(*states: str) -> pl.DataFrame:
    first = date(2026, 11, 16)
    rows = [
        {
            **CELL,
            "iso": first.replace(day=16 + n).isoformat(),
            "state": state,
            "text": "7",
            "week": "2026-11-16",
            "weekday": heat.WEEKDAYS[n],
        }
        for n, state in enumerate(states)
    ]
    return pl.DataFrame(rows)


def layers(chart: Any) -> list[dict[str, Any]]:
    spec: dict[str, Any] = chart.to_dict()
    return list(spec["layer"])


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_band_and_every_kind_of_emptiness_has_a_fill(palette: Palette) -> None:
    chart = heat.calendar(days(*Band, NOT_TAGGED, REST_DAY, NOT_KEPT), palette)
    scale = layers(chart)[0]["encoding"]["color"]["scale"]
    fills = dict(zip(scale["domain"], scale["range"], strict=True))
    assert fills["critical"] == palette.bands["critical"].fill
    assert len({fills[state] for state in (*Band, REST_DAY, NOT_TAGGED)}) == 6


def test_a_calendar_prints_its_numbers() -> None:
    texts = [
        layer for layer in layers(heat.calendar(days("cool"), LIGHT)) if "text" in layer["encoding"]
    ]
    assert texts[0]["encoding"]["text"]["field"] == "text"


def test_days_that_are_no_longer_kept_are_dashed() -> None:
    marks = [layer["mark"] for layer in layers(heat.calendar(days(NOT_KEPT, "cool"), LIGHT))]
    assert [2, 2] in [mark.get("strokeDash") for mark in marks]


def test_no_layer_is_drawn_for_days_that_are_not_there() -> None:
    assert len(layers(heat.calendar(days("cool"), LIGHT))) == 2


def test_a_cell_is_selected_by_its_text_fields_alone() -> None:
    (chart,) = [heat.calendar(days("cool"), LIGHT).to_dict()]
    (param,) = [p for p in chart["params"] if p["name"] == "cell"]
    assert param["select"]["fields"] == ["iso"]
    assert param["select"]["toggle"] is False


def test_a_day_is_never_on_a_time_scale() -> None:
    spec = heat.calendar(days("cool"), LIGHT).to_dict()
    kinds = {
        c.get("type")
        for layer in spec["layer"]
        for c in layer["encoding"].values()
        if isinstance(c, dict)
    }
    assert "temporal" not in kinds


def test_a_year_gets_a_width_of_its_own() -> None:
    rows = days("cool")
    weeks = [rows.with_columns(week=pl.lit(f"2026-{n:03}")) for n in range(heat.WIDE_FROM_WEEKS)]
    assert heat.calendar(pl.concat(weeks), LIGHT).to_dict()["width"] > 600
    assert "width" not in heat.calendar(rows, LIGHT).to_dict()


def team(n_days: int) -> pl.DataFrame:
    rows = [
        {
            **CELL,
            "iso": (date(2026, 9, 1) + timedelta(days=n)).isoformat(),
            "state": "cool",
            "text": "3",
            "user_id": "a",
            "member": "Ann",
        }
        for n in range(n_days)
    ]
    return pl.DataFrame(rows)


def test_a_team_map_selects_person_and_day() -> None:
    spec = heat.team_map(team(3), LIGHT).to_dict()
    assert spec["params"][0]["select"]["fields"] == ["user_id", "iso"]


def test_a_team_map_of_ninety_days_has_no_numbers() -> None:
    assert len(layers(heat.team_map(team(30), LIGHT))) == 2
    assert len(layers(heat.team_map(team(90), LIGHT))) == 1


def test_bars_are_sorted_as_given_and_carry_their_share() -> None:
    entries = [
        {"workType": "Bug", "intensity": 1, "tagCount": 1, "share": 0.1},
        {"workType": "Config", "intensity": 9, "tagCount": 2, "share": 0.9},
    ]
    bars, labels = layers(mix.shares(frames.mix(entries, "workType"), LIGHT))
    assert bars["encoding"]["y"]["sort"] == ["Config", "Bug"]
    assert labels["encoding"]["text"]["format"] == ".0%"


def test_the_ramp_of_ownership_is_mixed_in_rgb() -> None:
    cells = pl.DataFrame(
        [{"area": "a (1)", "person": "Ann", "share": 1.0, "intensity": 9, "text": "100%"}]
    )
    scale = layers(ownership.matrix(cells, LIGHT))[0]["encoding"]["color"]["scale"]
    assert scale["interpolate"] == "rgb"


def weeks(mark: str, baseline: float | None) -> pl.DataFrame:
    row = {
        "week": "2026-11-16",
        "work_type": "Bug",
        "total": 40,
        "people": 3,
        "baseline": baseline,
        "mark": mark,
        "verdict": "spike" if mark else "stable",
    }
    return pl.DataFrame([row], schema_overrides={"baseline": pl.Float64})


def test_a_systemic_spike_looks_different_from_one_persons_week() -> None:
    shapes = {
        mark: layers(trends.work_type_panel(weeks(mark, 10.0), LIGHT, top=50))[-1]["mark"]["shape"]
        for mark in ("systemic", "spike")
    }
    assert shapes == {"systemic": "diamond", "spike": "circle"}


def test_a_quiet_week_draws_neither_spike_nor_missing_baseline() -> None:
    assert len(layers(trends.work_type_panel(weeks("", None), LIGHT, top=50))) == 3
    assert len(layers(trends.work_type_panel(weeks("", 10.0), LIGHT, top=50))) == 4


def test_panels_share_one_scale() -> None:
    spec = trends.work_type_panel(weeks("", 10.0), LIGHT, top=321)
    assert layers(spec)[0]["encoding"]["y"]["scale"]["domain"] == [0, 321]


def test_shadow_work_is_drawn_from_nothing_to_everything() -> None:
    table = week_frames.shadow_weeks(
        [{"weekStart": "2026-11-16", "shadowIntensity": 1, "totalIntensity": 2}]
    )
    assert layers(trends.shadow_share(table, LIGHT))[0]["encoding"]["y"]["scale"]["domain"] == [
        0,
        1,
    ]


def test_a_group_shows_no_person() -> None:
    table = week_frames.group_weeks(
        [{"weekStart": "2026-11-16", "people": 5, "totalIntensity": 100}]
    )
    spec = trends.group_weeks(table, LIGHT).to_dict()
    fields = {t["field"] for layer in spec["layer"] for t in layer["encoding"]["tooltip"]}
    assert fields == {"week", "people", "total", "mean"}
