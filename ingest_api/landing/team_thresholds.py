"""Thresholds as stored: a default set, and what each team changed of it.

A later version adds to the earlier ones' place; the file keeps every version with who and when.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from heat.thresholds import ThresholdError, Thresholds

DEFAULT = "default"


@dataclass(frozen=True)
class TeamThresholds:
    """The sets that hold now.

    :param default: the default set, with what was stored for it.
    :param changes: team id (or ``default``) → dotted keys and values that differ.
    :param teams: team id → resolved set, for every team of the directory.
    """

    default: Thresholds
    changes: dict[str, dict[str, Any]]
    teams: dict[str, Thresholds]

    def of_team(self, team_id: str | None) -> Thresholds:
        """The set of a team; the default one for no team or an unknown one."""
        return self.teams.get(team_id, self.default) if team_id else self.default

    @classmethod
    def load(
        cls,
        connection: duckdb.DuckDBPyConnection,
        defaults: Thresholds,
        team_ids: Iterable[str],
    ) -> "TeamThresholds":
        """Read the newest version of every set.

        :param defaults: from the settings; stored values win over them.
        """
        rows = connection.execute(
            "select team_id, arg_max(changes, version) from ops.thresholds group by team_id"
        ).fetchall()
        changes = {team_id: json.loads(text) for team_id, text in rows}
        default = _merged(defaults, changes.get(DEFAULT, {}))
        teams = {
            team_id: _merged(default, changes[team_id]) if changes.get(team_id) else default
            for team_id in team_ids
        }
        return cls(default, changes, teams)

    def as_json(self) -> dict[str, Any]:
        """The shape of the member ``thresholds`` in the directory that the pipeline pulls."""
        return {
            "default": self.default.flat(),
            "teams": {team_id: resolved.flat() for team_id, resolved in self.teams.items()},
        }


def _merged(base: Thresholds, changes: dict[str, Any]) -> Thresholds:
    try:
        return base.merged(changes)
    except ThresholdError:
        # a default changed under a team's override so that the two no longer fit: the default holds
        return base
