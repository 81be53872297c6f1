"""Who holds which area: the matrix beside the bus factor."""

import altair as alt
import polars as pl

from analytics_app.charts import layered
from analytics_app.theme import Palette


def matrix(cells: pl.DataFrame, palette: Palette) -> alt.LayerChart:
    """Areas down in the order given, people across, each one's share in the cell.

    :param cells: frame of :func:`analytics_app.frames.ownership_cells`.
    """
    areas = cells["area"].unique(maintain_order=True).to_list()
    people = cells["person"].unique(maintain_order=True).to_list()
    y = alt.Y(
        "area:O",
        title=None,
        sort=areas,
        scale=alt.Scale(domain=areas, paddingInner=0.08),
        axis=alt.Axis(labelColor=palette.text, labelFontSize=13, labelLimit=170),
    )
    x = alt.X(
        "person:O",
        title=None,
        sort=people,
        scale=alt.Scale(domain=people, paddingInner=0.04),
        axis=alt.Axis(
            labelColor=palette.text, labelAngle=-35, orient="top", labelLimit=120, labelFontSize=12
        ),
    )
    tooltip = [
        alt.Tooltip("area:N", title="Area (bus factor)"),
        alt.Tooltip("person:N", title="Person"),
        alt.Tooltip("share:Q", title="Share of intensity", format=".0%"),
        alt.Tooltip("intensity:Q", title="Total intensity"),
    ]
    # the default interpolation turns the pale end cyan
    ramp = alt.Scale(domain=[0, 0.15, 0.6, 1], range=list(palette.ramp), interpolate="rgb")
    base = alt.Chart(cells).encode(x=x, y=y, tooltip=tooltip)
    rects = base.mark_rect(cornerRadius=4, stroke=palette.border, strokeWidth=1).encode(
        color=alt.Color("share:Q", scale=ramp, legend=None)
    )
    on_pale, on_deep = palette.ramp_text
    numbers = base.mark_text(fontSize=12, fontWeight=600).encode(
        text="text:N",
        color=alt.condition(
            f"datum.share > {palette.ramp_switch}", alt.value(on_deep), alt.value(on_pale)
        ),
    )
    return layered([rects, numbers], palette, height=32 * len(areas) + 80, own_colours=True)
