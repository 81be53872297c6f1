"""The days that the snapshot cannot know yet, summed from the tags in force in the landing.

Only what a sum can say (totals, counts, shares); streaks, load and conditions wait for the next
snapshot. A day's band comes from the thresholds, which a test holds against the model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from heat.vocabulary import EventKind, WorkType
from ingest_api.access import Sight
from ingest_api.snapshots import Row
from ingest_api.views.sources import Question

WORK_TYPES = tuple(WorkType)


class LiveTag(NamedTuple):
    """What the sums need of a tag in force."""

    task_scope: str
    task_id: str
    work_type: str
    intensity: int
    local_day: date
    labels: list[str]


@dataclass(frozen=True)
class LiveDays:
    """Local days that the landing answers for, and the tags in force on them."""

    days: frozenset[date]
    tags: Sequence[LiveTag]


_NEWER = """
    select kind, local_day, task_scope, task_id, work_type, intensity, labels
    from ops.tag_events
    where seq > ? and user_id = ? and tag_id is not null
"""

_OF_DAYS = """
    select local_day, task_scope, task_id, work_type, intensity, labels
    from marts.fct_tags
    where {mine} and list_contains(?::date[], local_day)
"""

_WHOLE = """
    with

    mine as (
        select seq, kind, tag_id, task_scope, task_id, work_type, intensity, local_day, labels
        from ops.tag_events
        where user_id = $user and tag_id is not null
    ),

    days as (
        -- a tag that moved to another day changes the day that it left as well
        select $today::date as local_day
        union
        select local_day from mine where tag_id in (select tag_id from mine where seq > $after)
    ),

    in_force as (
        select arg_max(mine, seq) as tag from mine group by tag_id
    )

    select
        days.local_day, tag.task_scope, tag.task_id, tag.work_type, tag.intensity, tag.labels
    from days
    left join in_force
        on days.local_day = tag.local_day and tag.kind <> 'withdrawn'
"""


def live_days(question: Question, sight: Sight, today: date) -> LiveDays:
    """Days with tag events newer than the snapshot, and today.

    Where a person only added tags, what they added is put beside what was published (1 ms for a
    million tags); a correction, a day that is in no snapshot yet, or a restored landing has the
    person's events read whole (30 ms).

    :param sight: days outside of it stay unseen.
    :param today: the person's own.
    """
    snapshot = question.snapshot
    if snapshot is None:
        return LiveDays(frozenset(), ())
    landing, info = question.sources.landing, snapshot.info
    is_comparable = landing.epoch == info.epoch and today <= info.as_of_day
    if is_comparable and landing.seq == info.seq:
        return LiveDays(frozenset(), ())
    newer = landing.cursor().execute(_NEWER, [info.seq, sight.user_id]).fetchall()
    if is_comparable and all(kind == EventKind.STORED for kind, *_ in newer):
        added = [tuple(row) for _, *row in newer]
        days = sorted({row[0] for row in added})
        mine, me = snapshot.of_people("marts.fct_tags", sight.user_id)
        rows: list[Row] = (
            [*snapshot.rows(_OF_DAYS.format(mine=mine), [*me, days]), *added] if days else []
        )
    else:
        # a restored landing counts anew, so nothing in the snapshot can be called older than it
        after = info.seq if landing.epoch == info.epoch else -1
        known = {"user": sight.user_id, "today": today, "after": after}
        rows = landing.cursor().execute(_WHOLE, known).fetchall()
    seen = [row for row in rows if row[0] <= today and sight.shows(row[0])]
    return LiveDays(
        frozenset(row[0] for row in seen),
        [
            LiveTag(scope, task, work_type, intensity, day, labels)
            for day, scope, task, work_type, intensity, labels in seen
            if work_type is not None
        ],
    )


def summed_days(question: Question, user_id: str, live: LiveDays) -> dict[date, dict[str, Any]]:
    """Live days as the developer view shows a day; a day without tags in force has none."""
    by_day: dict[date, list[LiveTag]] = {}
    for tag in live.tags:
        by_day.setdefault(tag.local_day, []).append(tag)
    directory, landing = question.access.directory, question.sources.landing
    found = {}
    for day, tags in by_day.items():
        total = sum(tag.intensity for tag in tags)
        intensities = Counter[str]()
        for tag in tags:
            intensities[tag.work_type] += tag.intensity
        thresholds = landing.thresholds.of_team(directory.team_on(user_id, day))
        found[day] = {
            "date": day.isoformat(),
            "totalIntensity": total,
            "color": thresholds.band(total).value,
            "tagCount": len(tags),
            "taskCount": len({(tag.task_scope, tag.task_id) for tag in tags}),
            "breakdown": {work_type.value: intensities[work_type] for work_type in WORK_TYPES},
        }
    return found
