"""A page that is open shows a new snapshot by itself."""

import time
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.pipeline, pytest.mark.slow]


def test_an_open_page_moves_to_the_new_snapshot_and_keeps_its_address(
    visit: Any, stage: Any, refreshed: Any
) -> None:
    person = stage.company.answers.burnout.user_id
    page = visit.open(f"/status?as={person}")
    with stage.snapshot() as marts:
        ((old,),) = marts.execute("select snapshot_id from meta.snapshot").fetchall()
    assert old in visit.text()
    tag = {
        "taskId": "HEAT-1",
        "workType": "Bug",
        "intensity": 5,
        "timestamp": int(time.time() * 1000),
    }
    with stage.api(person) as api:
        assert api.post_tags({"tags": [tag]})["accepted"] == 1
    new = refreshed()
    page.get_by_text(new).wait_for(timeout=20_000)
    assert old not in visit.text()
    assert page.url.endswith(f"/status?as={person.replace('@', '%40')}")
