"""HEAT's ground floor: settings, vocabulary, thresholds, the home, snapshots, client, CLI.

Nothing in here imports the rooms above it; only :mod:`heat.cli` may, inside a command.
"""

__version__ = "0.1.0"
