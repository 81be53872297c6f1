"""Dagster's definitions, loaded once, with a home of their own."""

import importlib
import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from heat.home import Home


@pytest.fixture(scope="session")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Module ``orchestration.definitions``; seconds of imports, so tests that ask are marked."""
    home = Home(tmp_path_factory.mktemp("definitions")).init()
    before = os.environ.get("HEAT_HOME")
    os.environ["HEAT_HOME"] = str(home.root)
    try:
        with warnings.catch_warnings():
            # of libraries that dagster-dbt draws in
            warnings.simplefilter("ignore")
            yield importlib.import_module("orchestration.definitions").defs
    finally:
        os.environ.pop("HEAT_HOME")
        if before is not None:
            os.environ["HEAT_HOME"] = before
