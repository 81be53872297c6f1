"""kill -9 under load: what was acknowledged is there, and the ledger closes."""

import threading
import time
import uuid

import pytest

from heat.client import ApiError, Client
from heat.home import Home

KILLS = 10
CLIENTS = 6


class Uploader(threading.Thread):
    """Sends tags without end and remembers which were acknowledged."""

    def __init__(self, url: str, token: str, user_id: str) -> None:
        super().__init__()
        self.stopped = threading.Event()
        self.acknowledged: set[str] = set()
        self._client = Client(url, token, timeout=10)
        self._user_id = user_id

    def run(self) -> None:
        size = 0
        while not self.stopped.is_set():
            size = size % 7 + 1
            tags = [_tag() for _ in range(size)]
            # every third batch carries one that is rejected
            body = {"userId": self._user_id, "tags": tags + [{}] * (size % 3 == 0)}
            try:
                answer = self._client.post_tags(body)
            except ApiError:
                break
            results = answer["results"]
            self.acknowledged |= {each["tagId"] for each in results if each["status"] == "stored"}
        self._client.close()


def _tag() -> dict[str, object]:
    return {
        "tagId": str(uuid.uuid4()),
        "taskId": "HEAT-1",
        "workType": "Bug",
        "intensity": 4,
        "timestamp": int(time.time() * 1000),
    }


@pytest.mark.process
def test_ten_kills_under_load_lose_no_acknowledged_tag(home: Home, api_process) -> None:
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        api = api_process().started()
        uploaders = [
            Uploader(api.url, home.service_token(), f"user-{number}") for number in range(CLIENTS)
        ]
        for uploader in uploaders:
            uploader.start()
        time.sleep(0.4)
        api.kill()
        for uploader in uploaders:
            uploader.stopped.set()
            uploader.join(30)
            acknowledged |= uploader.acknowledged
        assert any(uploader.acknowledged for uploader in uploaders)

    api = api_process().started()
    with Client(api.url, home.service_token()) as client:
        events = client.pull_tags(limit=1_000_000)
        ledger = client.ledger()
        status = client.status()
    landed = events.table.column("tag_id").to_pylist()
    numbers = events.table.column("seq").to_pylist()
    assert acknowledged <= set(landed)
    assert len(landed) == len(set(landed))
    assert numbers == list(range(1, len(numbers) + 1))
    assert ledger["residual"] == 0
    assert status["ledger"]["rejected"] > 0
    assert api.end() == 0
