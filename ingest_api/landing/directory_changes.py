"""What may be written into the directory: checked as a whole before anything is.

A change names what it changes and leaves the rest. Users and teams are merged by id, spans by
person, team and first day (so a membership ends by naming it again with a last day), holidays
and days off by day; the area rules of a named team replace the ones it had, since their order
matters.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from ingest_api.landing.directory import Directory, Span, User, load_directory
from ingest_api.landing.directory_reading import DirectoryReader, identity
from ingest_api.landing.events import EventLog, bump_config
from ingest_api.landing.writer import Refused

PARTS = ("users", "teams", "memberships", "managers", "holidays", "areaRules", "daysOff")
_READ_ONLY = ("configVersion", "thresholds")


class DirectoryError(Refused):
    """A directory that cannot be; ``errors`` names every field and the reason."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__("; ".join(f"{error['field']}: {error['reason']}" for error in errors[:3]))
        self.errors = errors


@dataclass(frozen=True)
class Difference:
    """What a change would do, per part: how many rows come, change and go."""

    counts: dict[str, dict[str, int]]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not any(n for count in self.counts.values() for n in count.values())


def merged(directory: Directory, body: dict[str, Any]) -> Directory:
    """The directory with the change of ``body`` applied.

    :param body: any subset of the shape that ``GET /directory`` answers.
    :raises DirectoryError: naming every field that is wrong.
    """
    reader = DirectoryReader(directory)
    for part in body:
        if part not in PARTS and part not in _READ_ONLY:
            reader.wrong(part[:100], f"unknown part (known: {', '.join(PARTS)})")
    users = {**directory.users, **{user.user_id: user for user in reader.users(body)}}
    teams = {**directory.teams, **{team.team_id: team for team in reader.teams(body)}}
    reader.teams_known = teams
    memberships = list(reader.spans(body, "memberships"))
    managers = list(reader.spans(body, "managers"))
    holidays = {(rest.team_id, rest.day): rest for rest in directory.holidays}
    holidays |= {(rest.team_id, rest.day): rest for rest in reader.holidays(body)}
    rules = list(reader.area_rules(body))
    ruled = {rule.team_id for rule in rules}
    days_off = {*directory.days_off, *reader.days_off(body)}
    named = [span.user_id for span in (*memberships, *managers)]
    for user_id in (*named, *(who for who, _ in days_off)):
        users.setdefault(user_id, User(user_id, user_id))
    reader.check_overlaps(directory.memberships, memberships)
    if reader.errors:
        raise DirectoryError(reader.errors)
    return replace(
        directory,
        users=dict(sorted(users.items())),
        teams=dict(sorted(teams.items())),
        memberships=_merged_spans(directory.memberships, memberships),
        managers=_merged_spans(directory.managers, managers),
        holidays=tuple(holidays[key] for key in sorted(holidays)),
        area_rules=tuple(
            sorted(
                [*(rule for rule in directory.area_rules if rule.team_id not in ruled), *rules],
                key=lambda rule: (rule.team_id, rule.position),
            )
        ),
        days_off=tuple(sorted(days_off)),
    )


def difference(old: Directory, new: Directory) -> Difference:
    """How two directories differ."""
    return Difference(
        {
            "users": _keyed(old.users, new.users),
            "teams": _keyed(old.teams, new.teams),
            "memberships": _sets(old.memberships, new.memberships),
            "managers": _sets(old.managers, new.managers),
            "holidays": _sets(old.holidays, new.holidays),
            "areaRules": _sets(old.area_rules, new.area_rules),
            "daysOff": _sets(old.days_off, new.days_off),
        }
    )


def writing(
    body: dict[str, Any], actor: str
) -> Callable[[duckdb.DuckDBPyConnection, EventLog], Difference]:
    """The change that merges ``body`` into the directory as it is when its turn comes.

    :param actor: who asked, for the audit log.
    """

    def change(connection: duckdb.DuckDBPyConnection, _events: EventLog) -> Difference:
        old = load_directory(connection)
        new = merged(old, body)
        done = difference(old, new)
        if not done.is_empty:
            _write(connection, old, new)
            bump_config(connection)
            connection.execute(
                "insert into ops.audit values (now(), ?, 'directory', '', ?)",
                [actor, str(done.counts)],
            )
        return done

    return change


def _merged_spans(old: Iterable[Span], new: Iterable[Span]) -> tuple[Span, ...]:
    def order(span: Span) -> tuple[str, str, date]:
        return span.user_id, span.team_id, span.from_day or date.min

    spans = {identity(span): span for span in (*old, *new)}
    return tuple(sorted(spans.values(), key=order))


def _keyed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, int]:
    return {
        "added": len(new.keys() - old.keys()),
        "changed": sum(1 for key in new.keys() & old.keys() if new[key] != old[key]),
        "removed": len(old.keys() - new.keys()),
    }


def _sets(old: tuple[Any, ...], new: tuple[Any, ...]) -> dict[str, int]:
    return {"added": len({*new} - {*old}), "changed": 0, "removed": len({*old} - {*new})}


def _write(connection: duckdb.DuckDBPyConnection, old: Directory, new: Directory) -> None:
    parts: tuple[tuple[str, Any, Any, Callable[[Any], tuple[Any, ...]]], ...] = (
        ("users", old.users, new.users, lambda u: (u.user_id, u.display_name, u.timezone, u.email)),
        ("teams", old.teams, new.teams, lambda t: (t.team_id, t.name, t.timezone, t.visibility)),
        ("memberships", old.memberships, new.memberships, _span_row),
        ("team_managers", old.managers, new.managers,
         lambda s: (s.team_id, s.user_id, s.from_day, s.to_day)),
        ("holidays", old.holidays, new.holidays, lambda h: (h.team_id, h.day, h.name)),
        ("area_rules", old.area_rules, new.area_rules,
         lambda r: (r.team_id, r.position, r.field, r.pattern, r.area)),
        ("days_off", old.days_off, new.days_off, lambda d: d),
    )  # fmt: skip
    for table, before, after, as_row in parts:
        if before == after:
            continue
        rows = after.values() if isinstance(after, dict) else after
        _replace(connection, table, [as_row(row) for row in rows])


def _span_row(span: Span) -> tuple[Any, ...]:
    return span.user_id, span.team_id, span.from_day, span.to_day


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]
) -> None:
    connection.execute(f"delete from ops.{table}")  # noqa: S608
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        one = f"({', '.join('?' * len(part[0]))})"
        values = ", ".join([one] * len(part))
        parameters = [value for row in part for value in row]
        connection.execute(f"insert into ops.{table} values {values}", parameters)  # noqa: S608
