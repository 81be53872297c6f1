"""(d) 100 people × 15 tags × 365 days: bytes per tag, and a home that stays as it is."""

import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from report import Figure

from heat.client import Client
from heat.settings import Settings
from heat.thresholds import Thresholds
from ingest_api.local import running_api
from orchestration import publish
from orchestration.run import refresh

PEOPLE, TAGS_A_DAY, DAYS, SIMULATED = 100, 15, 365, 7
TYPES = ("Feature", "Bug", "Blocker", "Support", "Config", "Research")


def measure() -> list[Figure]:
    """Fill a home through the API, then live a week with its nightly runs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            home=Path(folder), thresholds=Thresholds().merged({"retention.days": 500})
        )
        home = settings.paths.init()
        with running_api(settings) as url, Client(url, home.service_token()) as client:
            today = datetime.now(UTC).date()
            began = time.perf_counter()
            for back in range(DAYS + SIMULATED - 1, SIMULATED - 1, -1):
                post_day(client, today - timedelta(days=back))
            seconds = time.perf_counter() - began
            night(settings, url, client)
            tags = PEOPLE * TAGS_A_DAY * DAYS
            landing = size(home.landing_file.parent) / tags
            whole = size(home.root) / tags
            weeks = [size(home.root)]
            for back in range(SIMULATED - 1, -1, -1):
                post_day(client, today - timedelta(days=back))
                night(settings, url, client)
                weeks.append(size(home.root))
    grown = (weeks[-1] - weeks[0]) / (PEOPLE * TAGS_A_DAY * SIMULATED)
    return [
        Figure("storage", f"{tags:,} tags through the API", seconds, "s"),
        Figure("storage", "landing", landing, "bytes per tag", 200),
        Figure("storage", "whole home", whole, "bytes per tag", 400),
        Figure("storage", "home after 7 days", weeks[-1] / weeks[0], "× before"),
        Figure("storage", "growth over 7 days", grown, "bytes per new tag"),
    ]


def post_day(client: Client, day: date) -> None:
    """Everybody's tags of one day, a batch a person, as an extension would send them."""
    for person in range(PEOPLE):
        tags: list[dict[str, Any]] = []
        for k in range(TAGS_A_DAY):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=20 * k)
            task = (person * 7 + day.toordinal() // 4 + k % 4) % 4_000
            tags.append(
                {
                    "tagId": str(uuid.uuid4()),
                    "taskId": f"P{task // 100}-{task}",
                    "taskTitle": f"Improve the part {task} of the product",
                    "workType": TYPES[(task + k) % 6],
                    "intensity": 1 + (task * k) % 10,
                    "timestamp": int(moment.timestamp() * 1000),
                    "tzOffsetMin": 0,
                    "source": "bench",
                }
            )
        client.post_tags({"userId": f"person-{person:03}@example.org", "tags": tags})


def night(settings: Settings, url: str, client: Client) -> None:
    """What the nightly run does: retention, a full build, and no snapshot older than three."""
    client.retention()
    result = refresh(settings, api_url=url, full=True)
    if result.outcome != "published":
        raise SystemExit(f"{result.stage}: {result.message}")
    publish.prune(settings.paths, now=time.time() + 3_600)


def size(folder: Path) -> int:
    """Bytes of the files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
