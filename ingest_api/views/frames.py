"""Marts as Arrow tables, rows limited to the viewer and to what was asked for.

The question and its rights; which rows of which mart are somebody's to see is said in
:mod:`ingest_api.views.frame_rows`.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from heat.schema import MARTS
from ingest_api.access import Span
from ingest_api.problems import Problem
from ingest_api.views.frame_rows import SCHEMAS, Scope, rows_of
from ingest_api.views.period import ends_of
from ingest_api.views.sources import Question


class FrameView:
    """``GET /frames/{mart}``.

    :param asked: ``team``, ``user``, and the period; each narrows.
    :raises Problem: 404 for an unknown mart, and for a team or person of whom the viewer may see
        nothing, as for an unknown one.
    """

    def __init__(self, question: Question, mart: str, asked: Mapping[str, str]) -> None:
        if mart not in MARTS:
            raise Problem(404, f"no mart {mart[:100]!r}; there are {', '.join(sorted(MARTS))}")
        access = question.access
        user_id = asked["user"].lower() if "user" in asked else None
        if user_id is not None and access.sight(user_id) is None:
            raise Problem.not_found()
        team_id = asked.get("team")
        if team_id is not None and not (access.group(team_id) or team_id in access.own_teams):
            raise Problem.not_found()
        self.question = question
        self.scope = Scope(mart, access, Span.of(*ends_of(asked)), team_id, user_id)

    def table(self) -> pa.Table:
        """The rows, in the columns and types of the contract; none before the first snapshot."""
        schema = SCHEMAS[self.scope.mart]
        if self.question.snapshot is None:
            return schema.empty_table()
        return rows_of(self.scope, self.question.snapshot).cast(schema)

    @staticmethod
    def subjects_in(table: pa.Table) -> list[str]:
        """Whose rows a table carries."""
        for name in ("user_id", "top_owner"):
            if name in table.column_names:
                return [user_id for user_id in pc.unique(table[name]).to_pylist() if user_id]
        return []
