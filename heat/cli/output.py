"""How commands speak: tables for people, JSON for programs, a progress bar on a terminal."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def say(text: str) -> None:
    """One line for a person, beside the command's result."""
    click.echo(text, err=True)


def print_json(value: Any) -> None:
    """One JSON document, and nothing else, on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Aligned columns: numbers to the right, texts to the left.

    >>> print_table(["what", "tags"], [["stored", 12], ["rejected", 3]])
    what      tags
    stored      12
    rejected     3
    """
    shown = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *shown, strict=True)]
    right = [
        bool(rows) and all(isinstance(row[n], int) for row in rows) for n in range(len(widths))
    ]
    for line in [list(columns), *shown]:
        cells = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        )
        click.echo("  ".join(cells).rstrip())


class Progress(Protocol):
    """Somebody who hears how far it is."""

    def __call__(self, done: int) -> None:
        """So many more are done."""


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """A bar on a terminal, silence elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(what, total=total)
        yield lambda done: bars.advance(bar, done)
