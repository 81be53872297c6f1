"""The demo company in a home of its own, made by the real commands, and its API."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from heat.client import Client
from heat.settings import load_settings
from ingest_api.local import running_api


@dataclass(frozen=True)
class Demo:
    """Where its API answers, and the answer sheet of what is planted in it."""

    url: str
    token: str
    answers: dict[str, Any]

    def ask_as(self, user_id: str, path: str) -> dict[str, Any]:
        """Ask the API with the rights of one person."""
        with Client(self.url, self.token, on_behalf_of=user_id) as client:
            return client.get(path)

    def manager_of(self, team_id: str) -> str:
        """Whoever manages a team."""
        with Client(self.url, self.token) as client:
            managers = client.directory()["managers"]
        return str(next(one["userId"] for one in managers if one["teamId"] == team_id))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home = tmp_path_factory.mktemp("demo") / "home"
    environment = os.environ | {"HEAT_HOME": str(home)}

    def heat(*words: str) -> str:
        command = [Path(sys.executable).with_name("heat"), *words]
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        ).stdout

    answers = json.loads(heat("demo", "--json"))["answers"]
    heat("refresh")
    settings = load_settings(home)
    with running_api(settings) as url:
        yield Demo(url, settings.paths.service_token(), answers)
