"""Weeks of the API's answers as frames: trends, spikes, shadow work, groups. No rule."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from analytics_app.frames import Answer
from heat.vocabulary import SHADOW_WORK


def trend_weeks(trends: Sequence[Answer]) -> pl.DataFrame:
    """Weeks of every work type.

    One team: its rows with baseline and verdict. Several teams: their sums, which have none.

    :returns: ``week, work_type, total, tags, people, share, baseline, mark, verdict``, by week.
    """
    schema = {
        "team_id": pl.String,
        "week": pl.String,
        "work_type": pl.String,
        "total": pl.Int64,
        "tags": pl.Int64,
        "people": pl.Int64,
        "baseline": pl.Float64,
        "mark": pl.String,
        "verdict": pl.String,
    }
    rows = [
        (
            t["teamId"],
            t["weekStart"],
            t["workType"],
            t["totalIntensity"],
            t["tagCount"],
            t["people"],
            t["baseline"],
            spike_mark(t),
            t["verdict"],
        )
        for t in trends
    ]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if frame["team_id"].n_unique() > 1:
        sums = frame.group_by("week", "work_type").agg(
            pl.col("total", "tags", "people").sum(),
            # one mark for the week: systemic in any team wins
            pl.col("mark").sort_by(pl.col("mark").str.len_bytes()).last(),
        )
        frame = sums.with_columns(
            baseline=pl.lit(None, dtype=pl.Float64), verdict=pl.lit("sum of teams")
        )
    return frame.sort("week", "work_type")


def spike_mark(trend: Mapping[str, Any]) -> str:
    """``systemic``, ``spike`` or nothing."""
    if trend["verdict"] != "spike":
        return ""
    return "systemic" if trend["isSystemic"] else "spike"


def spikes(trends: Sequence[Answer]) -> list[Answer]:
    """Weeks whose verdict is a spike, newest first; one person's weeks among them."""
    found = [t for t in trends if spike_mark(t)]
    return sorted(found, key=lambda t: (t["weekStart"], t["totalIntensity"]), reverse=True)


def shadow_weeks(entries: Sequence[Answer]) -> pl.DataFrame:
    """Shadow work per week: ``week, shadow, total, share``; several teams are added up."""
    schema = {"week": pl.String, "shadow": pl.Int64, "total": pl.Int64}
    rows = [(e["weekStart"], e["shadowIntensity"], e["totalIntensity"]) for e in entries]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    sums = frame.group_by("week").agg(pl.col("shadow", "total").sum()).sort("week")
    return sums.with_columns(share=pl.col("shadow") / pl.col("total"))


def shadow_share(distribution: Answer) -> float | None:
    """Share of shadow work in a distribution, or ``None`` without tags."""
    total = sum(e["intensity"] for e in distribution["workTypes"])
    shadow = sum(e["intensity"] for e in distribution["workTypes"] if e["workType"] in SHADOW_WORK)
    return shadow / total if total else None


def group_weeks(entries: Sequence[Answer]) -> pl.DataFrame:
    """Whole weeks of a group without names: ``week, people, total, mean``."""
    schema = {"week": pl.String, "people": pl.Int64, "total": pl.Int64}
    rows = [(e.get("weekStart") or e["date"], e["people"], e["totalIntensity"]) for e in entries]
    frame = pl.DataFrame(rows, schema=schema, orient="row").sort("week")
    return frame.with_columns(mean=pl.col("total") / pl.col("people"))
