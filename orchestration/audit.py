"""Audit of what landed: which new rows are asked about, by whom, and what the answer means.

The suite itself is in :mod:`orchestration.expectations` and runs in a process of its own.
Ranges, sets, uniqueness and offsets block; freshness and volume only warn.
"""

import contextlib
import json
import os
import subprocess
import sys
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from heat.home import Home
from orchestration.build import load_dbt
from orchestration.directory import replace_rows
from orchestration.steps import Check, StepError
from orchestration.warehouse import warehouse

CHUNK = 250_000
"""Rows per question: pandas needs about 1 kB for each."""

TIMEOUT = 600.0
"""Seconds after which an audit that does not answer counts as failed."""

STALE_HOURS = 72
"""Hours without any tag after which freshness warns; a weekend is no warning."""

SMALL_WEEK = 20
"""Weeks with fewer tags than this say nothing about volume."""

FRAME = """
with

newest as (
    -- a tag that was corrected or withdrawn since is judged by what it says now
    select tag_events.*
    from raw.tag_events
    where
        tag_events.seq > $after and tag_events.seq <= $last
        and not exists (
            select 1
            from raw.tag_events as later
            where
                later.user_id = tag_events.user_id and later.tag_id = tag_events.tag_id
                and later.seq > tag_events.seq
        )
        and tag_events.kind is distinct from 'withdrawn'
),

uploads as (
    select user_id, tag_id, count(*) filter (where kind = 'stored') as times_stored
    from raw.tag_events
    where (user_id, tag_id) in (select (user_id, tag_id) from newest)
    group by user_id, tag_id
)

select
    newest.seq,
    newest.kind,
    newest.user_id,
    cast(newest.tag_id as varchar) as tag_id,
    newest.task_scope,
    newest.task_id,
    newest.work_type,
    newest.intensity,
    newest.tagged_at,
    newest.tz_offset_min,
    newest.local_day,
    newest.ingested_at,
    length(newest.user_id) as user_id_length,
    length(newest.task_id) as task_id_length,
    len(coalesce(newest.labels, [])) as label_count,
    uploads.times_stored,
    date_diff('second', newest.ingested_at, newest.tagged_at) / 3600.0 as hours_ahead,
    cast(
        (newest.tagged_at at time zone 'UTC') + to_minutes(cast(newest.tz_offset_min as bigint))
        as date
    ) as day_by_offset
from newest
left join uploads
    on newest.user_id = uploads.user_id and newest.tag_id = uploads.tag_id
order by newest.seq
"""
"""Rows that the suite is asked about: newest events after one sequence, up to another."""

FRESHNESS = """
select count(*), date_diff('hour', max(ingested_at), $now) from raw.tag_events
"""

VOLUME = """
with weeks as (
    select date_diff('day', local_day, $today) // 7 as weeks_ago, count(*) as tags
    from raw.tag_events
    where local_day <= $today and local_day > $today - 35
    group by all
)
select
    coalesce(max(tags) filter (where weeks_ago = 0), 0),
    coalesce(median(tags) filter (where weeks_ago > 0), 0)
from weeks
"""


def audit_landed(home: Home, *, everything: bool = False) -> list[Check]:
    """Audit the rows that no earlier audit has passed, and remember how far it went.

    :param everything: ask about all rows again.
    :returns: every check, failed ones included; nothing is remembered unless all passed.
    :raises StepError: if the audit itself could not be done.
    """
    with warehouse(home) as connection:
        epoch, last = _pulled(connection)
        after = 0 if everything else _audited(connection, epoch)
        question = {"after": after, "last": last}
        ((rows,),) = connection.execute(
            f"select count(*) from ({FRAME})",  # noqa: S608 (our own text)
            question,
        ).fetchall()
        checks: list[Check] = []
        if rows:
            with ExpectationProcess(home) as process:
                load_dbt()
                reader = connection.execute(FRAME, question).to_arrow_reader(CHUNK)
                checks = process.ask(reader)
        if all(check.passed for check in checks):
            replace_rows(connection, "audit_state", [(epoch, last)])
        return [*checks, *_warnings(connection)]


def _pulled(connection: duckdb.DuckDBPyConnection) -> tuple[str, int]:
    ((epoch, seq),) = connection.execute("select epoch, seq from raw.pull_state").fetchall()
    return epoch, seq


def _audited(connection: duckdb.DuckDBPyConnection, epoch: str) -> int:
    rows = connection.execute("select seq from raw.audit_state where epoch = ?", [epoch]).fetchall()
    return int(rows[0][0]) if rows else 0


def _warnings(connection: duckdb.DuckDBPyConnection) -> list[Check]:
    """Freshness and volume of what landed; a fixed as-of day looks back and is asked neither."""
    run = connection.execute("select run_at, as_of_day, is_fixed_as_of from raw.run").fetchall()
    ((now, today, is_fixed),) = run
    if is_fixed:
        return []
    ((tags, hours),) = connection.execute(FRESHNESS, {"now": now}).fetchall()
    ((this_week, usual),) = connection.execute(VOLUME, {"today": today}).fetchall()
    fresh = Check(
        "freshness",
        tags == 0 or hours < STALE_HOURS,
        f"the newest tag arrived {hours} h ago" if tags else "no tag has arrived yet",
        blocking=False,
        counts={"hours": float(hours or 0)},
    )
    volume = Check(
        "volume",
        usual < SMALL_WEEK or this_week >= usual / 2,
        f"{this_week} tags in the last 7 days, {usual:.0f} in the median week before",
        blocking=False,
        counts={"tags": float(this_week), "usual": float(usual)},
    )
    return [fresh, volume]


class ExpectationProcess:
    """The Great Expectations process of one run: started early, asked once, ended always."""

    def __init__(self, home: Home) -> None:
        self._log = (home.logs / "expectations.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.expectations"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=home.tmp,
            env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
        )

    def ask(self, rows: pa.RecordBatchReader) -> list[Check]:
        """Put the suite's questions about some rows, batch by batch.

        :raises StepError: if the process dies or does not answer.
        """
        assert self._process.stdin is not None  # noqa: S101 (a pipe was asked for)
        try:
            with pa.ipc.new_stream(self._process.stdin, rows.schema) as writer:
                for batch in rows:
                    writer.write_batch(batch)
            answer, _ = self._process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise StepError(f"the audit of landed rows took over {TIMEOUT:.0f} s") from None
        except BrokenPipeError:
            raise StepError(f"the audit of landed rows ended early; see {self._log.name}") from None
        if self._process.returncode != 0:
            raise StepError(f"the audit of landed rows failed; see {self._log.name}")
        return [Check(**each) for each in json.loads(answer)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._process.communicate()
        self._log.close()
