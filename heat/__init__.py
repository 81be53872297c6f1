"""HEAT's ground floor: settings, vocabulary, thresholds, the home, snapshots, client, CLI.

Nothing in here imports the rooms above it; only :mod:`heat.cli` may, inside a command.
Analysts begin with :func:`heat.open`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heat.desk import open_desk as open

__version__ = "0.1.0"
__all__ = ["open"]


def __getattr__(name: str) -> Any:
    # Late: the command line and the API should not pay for Polars to learn the version.
    if name == "open":
        from heat.desk import open_desk

        return open_desk
    raise AttributeError(f"module 'heat' has no attribute {name!r}")
