"""Colours of the two themes, and the style sheet that the cards use.

The band colours keep a CIEDE2000 distance of at least 13 from each other under deuteranopia
and protanopia, and their text reaches 5:1 on them. Colour never speaks alone: every cell
carries its number, every legend its word.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from heat.vocabulary import Band, Level

NOT_TAGGED = "not tagged"
REST_DAY = "rest day"
NOT_KEPT = "no longer kept"

MARKS: Mapping[str, str] = {
    Band.COOL: "🟦",
    Band.NORMAL: "🟩",
    Band.WARM: "🟨",
    Band.CRITICAL: "🟥",
    NOT_TAGGED: "⬜",
}
"""A mark for places that carry no colour of ours, such as a plain sentence."""


@dataclass(frozen=True)
class Fill:
    """A fill and the colour of text on it."""

    fill: str
    text: str


@dataclass(frozen=True)
class Palette:
    """Every colour of one theme."""

    name: str
    background: str
    surface: str
    text: str
    muted: str
    border: str
    blue: str
    ghost: str
    empty_stroke: str
    rest_fill: str
    bands: Mapping[str, Fill]
    levels: Mapping[str, Fill]
    ramp: tuple[str, ...]
    ramp_text: tuple[str, str]
    ramp_switch: float
    """Share from which the second text colour is the readable one."""


_LIGHT_BANDS = {
    Band.COOL.value: Fill("#9CC9EE", "#12263A"),
    Band.NORMAL.value: Fill("#4FA98A", "#06231A"),
    Band.WARM.value: Fill("#F2A33A", "#3A2300"),
    Band.CRITICAL.value: Fill("#B3261E", "#FFFFFF"),
}
_DARK_BANDS = {
    Band.COOL.value: Fill("#2B5C8C", "#E6F1FB"),
    Band.NORMAL.value: Fill("#3C9F86", "#04241C"),
    Band.WARM.value: Fill("#F5C451", "#332000"),
    Band.CRITICAL.value: Fill("#FF5A4A", "#2B0500"),
}


def _levels(bands: Mapping[str, Fill]) -> Mapping[str, Fill]:
    return {
        Level.NONE.value: bands[Band.COOL.value],
        Level.MONITOR.value: bands[Band.COOL.value],
        Level.WARNING.value: bands[Band.WARM.value],
        Level.CRITICAL.value: bands[Band.CRITICAL.value],
    }


LIGHT = Palette(
    name="light",
    background="#FFFFFF",
    surface="#F6F8FA",
    text="#0E1526",
    muted="#5B6675",
    border="#E1E6EC",
    blue="#1F6FB2",
    ghost="#C3CCD6",
    empty_stroke="#D5DCE4",
    rest_fill="#EEF1F5",
    bands=_LIGHT_BANDS,
    levels=_levels(_LIGHT_BANDS),
    ramp=("#FFFFFF", "#DCEBF8", "#4C93CF", "#123F6B"),
    ramp_text=("#0E1526", "#FFFFFF"),
    ramp_switch=0.65,
)

DARK = Palette(
    name="dark",
    background="#12161C",
    surface="#1A2029",
    text="#E6EAF0",
    muted="#9AA6B5",
    border="#2C3542",
    blue="#6CB2F0",
    ghost="#465262",
    empty_stroke="#333D4B",
    rest_fill="#202834",
    bands=_DARK_BANDS,
    levels=_levels(_DARK_BANDS),
    ramp=("#12161C", "#1C3550", "#3D7DB8", "#A9D3F7"),
    ramp_text=("#E6EAF0", "#06131F"),
    ramp_switch=0.55,
)


def palette_for(theme: str | None) -> Palette:
    """Palette of a browser theme; light when the browser does not say.

    >>> palette_for("dark").background
    '#12161C'
    """
    return DARK if theme == "dark" else LIGHT


def style_sheet(p: Palette) -> str:
    """Style of the page frame and of every card, as one ``<style>`` element."""
    return f"""<style>
.stMainBlockContainer {{ max-width: 1360px; }}
.heat {{ color: {p.text}; font-size: 0.95rem; line-height: 1.45; }}
.heat h3 {{ margin: 0; padding: 0; font-size: 1.05rem; font-weight: 600; color: {p.text}; }}
.heat p {{ margin: 0; }}
.heat .muted, .heat dt, .heat .sub {{ color: {p.muted}; }}
.heat.title h1 {{ font-size: 1.75rem; font-weight: 650; margin: 0; padding: 0; color: {p.text}; }}
.heat.kpis {{ display: grid; gap: 0.8rem; margin: 0; padding: 0;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); }}
.heat.kpis > div {{ border: 1px solid {p.border}; border-radius: 10px; padding: 0.8rem 1rem;
  min-width: 0; }}
.heat.kpis dt {{ font-size: 0.85rem; }}
.heat.kpis dd {{ margin: 0; }}
.heat.kpis dd.value {{ font-size: 1.7rem; font-weight: 620; line-height: 1.3;
  overflow-wrap: anywhere; }}
.heat.kpis dd.sub {{ font-size: 0.82rem; }}
.heat.legend {{ display: flex; flex-wrap: wrap; gap: 0.3rem 0.9rem; font-size: 0.82rem;
  list-style: none; margin: 0; padding: 0; color: {p.muted}; }}
.heat.legend li {{ display: inline-flex; align-items: center; gap: 0.35rem; margin: 0; }}
.heat.legend i {{ display: inline-flex; width: 1.15rem; height: 1.15rem; border-radius: 4px;
  box-sizing: border-box; align-items: center; justify-content: center; font-style: normal;
  font-size: 0.75rem; }}
.heat.cards {{ display: flex; flex-direction: column; gap: 0.6rem; }}
.heat.cards article {{ border: 1px solid {p.border}; border-left-width: 5px;
  border-radius: 8px; padding: 0.6rem 0.8rem; overflow-wrap: anywhere; }}
.heat.cards .what {{ font-weight: 600; }}
.heat.cards .sub {{ font-size: 0.85rem; }}
.heat.cards .try {{ margin-top: 0.25rem; }}
.heat .chip {{ display: inline-block; border-radius: 999px; padding: 0.02rem 0.55rem;
  font-size: 0.78rem; font-weight: 600; white-space: nowrap; }}
.heat .row {{ display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; align-items: baseline;
  justify-content: space-between; }}
.heat .squares {{ display: flex; flex-wrap: wrap; gap: 3px; margin: 0.3rem 0 0.2rem; }}
.heat .squares i {{ width: 11px; height: 11px; border-radius: 3px; }}
.heat.note {{ border-left: 4px solid {p.blue}; background: {p.surface}; border-radius: 8px;
  padding: 0.7rem 1rem; overflow-wrap: anywhere; }}
.heat.note.warn {{ border-left-color: {p.bands["warm"].fill}; }}
.heat.note.bad {{ border-left-color: {p.bands["critical"].fill}; }}
.heat.note pre {{ margin: 0.5rem 0 0; white-space: pre-wrap; font-size: 0.82rem;
  color: {p.text}; background: transparent; }}
.heat .big {{ font-size: 1.1rem; font-weight: 600; }}
.heat.facts {{ display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem;
  margin: 0; padding: 0; }}
.heat.facts dd {{ margin: 0; overflow-wrap: anywhere; }}
.heat .badge {{ border: 1px solid {p.bands["warm"].fill}; border-radius: 999px;
  padding: 0.1rem 0.7rem; font-size: 0.82rem; font-weight: 600; white-space: nowrap; }}
.heat a {{ color: {p.blue}; }}
.heat a.button {{ display: inline-block; border: 1px solid {p.border}; border-radius: 10px;
  padding: 0.42rem 0.9rem; color: {p.text}; text-decoration: none; }}
.heat a.button:hover {{ border-color: {p.blue}; color: {p.blue}; }}
.stPopover button[kind="tertiary"] {{ padding: 0; min-height: 1.6rem; }}
.st-key-calendar, .st-key-team_map, .st-key-ownership {{ overflow-x: auto; }}
/* who looks, beside the title where there is room */
@media (min-width: 900px) {{
  .st-key-who {{ margin-bottom: -3.6rem; z-index: 1; width: fit-content; align-self: flex-end; }}
}}
/* a long calendar is scrolled to its newest weeks */
.st-key-calendar {{ direction: rtl; }}
.st-key-calendar > div {{ direction: ltr; }}
@media (max-width: 640px) {{
  .st-key-team_map > div {{ min-width: 660px; }}
  .st-key-ownership > div {{ min-width: 420px; }}
  .heat.kpis {{ grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.5rem; }}
  .heat.kpis > div {{ padding: 0.6rem 0.7rem; }}
  .heat.kpis dd.value {{ font-size: 1.3rem; }}
  .heat.facts {{ grid-template-columns: 1fr; gap: 0; }}
  .heat.facts dd {{ margin-bottom: 0.4rem; }}
}}
</style>"""


def logo(p: Palette) -> str:
    """The word mark, as SVG: four rising bars in the colours of the bands."""
    bars = "".join(
        f'<rect x="{2 + 9 * i}" y="{24 - 6 * i}" width="7" height="{8 + 6 * i}" rx="2" '
        f'fill="{f.fill}"/>'
        for i, f in enumerate(p.bands.values())
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 118 36" height="36">'
        f'{bars}<text x="44" y="29" font-family="Source Sans, Source Sans Pro, sans-serif" '
        f'font-size="27" font-weight="700" letter-spacing="1" fill="{p.text}">HEAT</text></svg>'
    )
