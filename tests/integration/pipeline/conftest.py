"""A home, a landing that tests can steer, and the models parsed once for all tests here."""

import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pyarrow as pa
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from landing_server import FakeLanding, serving

from heat.client import Client
from heat.home import Home
from heat.settings import Settings
from orchestration import audit, build, expectations
from orchestration.run import RunResult, refresh
from orchestration.steps import Check


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").init()


@pytest.fixture
def settings(home: Home) -> Settings:
    return Settings(home=home.root)


@pytest.fixture
def landing() -> FakeLanding:
    return FakeLanding()


@pytest.fixture
def url(landing: FakeLanding) -> Iterator[str]:
    with serving(landing) as address:
        yield address


@pytest.fixture
def api(url: str, home: Home) -> Iterator[Client]:
    with Client(url, home.service_token()) as client:
        yield client


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a manifest of the models, wherever it came from."""
    return build.manifest_file(Home(tmp_path_factory.mktemp("parsed")).init()).parent


class AuditHere:
    """The audit process without the process: the suite is imported once for all tests."""

    def __init__(self, _: Home) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, rows: pa.RecordBatchReader) -> list[Check]:
        # warnings of the libraries that the suite draws in are not ours
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return expectations.check(rows)


@pytest.fixture
def audit_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ExpectationProcess", AuditHere)


@pytest.fixture
def pipeline(settings: Settings, url: str, parsed: Path) -> Any:
    """The whole pipeline with dbt and Great Expectations: ``pipeline.refresh()``."""
    target = settings.paths.warehouse_file.parent / "dbt"
    target.mkdir()
    for name in ("manifest.json", "partial_parse.msgpack"):
        shutil.copy2(parsed / name, target / name)

    def run(**options: Any) -> RunResult:
        return refresh(settings, **{"api_url": url, **options})

    return SimpleNamespace(refresh=run, home=settings.paths, settings=settings)
