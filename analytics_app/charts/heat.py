"""Heat maps: the calendar of one person, the days of a team."""

from datetime import date

import altair as alt
import polars as pl

from analytics_app.charts import DAY_LABEL, WEEK_LABEL, layered
from analytics_app.theme import NOT_KEPT, NOT_TAGGED, REST_DAY, Palette

WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WIDE_FROM_WEEKS = 27
"""From this many weeks on the calendar gets a fixed width and its frame scrolls."""


NUMBERED_DAYS = 31
"""Up to this many days a team's map has its numbers in the cells."""


def is_monday(iso: str) -> bool:
    """Whether an ISO day is a Monday.

    >>> is_monday("2026-11-23")
    True
    """
    return date.fromisoformat(iso).weekday() == 0


def calendar(days: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Weeks across, weekdays down, the day's total in its cell.

    :param days: frame of :func:`analytics_app.frames.calendar_days`.

    Selecting a cell gives its ``iso``; the selection is named ``cell``.
    """
    weeks = days["week"].n_unique()
    x = alt.X(
        "week:O",
        title=None,
        scale=alt.Scale(paddingInner=0.08),
        axis=alt.Axis(
            labelExpr=WEEK_LABEL,
            labelAngle=0,
            labelOverlap="parity",
            labelSeparation=6,
            orient="top",
        ),
    )
    y = alt.Y(
        "weekday:O",
        title=None,
        sort=WEEKDAYS,
        scale=alt.Scale(domain=WEEKDAYS, paddingInner=0.12),
    )
    size = 12 if weeks <= 14 else 11 if weeks <= 20 else 9
    layers = _cells(days, x, y, palette, font_size=size, radius=5, fields=["iso"])
    width = weeks * 24 if weeks >= WIDE_FROM_WEEKS else None
    return layered(layers, palette, height=300, width=width, own_colours=True)


def team_map(cells: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Members down in the order given, days across.

    :param cells: frame of :func:`analytics_app.frames.team_cells`.

    Selecting a cell gives its ``user_id`` and ``iso``; the selection is named ``cell``.
    """
    members = cells["member"].unique(maintain_order=True).to_list()
    days = cells["iso"].n_unique()
    # beyond a month the Mondays alone are named
    mondays = [iso for iso in cells["iso"].unique().sort() if is_monday(iso)]
    axis = (
        alt.Axis(labelExpr=DAY_LABEL, labelAngle=0, labelOverlap="parity", labelSeparation=1)
        if days <= NUMBERED_DAYS
        else alt.Axis(labelExpr=WEEK_LABEL, labelAngle=0, labelOverlap="parity", values=mondays)
    )
    x = alt.X("iso:O", title=None, scale=alt.Scale(paddingInner=0.08), axis=axis)
    y = alt.Y(
        "member:O",
        title=None,
        sort=members,
        scale=alt.Scale(domain=members, paddingInner=0.12),
        axis=alt.Axis(labelColor=palette.text, labelFontSize=13, labelLimit=150),
    )
    row = 44 if len(members) <= 8 else 28
    # numbers until they would not fit; the tooltip and the table have them always
    size = 12 if days <= NUMBERED_DAYS else 0
    layers = _cells(cells, x, y, palette, font_size=size, radius=4, fields=["user_id", "iso"])
    height = max(row * len(members), 80) + 40
    return layered(layers, palette, height=height, own_colours=True)


def _cells(
    data: pl.DataFrame,
    x: alt.X,
    y: alt.Y,
    palette: Palette,
    *,
    font_size: int,
    radius: int,
    fields: list[str],
) -> list[alt.Chart]:
    # named string fields only: without fields Vega answers with internal row ids
    picked = alt.selection_point(name="cell", fields=fields, toggle=False, empty=False)
    states = [*palette.bands, REST_DAY, NOT_TAGGED, NOT_KEPT]
    fills = [f.fill for f in palette.bands.values()]
    fills += [palette.rest_fill, palette.background, palette.background]
    texts = [f.text for f in palette.bands.values()] + [palette.muted] * 3
    edges = ["selected", "empty", "none"]
    strokes = [palette.text, palette.empty_stroke, "transparent"]
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (
            ("member", "Person"),
            ("day", "Day"),
            ("state", "Level"),
            ("total", "Total intensity"),
            ("tags", "Tags"),
            ("note", "Note"),
        )
        if field in data.columns
    ]
    base = alt.Chart(data).encode(x=x, y=y, tooltip=tooltip)
    rects = base.mark_rect(cornerRadius=radius, cursor="pointer").encode(
        color=alt.Color("state:N", scale=alt.Scale(domain=states, range=fills), legend=None),
        stroke=alt.Stroke("edge:N", scale=alt.Scale(domain=edges, range=strokes), legend=None),
        strokeWidth=alt.condition("datum.edge == 'selected'", alt.value(3), alt.value(1)),
    )
    layers: list[alt.Chart] = [rects.add_params(picked)]
    gone = data.filter(pl.col("state") == NOT_KEPT)
    if gone.height:
        dashes = alt.Chart(gone).mark_rect(
            cornerRadius=radius, filled=False, stroke=palette.muted, strokeDash=[2, 2]
        )
        layers.append(dashes.encode(x=x, y=y, tooltip=tooltip))
    if font_size:
        numbers = base.mark_text(
            fontSize=font_size, fontWeight=600, baseline="middle", cursor="pointer"
        ).encode(
            text="text:N",
            color=alt.Color("state:N", scale=alt.Scale(domain=states, range=texts), legend=None),
        )
        layers.append(numbers)
    return layers
