"""One landing store on disk and the real app over it, for the tests of the landing half."""

import itertools
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from heat.home import Home
from heat.settings import Settings
from heat.thresholds import Thresholds
from ingest_api import create_app
from ingest_api.landing import Landing, reads

_numbers = itertools.count(1)


def _tag(**changes: Any) -> dict[str, Any]:
    """A valid tag, unlike every other one, with some fields changed (``None`` removes one)."""
    number = next(_numbers)
    whole = {
        "tagId": f"00000000-0000-7000-8000-{number:012x}",
        "taskId": f"HEAT-{number}",
        "taskTitle": "Make it work",
        "workType": "Feature",
        "intensity": 5,
        "timestamp": int(time.time() * 1000) - 60_000,
        "tzOffsetMin": 0,
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.fixture(scope="session")
def tag() -> Callable[..., dict[str, Any]]:
    """Maker of valid tags, each unlike every other; ``None`` removes a field."""
    return _tag


class Person:
    """A client of the app with one token."""

    def __init__(self, http: FlaskClient, token: str) -> None:
        self.http = http
        self.token = token
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, method: str, path: str, **options: Any) -> Any:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.http.open(path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)

    def upload(self, *tags: Any, **body: Any) -> Any:
        return self.send("POST", "/api/v1/tags", json={"tags": list(tags), **body})

    def verdicts(self, *tags: Any, **body: Any) -> list[str]:
        return [result["status"] for result in self.upload(*tags, **body).json["results"]]


@pytest.fixture(scope="session")
def blank_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("blank") / "home").init()
    Landing(home, Thresholds()).close()
    return home.root


@pytest.fixture
def home(tmp_path: Path, blank_home: Path) -> Home:
    # a copy of an empty store: making one anew would cost each test a dozen syncs of the disk
    shutil.copytree(blank_home, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture
def settings(home: Home) -> Settings:
    return Settings(home=home.root)


@pytest.fixture
def landing(settings: Settings) -> Iterator[Landing]:
    with Landing(settings.paths, settings.thresholds) as landing:
        yield landing


@pytest.fixture
def service(settings: Settings, landing: Landing) -> Person:
    http = create_app(settings, landing).test_client()
    return Person(http, settings.paths.service_token())


@pytest.fixture
def person(service: Person) -> Callable[..., Person]:
    def make(user_id: str = "ann@example.org", role: str = "developer", **more: Any) -> Person:
        body = {"userId": user_id, "role": role, **more}
        made = service.send("POST", "/api/v1/tokens", json=body)
        assert made.status_code == 201, made.text
        return Person(service.http, made.json["token"])

    return make


@pytest.fixture
def ann(person: Callable[..., Person]) -> Person:
    return person()


@pytest.fixture
def residual(landing: Landing) -> Callable[[], int]:
    return lambda: reads.ledger(landing.cursor()).residual
