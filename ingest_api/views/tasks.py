"""The tasks behind a week's work type; tasks of too few people are one, *other tasks*."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from heat.vocabulary import OTHER_TASKS
from ingest_api.access import Span
from ingest_api.snapshots import Snapshot
from ingest_api.views.groups import Sights, shown


@dataclass(frozen=True, slots=True)
class _Task:
    team_id: str
    week_start: date
    work_type: str
    task_scope: str
    task_id: str
    task_title: str
    total_intensity: int
    tag_count: int
    people: int


def tasks(snapshot: Snapshot, sights: Sights, weeks: Span, size: int) -> list[dict[str, Any]]:
    """Tasks of the weeks, newest week first, largest first.

    Tasks are pooled within their team, for everybody; where several teams are seen, what they
    show of a task is added up.

    :param size: people from which a task is shown by itself.
    """
    rows = snapshot.rows(
        """
        with

        work as (
            select
                team_id, date_trunc('week', local_day)::date as week_start, work_type,
                task_scope, task_id, user_id, arg_max(task_title, tagged_at) as task_title,
                max(tagged_at) as tagged_at, sum(intensity) as total_intensity,
                count(*) as tag_count
            from marts.fct_tags
            where list_contains(?::varchar[], team_id) and local_day between ? and ?
            group by team_id, week_start, work_type, task_scope, task_id, user_id
        ),

        sized as (
            -- one row per person and task, so rows of a task are its people
            select
                *,
                count(*) over (
                    partition by team_id, week_start, work_type, task_scope, task_id
                ) < ? as is_small
            from work
        )

        select
            team_id, week_start, work_type,
            case when is_small then '' else task_scope end as scope,
            case when is_small then ? else task_id end as task,
            case when is_small then ? else arg_max(task_title, tagged_at) end,
            sum(total_intensity)::bigint, sum(tag_count)::bigint, count(distinct user_id)
        from sized
        group by team_id, week_start, work_type, is_small, scope, task
        """,
        [list(sights), weeks.first, weeks.last, size, OTHER_TASKS, OTHER_TASKS],
    )
    cells: dict[str, list[_Task]] = {}
    for row in rows:
        task = _Task(*row)
        cells.setdefault(task.work_type, []).append(task)
    seen: dict[tuple[date, str, str, str], dict[str, Any]] = {}
    for parts in cells.values():
        for task in shown(
            parts,
            sights,
            size,
            week_of=lambda task: (task.team_id, task.week_start),
            people_of=lambda task: task.people,
            amount_of=lambda task: task.total_intensity,
        ):
            _add(seen, task)
    return sorted(
        seen.values(),
        key=lambda task: (task["weekStart"], task["totalIntensity"], task["taskId"]),
        reverse=True,
    )


def _add(seen: dict[tuple[date, str, str, str], dict[str, Any]], task: _Task) -> None:
    key = (task.week_start, task.work_type, task.task_scope, task.task_id)
    known = seen.setdefault(
        key,
        {
            "weekStart": task.week_start.isoformat(),
            "workType": task.work_type,
            "taskScope": task.task_scope,
            "taskId": task.task_id,
            "taskTitle": task.task_title,
            "totalIntensity": 0,
            "tagCount": 0,
            "people": 0,
        },
    )
    known["totalIntensity"] += task.total_intensity
    known["tagCount"] += task.tag_count
    known["people"] += task.people
