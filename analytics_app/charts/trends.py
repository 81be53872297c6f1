"""Weeks: one small panel per work type, the share of shadow work, weeks of a group."""

import altair as alt
import polars as pl

from analytics_app.charts import WEEK_LABEL, layered
from analytics_app.theme import Palette

PANEL_HEIGHT = 130


def _weeks(grid: bool = False) -> alt.X:
    axis = alt.Axis(
        labelExpr=WEEK_LABEL, labelAngle=0, labelOverlap="parity", labelSeparation=6, grid=grid
    )
    return alt.X("week:O", title=None, scale=alt.Scale(padding=0.25), axis=axis)


def work_type_panel(weeks: pl.DataFrame, palette: Palette, *, top: int) -> alt.LayerChart:
    """One work type: area and line of its weeks, dashed baseline, spikes marked.

    :param weeks: ``week``, ``work_type``, ``total``, ``baseline`` (or null), ``mark``
        (``''``, ``spike`` or ``systemic``), ``verdict``, ``people``.
    :param top: upper end of the shared scale, so that panels can be compared.

    Selecting a point gives its ``week`` and ``work_type``; the selection is named ``point``.
    """
    picked = alt.selection_point(
        name="point", fields=["week", "work_type"], toggle=False, empty=False, nearest=True
    )
    x = _weeks()
    scale = alt.Scale(domain=[0, max(top, 1)], nice=True)
    y = alt.Y("total:Q", title=None, scale=scale, axis=alt.Axis(tickCount=3))
    tooltip = [
        alt.Tooltip("week:N", title="Week of"),
        alt.Tooltip("total:Q", title="Total intensity"),
        alt.Tooltip("baseline:Q", title="Usual", format=".0f"),
        alt.Tooltip("people:Q", title="People"),
        alt.Tooltip("verdict:N", title="Verdict"),
    ]
    base = alt.Chart(weeks).encode(x=x)
    shown = base.encode(y=y, tooltip=tooltip)
    layers: list[alt.Chart] = [
        base.mark_area(color=palette.blue, opacity=0.16, interpolate="monotone").encode(y=y),
        base.mark_line(color=palette.blue, strokeWidth=2, interpolate="monotone").encode(y=y),
    ]
    if weeks["baseline"].drop_nulls().len():
        usual = alt.Y("baseline:Q", title=None, scale=scale)
        layers.append(
            base.mark_line(color=palette.muted, strokeDash=[4, 3], strokeWidth=1.3).encode(y=usual)
        )
    layers.append(
        shown.mark_point(
            filled=True, size=36, color=palette.blue, opacity=1, cursor="pointer"
        ).add_params(picked)
    )
    # an empty filtered layer is an unlabelled image to a screen reader
    hot, warm = palette.bands["critical"].fill, palette.bands["warm"].fill
    for mark, shape, colour in (("systemic", "diamond", hot), ("spike", "circle", warm)):
        rows = weeks.filter(pl.col("mark") == mark)
        if rows.height:
            layers.append(
                alt.Chart(rows)
                .mark_point(
                    shape=shape,
                    size=150,
                    filled=True,
                    color=colour,
                    opacity=1,
                    stroke=palette.background,
                    strokeWidth=1.5,
                )
                .encode(x=x, y=y, tooltip=tooltip)
            )
    return layered(layers, palette, height=PANEL_HEIGHT)


def shadow_share(weeks: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Share of shadow work per week, 0 to 100 %.

    :param weeks: ``week``, ``share`` (0..1), ``shadow``, ``total``.
    """
    scale = alt.Scale(domain=[0, 1])
    y = alt.Y("share:Q", title=None, scale=scale, axis=alt.Axis(format=".0%", tickCount=5))
    tooltip = [
        alt.Tooltip("week:N", title="Week of"),
        alt.Tooltip("share:Q", title="Shadow work", format=".0%"),
        alt.Tooltip("shadow:Q", title="Its intensity"),
        alt.Tooltip("total:Q", title="All intensity"),
    ]
    base = alt.Chart(weeks).encode(x=_weeks(), y=y, tooltip=tooltip)
    area = base.mark_area(color=palette.blue, opacity=0.16, interpolate="monotone")
    line = base.mark_line(color=palette.blue, strokeWidth=2, interpolate="monotone")
    dots = base.mark_point(filled=True, size=40, color=palette.blue, opacity=1)
    return layered([area, line, dots], palette, height=220)


def group_weeks(weeks: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """A group without names: mean total per person and whole week, number above its bar.

    :param weeks: ``week``, ``mean``, ``people``, ``total``.
    """
    y = alt.Y("mean:Q", title="per person", axis=alt.Axis(tickCount=4))
    tooltip = [
        alt.Tooltip("week:N", title="Week of"),
        alt.Tooltip("people:Q", title="People who tagged"),
        alt.Tooltip("total:Q", title="Total intensity"),
        alt.Tooltip("mean:Q", title="Per person", format=".1f"),
    ]
    base = alt.Chart(weeks).encode(x=_weeks(), y=y, tooltip=tooltip)
    bars = base.mark_bar(cornerRadius=4, color=palette.blue)
    labels = base.mark_text(dy=-8, color=palette.text, fontSize=12).encode(
        text=alt.Text("mean:Q", format=".0f")
    )
    return layered([bars, labels], palette, height=240)
