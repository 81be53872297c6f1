"""The pipeline against the real API, over HTTP: what people say is what readers see."""

import time
from typing import Any

import pytest
from hand_made_marts import rows

from heat.client import Client
from heat.snapshot import current_snapshot
from ingest_api.local import running_api

pytestmark = [pytest.mark.pipeline, pytest.mark.usefixtures("audit_here")]

DAY_MS = 86_400_000


def uploaded(api: Client, user: str, number: int, *, days_ago: int = 0) -> list[str]:
    moment = int(time.time() * 1000) - days_ago * DAY_MS
    tags = [
        {"taskId": f"HEAT-{n}", "workType": "Bug", "intensity": 1 + n, "timestamp": moment}
        for n in range(number)
    ]
    answer = api.post_tags({"userId": user, "tags": tags})
    return [result["tagId"] for result in answer["results"]]


def test_uploads_corrections_and_withdrawals_reach_the_snapshot(pipeline: Any) -> None:
    home = pipeline.home
    with running_api(pipeline.settings) as url, Client(url, home.service_token()) as api:
        kept, corrected, withdrawn = uploaded(api, "ann@example.org", 3)
        assert pipeline.refresh(api_url=url).outcome == "published"
        with Client(url, home.service_token(), on_behalf_of="ann@example.org") as ann:
            ann.request(
                "PATCH", f"/api/v1/tags/ann@example.org/{corrected}", body={"intensity": 10}
            )
            ann.request("DELETE", f"/api/v1/tags/ann@example.org/{withdrawn}")
        result = pipeline.refresh(api_url=url)
    assert result.outcome == "published", result.message
    assert result.rows == 2
    found = rows(current_snapshot(home), "select tag_id, intensity from marts.fct_tags")
    assert sorted(found) == sorted([(kept, 1), (corrected, 10)])


def test_retention_reaches_the_snapshot(pipeline: Any) -> None:
    home = pipeline.home
    with running_api(pipeline.settings) as url, Client(url, home.service_token()) as api:
        uploaded(api, "ann@example.org", 1, days_ago=80)
        uploaded(api, "ann@example.org", 2)
        assert pipeline.refresh(api_url=url).outcome == "published"
    shorter = pipeline.settings.thresholds.merged({"retention.days": 30})
    settings = pipeline.settings.model_copy(update={"thresholds": shorter})
    with running_api(settings) as url, Client(url, home.service_token()) as api:
        assert api.retention()["removed"] == 1
        result = pipeline.refresh(api_url=url)
    assert result.outcome == "published", result.message
    assert rows(current_snapshot(home), "select count(*) from marts.fct_tags") == [(2,)]
