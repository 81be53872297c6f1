"""The directory as rows of ``raw``: people, teams, thresholds, and what day it is for whom.

Small enough to be pulled whole each time. What the API answers is trusted in shape; a zone that
this machine does not know counts as UTC.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Calendar:
    """What day it is, at one moment or by decree.

    :param moment: when the run began, with a zone.
    :param fixed: the day for everybody, or ``None`` for each one's own today.

    >>> Calendar(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)).today("Asia/Tokyo")
    datetime.date(2026, 3, 2)
    """

    moment: datetime
    fixed: date | None = None

    def today(self, zone: str | None) -> date:
        """Local date in a zone."""
        return self.fixed or self.moment.astimezone(_zone(zone)).date()


@cache
def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def zones_in_use(directory: Mapping[str, Any]) -> list[str]:
    """Zones in which somebody's day begins, sorted; UTC for those who named none.

    >>> zones_in_use({"users": [{"timezone": "Asia/Tokyo"}], "teams": []})
    ['Asia/Tokyo', 'UTC']
    """
    people = [*directory["users"], *directory["teams"]]
    return sorted({"UTC", *(each["timezone"] for each in people if each.get("timezone"))})


def directory_hash(directory: Mapping[str, Any]) -> str:
    """Fingerprint of everything that can change a tag's team, area or rest day.

    Another fingerprint than the last build's means that incremental models are built anew.
    """
    relevant = {key: value for key, value in directory.items() if key != "configVersion"}
    text = json.dumps(relevant, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_directory(
    connection: duckdb.DuckDBPyConnection, directory: Mapping[str, Any], calendar: Calendar
) -> date:
    """Replace the directory's tables in ``raw``, inside the caller's transaction.

    :returns: the as-of day of the run: the latest of all todays.
    """
    users = _users(directory, calendar)
    teams = [
        (t["teamId"], t["name"], t["timezone"], t["visibility"], calendar.today(t["timezone"]))
        for t in directory["teams"]
    ]
    tables: dict[str, Rows] = {
        "users": users,
        "teams": teams,
        "memberships": _picked(directory, "memberships", "userId", "teamId", "fromDay", "toDay"),
        "managers": _picked(directory, "managers", "teamId", "userId", "fromDay", "toDay"),
        "holidays": _picked(directory, "holidays", "teamId", "day", "name"),
        "area_rules": _picked(
            directory, "areaRules", "teamId", "position", "field", "pattern", "area"
        ),
        "days_off": _picked(directory, "daysOff", "userId", "day"),
        "thresholds": _thresholds(directory),
    }
    for name, rows in tables.items():
        replace_rows(connection, name, rows)
    todays = [row[-1] for row in (*users, *teams)]
    return max(todays, default=calendar.today("UTC"))


def replace_rows(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    """Make ``rows`` the whole content of ``raw.<table>``; texts are cast to its column types."""
    connection.execute(f"delete from raw.{table}")  # noqa: S608 (names from RAW_TABLES)
    if not rows:
        return
    columns = {f"c{i}": list(values) for i, values in enumerate(zip(*rows, strict=True))}
    given = pa.table(columns)
    connection.register("given_rows", given)
    connection.execute(f"insert into raw.{table} select * from given_rows")  # noqa: S608
    connection.unregister("given_rows")


def _users(directory: Mapping[str, Any], calendar: Calendar) -> Rows:
    zone_of_team = {team["teamId"]: team["timezone"] for team in directory["teams"]}
    spans: dict[str, list[Mapping[str, Any]]] = {}
    for span in directory["memberships"]:
        spans.setdefault(span["userId"], []).append(span)
    rows: Rows = []
    for user in directory["users"]:
        zone = user.get("timezone")
        if zone is None:
            zone = _team_zone(spans.get(user["userId"], ()), zone_of_team, calendar)
        rows.append(
            (user["userId"], user["displayName"], user.get("timezone"), calendar.today(zone))
        )
    return rows


def _team_zone(
    spans: Sequence[Mapping[str, Any]], zone_of_team: Mapping[str, str], calendar: Calendar
) -> str | None:
    """Zone of the team that a person belongs to on that team's own today."""
    for span in spans:
        zone = zone_of_team.get(span["teamId"])
        today = calendar.today(zone).isoformat()
        if (span["fromDay"] or "") <= today <= (span["toDay"] or "9999-12-31"):
            return zone
    return None


def _thresholds(directory: Mapping[str, Any]) -> Rows:
    thresholds = directory["thresholds"]
    sets = {"default": thresholds["default"]}
    for team in directory["teams"]:
        # a team's own set may name only what differs
        sets[team["teamId"]] = thresholds["default"] | thresholds["teams"].get(team["teamId"], {})
    return [
        (team_id, key, json.dumps(value))
        for team_id, flat in sorted(sets.items())
        for key, value in sorted(flat.items())
    ]


def _picked(directory: Mapping[str, Any], name: str, *keys: str) -> Rows:
    return [tuple(row.get(key) for key in keys) for row in directory.get(name, ())]


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
