"""Pain streaks as a reader sees them: rows of ``fct_streaks``, for one person or many."""

from collections.abc import Mapping
from typing import Any

from ingest_api.access import Sight, Span
from ingest_api.snapshots import Snapshot

SHORTEST = 2
"""Days from which a run is shown; a single day is no streak to look at."""


def streaks_of(
    snapshot: Snapshot, sights: Mapping[str, Sight], period: Span
) -> list[dict[str, Any]]:
    """Streaks that overlap a period, the longest active one first, then the newest ended.

    A streak belongs to the team of its last day, so it is shown where that day is.

    :param sights: whose, and which of their days may be seen.
    """
    whose, who = snapshot.of_people("marts.fct_streaks", *sights)
    rows = snapshot.rows(
        f"""
        select
            streak_id, user_id, task_scope, task_id, task_title, work_type, area, first_day,
            last_day, days, tag_count, total_intensity, mean_intensity, level, is_active
        from marts.fct_streaks
        where
            {whose}
            and last_day >= ? and first_day <= ? and days >= ?
        """,  # noqa: S608
        [*who, period.first, period.last, SHORTEST],
    )
    # sorted here: the planner takes longer over an order than Python over the few rows
    rows = sorted(rows, key=_order)
    return [
        {
            "streakId": streak_id,
            "userId": user_id,
            "taskScope": task_scope,
            "taskId": task_id,
            "taskTitle": task_title,
            "workType": work_type,
            "area": area,
            "firstDay": first_day.isoformat(),
            "lastDay": last_day.isoformat(),
            "days": days,
            "tagCount": tag_count,
            "totalIntensity": total_intensity,
            "meanIntensity": mean_intensity,
            "level": level,
            "isActive": is_active,
            "text": f"🔥 Pain Streak: {days} days on {task_id} ({work_type})",
        }
        for (
            streak_id, user_id, task_scope, task_id, task_title, work_type, area, first_day,
            last_day, days, tag_count, total_intensity, mean_intensity, level, is_active,
        ) in rows
        if sights[user_id].shows(last_day)
    ]  # fmt: skip


def _order(row: tuple[Any, ...]) -> tuple[Any, ...]:
    streak_id, user_id, last_day, days, is_active = row[0], row[1], row[8], row[9], row[14]
    return (not is_active, -days if is_active else 0, -last_day.toordinal(), user_id, streak_id)
