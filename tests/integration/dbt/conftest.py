"""Warehouses to write into, and the models parsed once for all tests here."""

import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from written_warehouse import WrittenWarehouse

from heat.home import Home
from heat.thresholds import Thresholds
from orchestration import build
from orchestration.warehouse import prepare


@pytest.fixture(scope="session")
def parsed_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a manifest of the models, wherever it came from."""
    return build.manifest_file(Home(tmp_path_factory.mktemp("parsed")).init()).parent


@pytest.fixture(scope="session")
def new_warehouse(
    tmp_path_factory: pytest.TempPathFactory, parsed_models: Path
) -> Callable[[], WrittenWarehouse]:
    """Make a home whose warehouse has every table of ``raw``, empty but for the default limits."""

    def make() -> WrittenWarehouse:
        home = Home(tmp_path_factory.mktemp("home")).init()
        prepare(home)
        target = home.warehouse_file.parent / "dbt"
        target.mkdir()
        for name in ("manifest.json", "partial_parse.msgpack"):
            shutil.copy2(parsed_models / name, target / name)
        made = WrittenWarehouse(home)
        made.write_thresholds({"default": Thresholds()})
        made.run_as_of(date(2026, 3, 31))
        return made

    return make
