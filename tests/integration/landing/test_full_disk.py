"""A disk that is full and then free again: 503 meanwhile, nothing half stored, no help needed."""

import signal
import threading
import time
import uuid

import pytest

from heat.client import ApiError, Client

# a limit on the size of files stands for the full disk; SIGUSR1 sets it, SIGUSR2 lifts it
_SMALL_DISK = """
import os, resource, signal
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def _limit(size):
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
signal.signal(signal.SIGUSR1, lambda *_: _limit(%d))
signal.signal(signal.SIGUSR2, lambda *_: _limit(resource.RLIM_INFINITY))
"""


def _body(count=50):
    now = int(time.time() * 1000)
    tags = [
        {
            "tagId": str(uuid.uuid4()),
            "taskId": "HEAT-1",
            "taskTitle": uuid.uuid4().hex * 8,
            "workType": "Bug",
            "intensity": 4,
            "timestamp": now,
        }
        for _ in range(count)
    ]
    return {"userId": "ann", "tags": tags}


@pytest.mark.process
def test_a_full_disk_is_answered_503_and_all_is_well_when_it_is_free_again(home, api_process):
    api = api_process(prelude=_SMALL_DISK % 100_000).started()
    stored, refused = set(), []
    with Client(api.url, home.service_token()) as client:
        client.post_tags(_body())
        api.process.send_signal(signal.SIGUSR1)
        for _ in range(12):
            body = _body()
            try:
                answer = client.post_tags(body)
            except ApiError as error:
                refused.append((body, error))
            else:
                stored |= {each["tagId"] for each in answer["results"]}
        assert refused
        assert {error.status for _, error in refused} == {503}
        assert all(error.retry_after for _, error in refused)
        assert client.status()["ledger"]["residual"] == 0

        api.process.send_signal(signal.SIGUSR2)
        for body, _ in refused:
            answer = client.post_tags(body)
            assert answer["accepted"] == len(body["tags"])
            stored |= {each["tagId"] for each in answer["results"]}
        assert client.ledger()["residual"] == 0
        landed = client.pull_tags().table.column("tag_id").to_pylist()
    assert stored <= set(landed)
    assert len(landed) == len(set(landed))
    assert api.end() == 0


@pytest.mark.process
def test_reads_go_on_while_uploads_wait_for_the_disk(home, api_process):
    api = api_process().started()
    slow = []

    def read():
        with Client(api.url, home.service_token()) as client:
            for _ in range(20):
                begun = time.perf_counter()
                client.pull_tags()
                slow.append(time.perf_counter() - begun)

    reader = threading.Thread(target=read)
    reader.start()
    with Client(api.url, home.service_token()) as client:
        for _ in range(20):
            client.post_tags(_body(100))
    reader.join(60)
    assert len(slow) == 20
