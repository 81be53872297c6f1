"""Alert conditions that hold at the as-of day: rows of ``fct_alert_conditions``.

Whether a condition was acknowledged or sent is a matter of episodes and not known here.
"""

from collections.abc import Callable
from typing import Any

from ingest_api.snapshots import Row, Snapshot

_SELECT = """
    select
        fingerprint, type, severity, user_id, team_id, task_scope, task_id, work_type, area,
        week_start, message, suggested_action, value
    from marts.fct_alert_conditions
"""
_ORDER = "order by severity = 'critical' desc, value desc nulls last, fingerprint"

NameOf = Callable[[str], str]


def of_person(snapshot: Snapshot, user_id: str, name_of: NameOf) -> list[dict[str, Any]]:
    """Conditions about one person, critical ones first."""
    rows = snapshot.rows(f"{_SELECT} where user_id = ? {_ORDER}", [user_id])
    return [_shown(row, name_of) for row in rows]


def of_team(
    snapshot: Snapshot, team_id: str, name_of: NameOf, *, is_seen: Callable[[str], bool]
) -> list[dict[str, Any]]:
    """Conditions about a team and about the members that ``is_seen`` lets through."""
    rows = snapshot.rows(f"{_SELECT} where team_id = ? {_ORDER}", [team_id])
    return [_shown(row, name_of) for row in rows if row[3] is None or is_seen(row[3])]


def _shown(row: Row, name_of: NameOf) -> dict[str, Any]:
    (
        fingerprint, kind, severity, user_id, team_id, task_scope, task_id, work_type, area,
        week_start, message, suggested_action, value,
    ) = row  # fmt: skip
    return {
        "fingerprint": fingerprint,
        "type": kind,
        "severity": severity,
        "userId": user_id,
        "displayName": name_of(user_id) if user_id else None,
        "teamId": team_id,
        "taskScope": task_scope,
        "taskId": task_id,
        "workType": work_type,
        "area": area,
        "weekStart": week_start.isoformat() if week_start else None,
        "message": message,
        "suggestedAction": suggested_action,
        "value": value,
    }
