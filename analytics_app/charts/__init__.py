"""Charts: pure functions, frame in, altair chart out. No Streamlit, no request, no rule.

What every chart shares lives here: fonts, colours of axes, labels of days and weeks.
"""

from collections.abc import Sequence

import altair as alt

from analytics_app.theme import Palette

FONT = '"Source Sans", "Source Sans Pro", sans-serif'

_MONTHS = "['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec']"
_MONTH = f"{_MONTHS}[toNumber(substring(datum.value,5,7))-1]"
_DAY = "toString(toNumber(substring(datum.value,8,10)))"

# Days are ISO strings on ordinal scales: a temporal scale would shift them by the browser's zone
WEEK_LABEL = f"{_DAY} + ' ' + {_MONTH}"
DAY_LABEL = f"({_DAY} == '1' || datum.index == 0) ? [{_DAY}, {_MONTH}] : {_DAY}"


def layered(
    layers: Sequence[alt.Chart],
    palette: Palette,
    *,
    height: int,
    width: int | None = None,
    own_colours: bool = False,
) -> alt.LayerChart:
    """Layers in the app's clothes: font, quiet axes, transparent ground.

    :param height: pixels, axes included.
    :param width: pixels; without it the chart takes the width it is given.
    :param own_colours: each layer keeps its own colour scale (text over rectangles).

    >>> from analytics_app.theme import DARK
    >>> layered([alt.Chart().mark_bar()], DARK, height=80).config.background
    'transparent'
    """
    config = alt.Config(
        background="transparent",
        font=FONT,
        # Streamlit adds 20 px below a chart that does not say
        padding={"left": 2, "right": 2, "top": 4, "bottom": 2},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=palette.muted,
            titleColor=palette.muted,
            domain=False,
            ticks=False,
            gridColor=palette.border,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
            labelPadding=6,
        ),
        text=alt.MarkConfig(font=FONT),
    )
    resolve = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))
    return alt.LayerChart(
        layer=list(layers),
        config=config,
        height=height,
        width=alt.Undefined if width is None else width,
        resolve=resolve if own_colours else alt.Undefined,
    )
