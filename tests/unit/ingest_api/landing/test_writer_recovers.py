"""The writer thread: commits that fail, a thread that dies, a queue that is full."""

import ctypes
import threading
import time

import duckdb
import pytest

from heat.vocabulary import Verdict
from ingest_api.landing import Unavailable, reads
from ingest_api.landing import writer as writer_module
from ingest_api.landing.events import Batch
from ingest_api.landing.validation import read_tag


class _Failing:
    """The writing connection, with commits that fail while ``fails`` says so."""

    def __init__(self, connection, fails):
        self._connection = connection
        self._fails = fails
        self.commits = 0

    def commit(self):
        self.commits += 1
        if self._fails(self.commits):
            raise duckdb.IOException("No space left on device")
        self._connection.commit()

    def __getattr__(self, name):
        return getattr(self._connection, name)


@pytest.fixture
def fail_commits(landing):
    """Let commits fail; the argument says which, counted from 1."""

    def start(fails):
        landing.land(Batch())
        database = landing._database
        database._writer = _Failing(database._writer, fails)
        return database._writer

    return start


@pytest.fixture
def batch(tag):
    return lambda count=1: Batch([read_tag(tag(), "ann", 2**42) for _ in range(count)])


def _land_together(landing, batches):
    """Hand over batches while the writer is busy, so that they form one group."""
    held, go = threading.Event(), threading.Event()
    results = {}

    def hold(_connection, _events):
        held.set()
        go.wait(10)

    def send(number, one):
        try:
            results[number] = landing.land(one).verdicts
        except Unavailable as reason:
            results[number] = reason

    threads = [threading.Thread(target=landing.change, args=(hold,), kwargs={"reloads": False})]
    threads[0].start()
    held.wait(10)
    threads += [threading.Thread(target=send, args=each) for each in enumerate(batches)]
    for thread in threads[1:]:
        thread.start()
    while len(landing._writer._queue) < len(batches):
        time.sleep(0.001)
    go.set()
    for thread in threads:
        thread.join()
    return results


def test_a_group_whose_commit_fails_is_tried_again_batch_by_batch(
    landing, batch, fail_commits, residual
):
    # commit 1 is the change that makes the others wait, 2 the group, 3… the single batches
    connection = fail_commits(lambda number: number in {2, 4})

    results = _land_together(landing, [batch(), batch(), batch()])

    assert connection.commits == 5
    failed = [each for each in results.values() if isinstance(each, Unavailable)]
    assert len(failed) == 1
    assert [each for each in results.values() if each not in failed] == [[Verdict.STORED]] * 2
    assert reads.ledger(landing.cursor()).on_disk == 2
    assert residual() == 0


def test_while_nothing_can_be_committed_the_answer_is_503_and_then_all_is_well_again(
    landing, ann, tag, fail_commits, residual
):
    is_full = True
    fail_commits(lambda _: is_full)
    one = tag()

    refused = ann.upload(one)
    not_ready = ann.http.get("/readyz")
    is_full = False
    taken = ann.upload(one)

    assert refused.status_code == not_ready.status_code == 503
    assert refused.headers["Retry-After"] == "1"
    assert refused.mimetype == "application/problem+json"
    assert taken.json["results"][0]["status"] == "stored"
    assert ann.http.get("/readyz").status_code == 200
    assert residual() == 0


def test_an_instance_that_broke_is_opened_anew_without_losing_the_upload(
    landing, ann, tag, residual
):
    cursor = landing.cursor()
    # DuckDB refuses every statement of an instance after a failed checkpoint, like a closed one
    landing._database._writer.close()
    landing._database._root.close()

    assert ann.verdicts(tag()) == ["stored"]
    assert landing.cursor() is not cursor
    assert ann.verdicts(tag()) == ["stored"]
    assert residual() == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_killed_writer_thread_is_started_anew(landing, batch, residual):
    landing.land(batch())
    thread = landing._writer._thread
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
    )

    # raised at the thread's next instruction, to which an upload wakes it
    landed = [landing.land(batch()).verdicts for _ in range(3)]

    assert landed == [[Verdict.STORED]] * 3
    assert landing._writer._thread is not thread
    assert not thread.is_alive()
    assert landing._writer.is_alive()
    assert residual() == 0


def test_a_full_queue_says_come_again(landing, batch, monkeypatch):
    monkeypatch.setattr(writer_module, "QUEUE_LIMIT", 0)
    with pytest.raises(Unavailable, match="too many"):
        landing.land(batch())


def test_numbers_are_never_used_twice_even_if_their_rows_are_gone(settings, landing, batch):
    landing.land(batch(3))
    landing.change(lambda connection, _: connection.execute("delete from ops.tag_events"))
    landing.land(batch(2))
    rows = landing.cursor().execute("select seq from ops.tag_events order by 1").fetchall()
    assert rows == [(4,), (5,)]
