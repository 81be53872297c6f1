"""``users.csv`` and ``teams.csv`` as a change of the directory, and where each row comes from.

The API judges the change as a whole; what it says of ``users[3].timezone`` is told here as file,
line and column.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

USER_COLUMNS = ("userId", "team")
TEAM_COLUMNS = ("team", "manager")

_NAMED = re.compile(r"^(?P<part>\w+)\[(?P<index>\d+)\]\.?(?P<field>\w*)")
_COLUMNS = {
    ("users", "userId"): "userId",
    ("memberships", "userId"): "userId",
    ("memberships", "teamId"): "team",
    ("memberships", ""): "team",
    ("teams", "teamId"): "team",
    ("managers", "userId"): "manager",
    ("managers", "teamId"): "team",
    ("holidays", "day"): "holidays",
    ("holidays", "name"): "holidays",
    ("holidays", "teamId"): "team",
}
"""Part and field of the API → column of the file; others have the same name in both."""


class DirectoryFileError(ValueError):
    """What is wrong with a file, as sentences that name file, line and column."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences[:5]))
        self.sentences = sentences


@dataclass(frozen=True)
class Row:
    """One line of a file."""

    file: Path
    line: int
    cells: dict[str, str]

    def at(self, column: str, reason: str) -> str:
        """A sentence that names this line and one of its columns."""
        where = f", column {column}" if column else ""
        return f"{self.file}, line {self.line}{where}: {reason}"


@dataclass
class DirectoryChange:
    """The body for the API, and the row behind each of its elements."""

    body: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    origins: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, part: str, row: Row, element: dict[str, Any]) -> None:
        """One more element of a part."""
        self.body.setdefault(part, []).append(element)
        self.origins.setdefault(part, []).append(row)

    def sentence(self, name: str, reason: str) -> str:
        """What the API says of ``users[3].timezone``, as file, line and column."""
        found = _NAMED.match(name)
        rows = self.origins.get(found["part"], []) if found else []
        if not found or int(found["index"]) >= len(rows):
            return f"{name}: {reason}"
        column = _COLUMNS.get((found["part"], found["field"]), found["field"])
        return rows[int(found["index"])].at(column, reason)


def read_directory(users: Path | None, teams: Path | None) -> DirectoryChange:
    """Both files as one change.

    Users have the columns ``userId,team[,displayName,timezone,email]``; teams ``team,manager
    [,name,timezone,holidays,visibility]`` (several managers, and holidays such as
    ``2026-12-25 Christmas``, are separated by semicolons). Other columns are ignored.

    :raises DirectoryFileError: naming line and column.
    :raises OSError: if a file cannot be opened.
    """
    change = DirectoryChange()
    wrong: list[str] = []
    for row in _rows(teams, TEAM_COLUMNS, wrong):
        _add_team(change, row, wrong)
    for row in _rows(users, USER_COLUMNS, wrong):
        _add_user(change, row, wrong)
    _name_every_team(change)
    if wrong:
        raise DirectoryFileError(wrong)
    return change


def _add_team(change: DirectoryChange, row: Row, wrong: list[str]) -> None:
    team = row.cells["team"]
    if not team:
        wrong.append(row.at("team", "is empty"))
        return
    known = [one["teamId"] for one in change.body.get("teams", [])]
    if team not in known:
        plain = {key: row.cells.get(key) for key in ("name", "timezone", "visibility")}
        given = {key: value for key, value in plain.items() if value}
        change.add("teams", row, {"teamId": team, **given})
    for manager in _several(row.cells["manager"]):
        change.add("managers", row, {"userId": manager, "teamId": team})
    for text in _several(row.cells.get("holidays", "")):
        day, _, name = text.partition(" ")
        try:
            date.fromisoformat(day)
        except ValueError:
            reason = f"{text[:40]} does not begin with a date like 2026-12-25"
            wrong.append(row.at("holidays", reason))
            continue
        named = {"name": name.strip()} if name.strip() else {}
        change.add("holidays", row, {"teamId": team, "day": day, **named})


def _add_user(change: DirectoryChange, row: Row, wrong: list[str]) -> None:
    user = row.cells["userId"]
    if not user:
        wrong.append(row.at("userId", "is empty"))
        return
    plain = {key: row.cells.get(key) for key in ("displayName", "timezone", "email")}
    given = {key: value for key, value in plain.items() if value}
    change.add("users", row, {"userId": user, **given})
    if row.cells["team"]:
        change.add("memberships", row, {"userId": user, "teamId": row.cells["team"]})


def _name_every_team(change: DirectoryChange) -> None:
    """A team that only users.csv knows comes to be with its first member."""
    known = {team["teamId"] for team in change.body.get("teams", [])}
    memberships = change.body.get("memberships", [])
    for row, membership in zip(change.origins.get("memberships", []), memberships, strict=True):
        if membership["teamId"] not in known:
            known.add(membership["teamId"])
            change.add("teams", row, {"teamId": membership["teamId"]})


def _rows(path: Path | None, required: tuple[str, ...], wrong: list[str]) -> Iterator[Row]:
    if path is None:
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            missing = [name for name in required if name not in (reader.fieldnames or [])]
            if missing:
                wrong.append(f"{path}, line 1: column {', '.join(missing)} is missing")
                return
            for cells in reader:
                named = ((key, value) for key, value in cells.items() if key is not None)
                yield Row(path, reader.line_num, {key: (text or "").strip() for key, text in named})
    except (UnicodeDecodeError, csv.Error) as error:
        wrong.append(f"{path}: no CSV in UTF-8 ({error})")


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
