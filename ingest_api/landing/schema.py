"""Tables of the landing store, and the way from an older version to this one.

Landing has no primary keys and no indexes: they triple the file, slow the load sevenfold and
tie write-ahead replay to trouble (measured); one thread writes, so "insert what is not there"
is free of races without them.
"""

import uuid

import duckdb

_VERSION_1 = """
create schema ops;

create table ops.meta (key varchar not null, value varchar not null);
create table ops.sequence (value bigint not null, batch_id bigint not null);
create table ops.tag_events (
    seq bigint not null,
    kind varchar not null,
    user_id varchar not null,
    tag_id uuid,
    batch_id bigint,
    task_scope varchar,
    task_id varchar,
    task_title varchar,
    work_type varchar,
    intensity tinyint,
    tagged_at timestamptz,
    tz_offset_min smallint,
    offset_source varchar,
    local_day date not null,
    labels varchar[],
    area varchar,
    source varchar,
    ingested_at timestamptz not null,
    content_hash ubigint
);
create table ops.batches (
    batch_id bigint not null,
    user_id varchar not null,
    received_at timestamptz not null,
    received integer not null,
    stored integer not null,
    duplicates integer not null,
    conflicts integer not null,
    rejected integer not null
);
create table ops.rejects (
    reject_id uuid not null,
    batch_id bigint not null,
    position integer not null,
    user_id varchar not null,
    received_at timestamptz not null,
    errors varchar not null,
    raw varchar not null,
    raw_length integer not null
);
create table ops.removals (
    user_id varchar not null,
    removed bigint not null,
    reason varchar not null,
    seq bigint not null,
    removed_at timestamptz not null
);

create table ops.users (
    user_id varchar not null, display_name varchar not null, timezone varchar, email varchar
);
create table ops.teams (
    team_id varchar not null, name varchar not null, timezone varchar not null,
    visibility varchar not null
);
create table ops.memberships (
    user_id varchar not null, team_id varchar not null, from_day date, to_day date
);
create table ops.team_managers (
    team_id varchar not null, user_id varchar not null, from_day date, to_day date
);
create table ops.roles (user_id varchar not null, role varchar not null);
create table ops.holidays (team_id varchar not null, day date not null, name varchar not null);
create table ops.area_rules (
    team_id varchar not null, position integer not null, field varchar not null,
    pattern varchar not null, area varchar not null
);
create table ops.days_off (user_id varchar not null, day date not null);
create table ops.thresholds (
    team_id varchar not null, version integer not null, changes varchar not null,
    changed_by varchar not null, changed_at timestamptz not null
);
create table ops.tokens (
    prefix varchar not null, token_hash varchar not null, user_id varchar not null,
    role varchar not null, label varchar not null, scopes varchar[] not null,
    created_at timestamptz not null, expires_at timestamptz, revoked_at timestamptz,
    last_used_at timestamptz
);
create table ops.audit (
    happened_at timestamptz not null, actor varchar not null, action varchar not null,
    subject varchar not null, detail varchar not null
);
create table ops.viewer_log (
    seen_at timestamptz not null, viewer varchar not null, user_id varchar not null,
    what varchar not null, count integer not null
);

insert into ops.sequence values (0, 0);
insert into ops.meta values ('config_version', '1');
"""

MIGRATIONS = (_VERSION_1,)
"""One script per version; never edited once released, only added to."""

VERSION = len(MIGRATIONS)


class LandingVersionError(RuntimeError):
    """The landing file was written by a newer HEAT."""


def migrate(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the landing store to this version, each step in a transaction of its own.

    :raises LandingVersionError: if the file's version is newer than this program.
    """
    version = _version(connection)
    if version > VERSION:
        raise LandingVersionError(
            f"landing has schema version {version}, this HEAT knows {VERSION}: "
            "start the newer HEAT that wrote it, or restore an older backup"
        )
    for number in range(version + 1, VERSION + 1):
        connection.begin()
        try:
            connection.execute(MIGRATIONS[number - 1])
            if number == 1:
                set_meta(connection, "epoch", new_epoch())
            set_meta(connection, "schema_version", str(number))
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


def new_epoch() -> str:
    """Name of a new life of the landing store; sequences compare only within one.

    >>> len(new_epoch())
    32
    """
    return uuid.uuid4().hex


def get_meta(connection: duckdb.DuckDBPyConnection, key: str) -> str:
    """One value of ``ops.meta``.

    :raises KeyError: if it is not there.
    """
    row = connection.execute("select value from ops.meta where key = ?", [key]).fetchone()
    if row is None:
        raise KeyError(key)
    return str(row[0])


def set_meta(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Write one value of ``ops.meta``; in the caller's transaction."""
    connection.execute("delete from ops.meta where key = ?", [key])
    connection.execute("insert into ops.meta values (?, ?)", [key, value])


def _version(connection: duckdb.DuckDBPyConnection) -> int:
    known = connection.execute(
        "select count(*) from information_schema.tables "
        "where table_schema = 'ops' and table_name = 'meta'"
    ).fetchone()
    if known is None or known[0] == 0:
        return 0
    return int(get_meta(connection, "schema_version"))
