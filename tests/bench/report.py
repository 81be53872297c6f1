"""What a bench says: figures with their goals, as a table and as JSON."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One measured number; ``goal`` is the most it should be, ``None`` where there is none."""

    bench: str
    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.value <= self.goal


def show(figures: list[Figure]) -> None:
    """Print the table."""
    table = Table(title="HEAT bench", title_justify="left")
    for heading, justify in (
        ("bench", "left"),
        ("figure", "left"),
        ("measured", "right"),
        ("unit", "left"),
        ("goal", "right"),
        ("", "left"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for figure in figures:
        goal = "" if figure.goal is None else f"≤ {figure.goal:g}"
        mark = {None: "", True: "met", False: "missed"}[figure.met]
        table.add_row(figure.bench, figure.name, f"{figure.value:,.3g}", figure.unit, goal, mark)
    Console(width=130).print(table)


def save(figures: list[Figure]) -> Path:
    """Write the figures, and what they were measured on, to ``results/``."""
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = RESULTS / f"{now:%Y%m%dT%H%M%S}.json"
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    rows = [asdict(figure) | {"met": figure.met} for figure in figures]
    path.write_text(
        json.dumps({"measuredAt": now.isoformat(), "machine": machine, "figures": rows}, indent=2)
    )
    return path
