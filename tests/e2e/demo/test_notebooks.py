"""Every notebook runs from top to bottom, as an analyst would run it."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

pytestmark = [pytest.mark.pipeline, pytest.mark.process]

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
# the kernel's own libraries: zmq warns about a socket that outlives its loop
@pytest.mark.filterwarnings("default")
def test_a_notebook_runs_top_to_bottom(
    demo: Any, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from heat.client import Client

    manager = demo.manager_of(demo.answers["burnout"]["teamId"])
    with Client(demo.url, demo.token) as service:
        token = service.create_token(manager, "manager")["token"]
    monkeypatch.setenv("HEAT_URL", demo.url)
    monkeypatch.setenv("HEAT_TOKEN", token)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert len(outputs) >= 5
