"""Reading a change of the directory: every field checked, everything wrong collected.

What a valid change does to the directory is said in :mod:`ingest_api.landing.directory_changes`.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import duckdb

from heat.vocabulary import Visibility
from ingest_api.landing.directory import AreaRule, Directory, Holiday, Span, Team, User
from ingest_api.landing.offsets import zone
from ingest_api.landing.validation import user_id_of

RULE_FIELDS = ("scope", "task", "title", "label")


class DirectoryReader:
    """Reads the parts of a body and collects what is wrong with them."""

    def __init__(self, directory: Directory) -> None:
        self.teams_known = directory.teams
        self._users = {user.user_id: user for user in directory.users.values()}
        self.errors: list[dict[str, str]] = []

    def wrong(self, field: str, reason: str) -> None:
        """Note one field that is wrong."""
        if len(self.errors) < 100:
            self.errors.append({"field": field, "reason": reason})

    def rows(self, body: dict[str, Any], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The objects of one list of the body, each with where it stands."""
        rows = body.get(part)
        if rows is None:
            return
        if not isinstance(rows, list):
            self.wrong(part, "must be a list")
            return
        for index, row in enumerate(rows):
            where = f"{part}[{index}]"
            if isinstance(row, dict):
                yield where, row
            else:
                self.wrong(where, "must be an object")

    def user_id(self, where: str, row: dict[str, Any]) -> str:
        """A row's user id in lower case."""
        user_id = user_id_of(row.get("userId"))
        if user_id is None:
            self.wrong(f"{where}.userId", "must have 1 to 128 characters of A-Za-z0-9._@+-")
        return user_id or ""

    def team_id(self, where: str, row: dict[str, Any]) -> str:
        """A row's team id, of a team that exists or is named in the same body."""
        team_id = self.text(where, row, "teamId", most=128)
        if team_id and team_id not in self.teams_known:
            self.wrong(f"{where}.teamId", f"no team {team_id}; name it among teams as well")
        return team_id

    def text(
        self, where: str, row: dict[str, Any], key: str, *, most: int, default: str | None = None
    ) -> str:
        """A row's text of 1 to ``most`` characters, trimmed."""
        value = row.get(key)
        if value is None and default is not None:
            return default
        text = value.strip() if isinstance(value, str) else ""
        if not 1 <= len(text) <= most or "\0" in text or not _encodes(text):
            self.wrong(f"{where}.{key}", f"must be a text of 1 to {most} characters")
        return text

    def zone(self, where: str, row: dict[str, Any]) -> str | None:
        """A row's time zone, if it names one."""
        name = row.get("timezone")
        if name is None or name == "":
            return None
        if not isinstance(name, str) or zone(name) is None:
            self.wrong(f"{where}.timezone", "must be a zone like Europe/Berlin")
            return None
        return name

    def day(self, where: str, row: dict[str, Any], key: str) -> date | None:
        """A row's day, if it names one."""
        value = row.get(key)
        if value is None or value == "":
            return None
        try:
            found = date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or found.isoformat() != value:
            self.wrong(f"{where}.{key}", "must be a date like 2026-11-25, or left out")
        return found

    def users(self, body: dict[str, Any]) -> Iterator[User]:
        """People, with what they had where the row says nothing."""
        for where, row in self.rows(body, "users"):
            user_id = self.user_id(where, row)
            known = self._users.get(user_id)
            name = self.text(
                where, row, "displayName", most=200,
                default=known.display_name if known else user_id or "?",
            )  # fmt: skip
            own_zone = self.zone(where, row) if "timezone" in row else known and known.timezone
            email = row.get("email", known and known.email)
            if email is not None and (not isinstance(email, str) or len(email) > 320):
                self.wrong(f"{where}.email", "must be a text of at most 320 characters")
                email = None
            yield User(user_id, name, own_zone or None, email or None)

    def teams(self, body: dict[str, Any]) -> Iterator[Team]:
        """Teams, with what they had where the row says nothing."""
        for where, row in self.rows(body, "teams"):
            team_id = self.text(where, row, "teamId", most=128)
            if team_id == "all":
                self.wrong(f"{where}.teamId", "all means every team; choose another id")
            known = self.teams_known.get(team_id) or Team(team_id, team_id)
            seen = row.get("visibility")
            if seen is None:
                seen = known.visibility
            elif seen not in tuple(Visibility):
                self.wrong(f"{where}.visibility", f"must be one of {', '.join(Visibility)}")
                seen = known.visibility
            name = self.text(where, row, "name", most=200, default=known.name)
            yield Team(team_id, name, self.zone(where, row) or known.timezone, seen)

    def spans(self, body: dict[str, Any], part: str) -> Iterator[Span]:
        """Memberships or managers."""
        for where, row in self.rows(body, part):
            first, last = self.day(where, row, "fromDay"), self.day(where, row, "toDay")
            if first and last and first > last:
                self.wrong(f"{where}.toDay", f"is before fromDay ({first})")
            yield Span(self.user_id(where, row), self.team_id(where, row), first, last)

    def holidays(self, body: dict[str, Any]) -> Iterator[Holiday]:
        """Days on which a team rests."""
        for where, row in self.rows(body, "holidays"):
            rest = self.day(where, row, "day")
            if rest is None and not row.get("day"):
                self.wrong(f"{where}.day", "is missing")
            name = self.text(where, row, "name", most=200, default="holiday")
            team_id = self.team_id(where, row)
            if rest is not None:
                yield Holiday(team_id, rest, name)

    def area_rules(self, body: dict[str, Any]) -> Iterator[AreaRule]:
        """Area rules whose patterns RE2 takes."""
        with duckdb.connect() as scratch:
            for where, row in self.rows(body, "areaRules"):
                position = row.get("position", 0)
                if type(position) is not int or not 0 <= position <= 100_000:
                    self.wrong(f"{where}.position", "must be a whole number from 0 to 100000")
                    position = 0
                of = self.text(where, row, "field", most=10)
                if of and of not in RULE_FIELDS:
                    self.wrong(f"{where}.field", f"must be one of {', '.join(RULE_FIELDS)}")
                pattern = self.text(where, row, "pattern", most=500)
                if fault := _pattern_fault(scratch, pattern):
                    self.wrong(f"{where}.pattern", fault)
                area = self.text(where, row, "area", most=128)
                yield AreaRule(self.team_id(where, row), position, of, pattern, area)

    def days_off(self, body: dict[str, Any]) -> Iterator[tuple[str, date]]:
        """People's days off."""
        for where, row in self.rows(body, "daysOff"):
            off = self.day(where, row, "day")
            user_id = self.user_id(where, row)
            if off is None:
                self.wrong(f"{where}.day", "must be a date like 2026-11-25")
            elif user_id:
                yield user_id, off

    def check_overlaps(self, old: Iterable[Span], new: list[Span]) -> None:
        """Refuse a person's second team on the same day."""
        by_user: dict[str, list[Span]] = {}
        replaced = {identity(span) for span in new}
        for span in old:
            if identity(span) not in replaced:
                by_user.setdefault(span.user_id, []).append(span)
        for index, span in enumerate(new):
            for other in by_user.get(span.user_id, ()):
                if span.overlaps(other):
                    first, last = other.from_day or "ever", other.to_day or "open"
                    self.wrong(
                        f"memberships[{index}]",
                        f"{span.user_id} is in {other.team_id} ({first} to {last}) on some of "
                        "these days, and in one team at a time; end that one with a toDay first",
                    )
                    break
            by_user.setdefault(span.user_id, []).append(span)


def identity(span: Span) -> tuple[str, str, date | None]:
    """What makes a span the same one when it is named again."""
    return span.user_id, span.team_id, span.from_day


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _pattern_fault(scratch: duckdb.DuckDBPyConnection, pattern: str) -> str | None:
    try:
        scratch.execute("select regexp_full_match('', ?)", [pattern]).fetchone()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].rpartition("Error: ")[2]
        return f"is no regular expression (RE2): {reason}"
    return None
