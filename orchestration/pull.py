"""Pull: what landed since the last time, over HTTP, into schema ``raw`` of the warehouse.

The cursor is written in the transaction that inserts, so a crash at any point neither skips nor
doubles an event. Landing itself is never opened here.
"""

from datetime import date

import duckdb
import pyarrow as pa

from heat.client import ApiError, Client, TagEvents
from heat.home import Home
from heat.vocabulary import EventKind
from orchestration.directory import Calendar, directory_hash, replace_rows, write_directory
from orchestration.steps import Pulled, StepError
from orchestration.warehouse import forget, prepare, warehouse

BATCH = 100_000
"""Events per request: some 12 MB on the wire."""

ROUNDS = 5
"""How often one pull follows a landing that keeps moving under it."""


CONFLICT = 409
"""Status with which the stream refuses another epoch."""


class EpochChangedError(RuntimeError):
    """Landing is not the one that the pull began with."""


def pull(home: Home, api: Client, *, run_id: str, calendar: Calendar, full: bool = False) -> Pulled:
    """Bring the warehouse up to landing's newest event.

    :param full: throw the warehouse away first and pull everything.
    :raises StepError: if the API does not answer, refuses, or changes its epoch again and again.
    """
    started_over = full
    for _ in range(ROUNDS):
        if full:
            forget(home)
        prepare(home)
        try:
            return _pull(home, api, run_id, calendar, started_over=started_over)
        except EpochChangedError:
            # restored or erased: what was pulled describes another landing
            started_over = full = True
        except ApiError as error:
            raise StepError(str(error)) from error
    raise StepError("landing changed its epoch during every attempt to pull; run it again")


def _pull(
    home: Home, api: Client, run_id: str, calendar: Calendar, *, started_over: bool
) -> Pulled:
    with warehouse(home) as connection:
        head = api.head()
        epoch, after, cutoff = _state(connection) or (head["epoch"], 0, None)
        if epoch != head["epoch"] or head["seq"] < after:
            raise EpochChangedError(head["epoch"])
        connection.begin()
        seq = after
        for _ in range(ROUNDS):
            seq, cutoff = _append(connection, api, epoch, seq, cutoff)
            ledger = api.ledger(up_to=seq)
            if ledger["epoch"] != epoch:
                raise EpochChangedError(ledger["epoch"])
            # a cut-off applied since the last answer is in the ledger, but not yet in raw
            if ledger["events"] == _count(connection) or api.head()["seq"] == seq:
                break
        directory = api.directory()
        as_of_day = write_directory(connection, directory, calendar)
        rows = _count(connection, after)
        replace_rows(
            connection,
            "ledger",
            [(epoch, seq, ledger["events"], ledger["inForce"], ledger["inForceIntensity"])],
        )
        state = (
            epoch,
            seq,
            cutoff,
            directory["configVersion"],
            directory_hash(directory),
            calendar.moment,
        )
        replace_rows(connection, "pull_state", [state])
        fixed = calendar.fixed is not None
        replace_rows(connection, "run", [(run_id, calendar.moment, as_of_day, fixed)])
        connection.commit()
    return Pulled(epoch, seq, rows, directory["configVersion"], started_over, as_of_day)


def _state(connection: duckdb.DuckDBPyConnection) -> tuple[str, int, date | None] | None:
    rows = connection.execute("select epoch, seq, cutoff_day from raw.pull_state").fetchall()
    return rows[0] if rows else None


def _count(connection: duckdb.DuckDBPyConnection, after: int = 0) -> int:
    query = "select count(*) from raw.tag_events where seq > ?"
    ((count,),) = connection.execute(query, [after]).fetchall()
    return int(count)


def _append(
    connection: duckdb.DuckDBPyConnection,
    api: Client,
    epoch: str,
    after: int,
    cutoff: date | None,
) -> tuple[int, date | None]:
    """Add every event after a sequence; returns the last one and the cut-off then in force."""
    more = True
    while more:
        batch = _events(api, epoch, after)
        if batch.table.num_rows:
            for seq, day in _insert(connection, batch.table):
                cutoff = day if cutoff is None else max(cutoff, day)
                _apply_cutoff(connection, seq, day)
        after, more = max(after, batch.last_seq), batch.more
    return after, cutoff


def _events(api: Client, epoch: str, after: int) -> TagEvents:
    try:
        return api.pull_tags(epoch=epoch, after=after, limit=BATCH)
    except ApiError as error:
        if error.status == CONFLICT:
            raise EpochChangedError(epoch) from error
        raise


def _insert(connection: duckdb.DuckDBPyConnection, table: pa.Table) -> list[tuple[int, date]]:
    """Add the events; returns the cut-offs among them: sequence and first day kept."""
    connection.register("landed", table)
    connection.execute(
        "insert into raw.tag_events by name select * from landed where kind is distinct from ?",
        [EventKind.CUTOFF],
    )
    cutoffs = connection.execute(
        "select seq, local_day from landed where kind = ? order by seq", [EventKind.CUTOFF]
    ).fetchall()
    connection.unregister("landed")
    return cutoffs


def _apply_cutoff(connection: duckdb.DuckDBPyConnection, seq: int, day: date) -> None:
    """Remove what was older when it was cut, and the whole history of a tag moved to such a day.

    Removing only the older rows would bring back what such a tag said before its correction.
    What landed after the cut stays: a longer retention may have let older days in again.
    """
    parameters = {"seq": seq, "day": day}
    ((is_any,),) = connection.execute(
        "select count(*) > 0 from raw.tag_events where seq < $seq and local_day < $day", parameters
    ).fetchall()
    if not is_any:
        return
    connection.execute(
        """
        delete from raw.tag_events
        where seq < $seq and (local_day < $day or (user_id, tag_id) in (
            select (user_id, tag_id)
            from raw.tag_events
            where seq < $seq
            group by user_id, tag_id
            having arg_max(local_day, seq) < $day
        ))
        """,
        parameters,
    )
