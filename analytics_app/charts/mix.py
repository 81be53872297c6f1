"""What the work was made of: shares per work type or label, one period against another."""

import altair as alt
import polars as pl

from analytics_app.charts import layered
from analytics_app.theme import Palette

ROW = 34


def shares(mix: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Sorted bars with their share as text; a pie would hide small differences.

    :param mix: ``name``, ``intensity``, ``tags``, ``share`` (0..1), largest first.
    """
    names = mix["name"].to_list()
    y = alt.Y(
        "name:N",
        sort=names,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelFontSize=13, labelLimit=140),
    )
    top = max(mix["share"].to_list(), default=1.0)
    # room at the right for the label of the longest bar
    x = alt.X("share:Q", title=None, axis=None, scale=alt.Scale(domain=[0, top * 1.25]))
    tooltip = [
        alt.Tooltip("name:N", title="Kind"),
        alt.Tooltip("share:Q", title="Share of intensity", format=".0%"),
        alt.Tooltip("intensity:Q", title="Total intensity"),
        alt.Tooltip("tags:Q", title="Tags"),
    ]
    base = alt.Chart(mix).encode(y=y, x=x, tooltip=tooltip)
    bars = base.mark_bar(cornerRadius=4, height=18, color=palette.blue)
    labels = base.mark_text(align="left", dx=6, color=palette.text, fontSize=13).encode(
        text=alt.Text("share:Q", format=".0%")
    )
    return layered([bars, labels], palette, height=ROW * len(names))


def before_and_now(mix: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Dumbbells: the share of each work type in two periods.

    :param mix: ``name``, ``before``, ``now`` (shares 0..1), in the order to draw.
    """
    names = mix["name"].to_list()
    y = alt.Y(
        "name:N",
        sort=names,
        title=None,
        axis=alt.Axis(labelColor=palette.text, labelFontSize=13, grid=False),
    )
    tooltip = [
        alt.Tooltip("name:N", title="Work type"),
        alt.Tooltip("now:Q", title="This period", format=".0%"),
        alt.Tooltip("before:Q", title="Compared with", format=".0%"),
    ]
    axis = alt.Axis(format=".0%", tickCount=5)
    x = alt.X("before:Q", title="Share of intensity", axis=axis, scale=alt.Scale(zero=True))
    base = alt.Chart(mix).encode(y=y, tooltip=tooltip)
    line = base.mark_rule(strokeWidth=4, color=palette.ghost, opacity=0.7).encode(x=x, x2="now:Q")
    before = base.mark_point(filled=True, size=110, color=palette.ghost, opacity=1).encode(x=x)
    now = base.mark_point(filled=True, size=150, color=palette.blue, opacity=1).encode(x="now:Q")
    return layered([line, before, now], palette, height=ROW * len(names) + 40)
