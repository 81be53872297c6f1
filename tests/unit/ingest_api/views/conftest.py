"""A company of two teams, its landing store, and snapshots with invented rows.

Days are fixed and the views' clock with them: it is Wednesday, 25 November 2026, noon in UTC.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask import Flask
from flask.testing import FlaskClient

from heat.home import Home, replace_file
from heat.schema import MARTS
from heat.settings import Settings
from heat.thresholds import Thresholds
from heat.vocabulary import EventKind, Role
from ingest_api import create_app
from ingest_api.access import Viewer
from ingest_api.landing import Landing
from ingest_api.landing.directory_changes import writing
from ingest_api.landing.events import event_row
from ingest_api.landing.validation import Tag
from ingest_api.snapshots import Snapshots
from ingest_api.views.sources import Question, Sources

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOW.date()
CORE = ("ann", "ben", "cem", "dia", "eva", "fay")
"""Members of the team core; ben is managed by mia, like all, and joined on 2026-11-02."""

Rows = Sequence[Mapping[str, Any]]
Publish = Callable[..., Path]
Say = Callable[..., str]

DIRECTORY: dict[str, Any] = {
    "users": [
        {"userId": user_id, "displayName": f"{user_id.capitalize()} Name"}
        for user_id in (*CORE, "gus", "hal", "ida", "mia", "max", "ola", "joe")
    ],
    "teams": [
        {"teamId": "core", "name": "Core Team", "timezone": "UTC", "visibility": "named"},
        {"teamId": "web", "name": "Web Team", "timezone": "UTC", "visibility": "named"},
    ],
    "memberships": [
        *(
            {
                "userId": user_id,
                "teamId": "core",
                "fromDay": "2026-11-02" if user_id == "ben" else None,
                "toDay": None,
            }
            for user_id in CORE
        ),
        {"userId": "ben", "teamId": "web", "fromDay": None, "toDay": "2026-11-01"},
        # ida left core for web
        {"userId": "ida", "teamId": "core", "fromDay": None, "toDay": "2026-11-08"},
        {"userId": "ida", "teamId": "web", "fromDay": "2026-11-09", "toDay": None},
        {"userId": "gus", "teamId": "web", "fromDay": None, "toDay": None},
        {"userId": "hal", "teamId": "web", "fromDay": None, "toDay": None},
    ],
    "managers": [
        {"teamId": "core", "userId": "mia", "fromDay": None, "toDay": None},
        {"teamId": "web", "userId": "max", "fromDay": None, "toDay": None},
        # ola once managed core
        {"teamId": "core", "userId": "ola", "fromDay": None, "toDay": "2026-10-31"},
    ],
}

_BAND = (
    "case when {0} < 5 then 'cool' when {0} < 15 then 'normal' when {0} < 30 then 'warm' "
    "else 'critical' end"
)

DERIVED = {
    "fct_daily_intensity": f"""
        select
            user_id, team_id, local_day, sum(intensity)::bigint,
            {_BAND.format("sum(intensity)")}, count(*), count(distinct (task_scope, task_id)),
            {
        ", ".join(
            f"coalesce(sum(intensity) filter (work_type = '{kind}'), 0)::bigint"
            for kind in ("Feature", "Bug", "Blocker", "Support", "Config", "Research")
        )
    }
        from marts.fct_tags group by user_id, team_id, local_day
    """,
    "fct_label_intensity": """
        select user_id, team_id, local_day, work_type, label, sum(intensity)::bigint, count(*)
        from (select *, unnest(labels) as label from marts.fct_tags)
        group by user_id, team_id, local_day, work_type, label
    """,
    "fct_weekly_trends": """
        select
            team_id, date_trunc('week', local_day)::date as week, work_type,
            sum(intensity)::bigint, count(*), count(distinct user_id),
            sum(intensity) / sum(sum(intensity)) over (partition by team_id, week),
            null, null, 'new', false
        from marts.fct_tags group by team_id, week, work_type
    """,
    "fct_shadow_work": """
        select
            team_id, date_trunc('week', local_day)::date as week,
            coalesce(sum(intensity) filter (work_type in ('Support', 'Config', 'Blocker')), 0)
                ::bigint as shadow,
            sum(intensity)::bigint, shadow / sum(intensity)
        from marts.fct_tags group by team_id, week
    """,
}
"""Plain sums of the invented tags; everything else is invented row by row."""

TABLES = "\n".join(
    [
        "create schema marts; create schema meta;",
        "create table meta.calendar (user_id varchar, day date);",
        *(
            f"create table marts.{mart} ({', '.join(' '.join(pair) for pair in columns.items())});"
            for mart, columns in MARTS.items()
        ),
    ]
)


def tag_row(user_id: str, day: date, **fields: Any) -> dict[str, Any]:
    """A row of ``fct_tags``."""
    return {
        "tag_id": str(uuid.uuid4()),
        "user_id": user_id,
        "team_id": "core",
        "task_scope": "",
        "task_id": "HEAT-1",
        "task_title": "A task",
        "work_type": "Feature",
        "intensity": 5,
        "tagged_at": datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
        "local_day": day,
        "labels": [],
        "area": "HEAT",
        "source": "test",
        "ingested_at": NOW,
    } | fields


def streak_row(user_id: str, last_day: date, days: int = 5, **fields: Any) -> dict[str, Any]:
    """A row of ``fct_streaks``."""
    return {
        "streak_id": uuid.uuid4().hex,
        "user_id": user_id,
        "team_id": "core",
        "task_scope": "",
        "task_id": "HEAT-42",
        "task_title": "A long one",
        "work_type": "Blocker",
        "area": "HEAT",
        "first_day": last_day - timedelta(days=days - 1),
        "last_day": last_day,
        "days": days,
        "tag_count": days,
        "total_intensity": days * 6,
        "mean_intensity": 6.0,
        "level": "critical" if days >= 5 else "warning" if days >= 3 else "monitor",
        "is_active": last_day >= TODAY - timedelta(days=1),
    } | fields


def publish(
    home: Home,
    empty: Path,
    marts: Mapping[str, Rows],
    *,
    epoch: str,
    snapshot_id: str | None = None,
    seq: int = 0,
    as_of: date = TODAY,
    cutoff: date | None = None,
    rest_days: Sequence[tuple[str, date]] = (),
) -> Path:
    """Write one snapshot file and let ``CURRENT`` point to it.

    :param empty: a snapshot's tables without rows; to copy them is quicker than to make them.
    """
    snapshot_id = snapshot_id or f"20261125T120000Z-{uuid.uuid4().hex[:8]}"
    path = home.published / f"heat-{snapshot_id}.duckdb"
    shutil.copyfile(empty, path)
    with duckdb.connect(path) as connection:
        connection.execute("set timezone = 'UTC'; begin")
        for mart in MARTS:
            for row in marts.get(mart, ()):
                names = ", ".join(row)
                holes = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into marts.{mart} ({names}) values ({holes})", list(row.values())
                )
        for mart, query in DERIVED.items():
            if mart not in marts:
                connection.execute(f"insert into marts.{mart} {query}")
        connection.execute(
            """
            create table meta.snapshot as
                select ? as snapshot_id, ?::date as as_of_day, ?::timestamptz as built_at,
                    ? as epoch, ?::bigint as seq, '{}' as audits
            """,
            [snapshot_id, as_of, NOW, epoch, seq],
        )
        connection.execute("create table meta.config as select ?::date as cutoff_day", [cutoff])
        for rest_day in rest_days:
            connection.execute("insert into meta.calendar values (?, ?)", rest_day)
        connection.execute("commit")
    replace_file(home.current_file, path.name)
    return path


@pytest.fixture(scope="session")
def empty_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("snapshot") / "empty.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(TABLES)
    return path


@pytest.fixture(scope="session")
def company_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose landing store knows the company; every test gets a copy of its own."""
    home = Home(tmp_path_factory.mktemp("company") / "home").init()
    with Landing(home, Thresholds()) as landing:
        landing.change(writing(DIRECTORY, "test"))
    return home.root


@pytest.fixture
def home(tmp_path: Path, company_home: Path) -> Home:
    shutil.copytree(company_home, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def landing(home: Home) -> Iterator[Landing]:
    with Landing(home, Thresholds()) as landing:
        yield landing


@pytest.fixture
def published(home: Home, landing: Landing, empty_snapshot: Path) -> Publish:
    """Publish marts given by name; sums of ``fct_tags`` are made where they are not given."""

    def publish_now(**given: Any) -> Path:
        marts = {name: given.pop(name) for name in list(given) if name in MARTS}
        return publish(
            home, empty_snapshot, marts, epoch=given.pop("epoch", landing.epoch), **given
        )

    return publish_now


@pytest.fixture
def say(landing: Landing) -> Say:
    """Append one event to the landing log, as if ``user_id`` had tagged."""

    def append(user_id: str, day: date, *, kind: str = "stored", **fields: Any) -> str:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        given: dict[str, Any] = {
            "tag_id": str(uuid.uuid4()),
            "task_scope": "",
            "task_id": "HEAT-1",
            "task_title": "A task",
            "work_type": "Feature",
            "intensity": 5,
            "labels": [],
            "area": None,
            "source": "test",
        } | fields
        said = Tag(
            user_id=user_id,
            key=0,
            content_hash=0,
            timestamp_ms=int(moment.timestamp() * 1000),
            tz_offset_sent=None,
            offset_source="utc",
            **given,
        )
        now = int(NOW.timestamp() * 1_000_000)
        landing.change(
            lambda connection, events: events.append(
                connection, [event_row(events.seq + 1, EventKind(kind), said, 0, now)]
            )
        )
        return said.tag_id

    return append


@pytest.fixture
def sources(home: Home, landing: Landing) -> Iterator[Sources]:
    sources = Sources(Snapshots(home), landing, landing.viewer_log, clock=lambda: NOW)
    yield sources
    sources.snapshots.close()


@pytest.fixture
def app(home: Home, landing: Landing, sources: Sources) -> Flask:
    app = create_app(Settings(home=home.root), landing)
    app.extensions["heat.views"] = sources
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def get(client: FlaskClient, home: Home) -> Callable[..., Any]:
    """Ask as somebody, the way the app asks: by the service on behalf of a person."""

    def get(path: str, *, by: str, etag: str | None = None) -> Any:
        headers = {"Authorization": f"Bearer {home.service_token()}", "Heat-On-Behalf-Of": by}
        if etag is not None:
            headers["If-None-Match"] = etag
        return client.get(f"/api/v1{path}", headers=headers)

    return get


@pytest.fixture
def edit(landing: Landing) -> Callable[[str], None]:
    """Change the landing store by a statement, as a change of the directory does."""

    def edit(statement: str) -> None:
        landing.change(lambda connection, _: connection.execute(statement))

    return edit


@pytest.fixture
def grant(landing: Landing) -> Callable[[str, Role], None]:
    """Give a person a role, as an administrator does."""

    def grant(user_id: str, role: Role) -> None:
        landing.change(
            lambda connection, _: connection.execute(
                "insert into ops.roles values (?, ?)", [user_id, role.value]
            )
        )

    return grant


@pytest.fixture
def asking(sources: Sources) -> Callable[[str], AbstractContextManager[Question]]:
    """One question of a person with every right that they have."""

    def ask(user_id: str) -> AbstractContextManager[Question]:
        roles = {Role.DEVELOPER, Role.MANAGER}
        if "analyst" in sources.landing.directory.roles_of(user_id):
            roles.add(Role.ANALYST)
        return sources.asked_by(Viewer.of(user_id, Role.ADMIN, roles))

    return ask


@pytest.fixture
def tag() -> Callable[..., dict[str, Any]]:
    """Makes rows of ``fct_tags``."""
    return tag_row


@pytest.fixture
def streak() -> Callable[..., dict[str, Any]]:
    """Makes rows of ``fct_streaks``."""
    return streak_row
