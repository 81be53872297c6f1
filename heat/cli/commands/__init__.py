"""The commands, one module per group; :mod:`heat.cli` puts them together."""
