"""The analyst's desk: the marts as Polars frames, through the API, with the viewer's rights.

``heat.open()`` gives a :class:`Desk`; every method asks the API anew, so rights and numbers are
those of this moment. Nothing here computes a metric.
"""

import os
from datetime import date
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from heat.client import Client
from heat.schema import MARTS
from heat.settings import load_settings


class Desk:
    """Everything the marts know and the viewer may see.

    Made by :func:`heat.open`. Days are local days, intensities whole numbers, shares 0..1.
    """

    def __init__(self, client: Client) -> None:
        self.client = client

    def me(self) -> dict[str, Any]:
        """Who the token speaks for: ``userId``, ``role``, ``teams`` and what they may see."""
        return self.client.me()

    def tags(self, **filters: Any) -> pl.DataFrame:
        """Tags in force, one row per tag (``fct_tags``)."""
        return self.mart("fct_tags", **filters)

    def daily_intensity(self, **filters: Any) -> pl.DataFrame:
        """One row per person and tagged local day (``fct_daily_intensity``)."""
        return self.mart("fct_daily_intensity", **filters)

    def streaks(self, **filters: Any) -> pl.DataFrame:
        """Runs of consecutive days on one task and work type, of every length (``fct_streaks``)."""
        return self.mart("fct_streaks", **filters)

    def bus_factor(self, **filters: Any) -> pl.DataFrame:
        """One row per area and window (``fct_bus_factor``); window 0 ends at the as-of day."""
        return self.mart("fct_bus_factor", **filters)

    def trends(self, **filters: Any) -> pl.DataFrame:
        """One row per team, ISO week and work type (``fct_weekly_trends``)."""
        return self.mart("fct_weekly_trends", **filters)

    def load(self, **filters: Any) -> pl.DataFrame:
        """One row per person and tagged day: load beside the person's usual (``fct_load``)."""
        return self.mart("fct_load", **filters)

    def mart(
        self,
        name: str,
        *,
        team: str | None = None,
        user: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> pl.DataFrame:
        """Any mart, limited to what the viewer may see.

        :param name: a table of the contract, e.g. ``fct_daily_intensity``.
        :param team: only this team's rows.
        :param user: only this person's rows.
        :param since: first local day, inclusive.
        :param until: last local day, inclusive.
        :raises KeyError: if there is no such mart.
        :raises heat.client.ApiError: if the API refuses or cannot answer.
        """
        if name not in MARTS:
            raise KeyError(f"no mart {name!r}; there are {', '.join(sorted(MARTS))}")
        filters = {"team": team, "user": user, "from": since, "to": until}
        return self.client.frame(
            name, **{key: str(value) for key, value in filters.items() if value is not None}
        )

    def sql(self, query: str) -> pl.DataFrame:
        """Ask with SQL over the marts by name; runs in this process, over the viewer's own rows.

        :param query: one DuckDB statement, e.g. ``select band, count(*) from fct_daily_intensity
            group by all``.
        """
        with duckdb.connect() as connection:
            for name in MARTS:
                if name in query:
                    connection.register(name, self.mart(name).to_arrow())
            return connection.execute(query).pl()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()


def open_desk(url: str | None = None, token: str | None = None) -> Desk:
    """Open the desk, as ``heat.open``.

    :param url: address of the API; without it ``HEAT_URL``, else this home's own.
    :param token: a token of the person who asks; without it ``HEAT_TOKEN``.
    :raises ValueError: without a token.
    """
    token = token or os.environ.get("HEAT_TOKEN")
    if not token:
        raise ValueError("no token: pass one, or set HEAT_TOKEN (heat token create makes them)")
    url = url or os.environ.get("HEAT_URL") or load_settings().api_url
    return Desk(Client(url, token))
