"""Pieces of HTML that the pages put between charts. Pure functions; every text is escaped.

Task titles, labels and names are what people typed. They never reach Markdown (an image in a
title would be fetched from elsewhere): they come through here, or through a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import urlencode

from analytics_app import texts
from analytics_app.frames import GLYPHS, Answer, spoken_short
from analytics_app.theme import NOT_KEPT, NOT_TAGGED, REST_DAY, Fill, Palette
from heat.vocabulary import Level

MAX_SQUARES = 14


def title(text: str, caption: str) -> str:
    """Title of a page and its one line."""
    return (
        f'<div class="heat title"><h1>{escape(text)}</h1>'
        f'<p class="muted">{escape(caption)}</p></div>'
    )


def heading(text: str, caption: str = "") -> str:
    """Title of a card."""
    below = f'<p class="sub">{escape(caption)}</p>' if caption else ""
    return f'<div class="heat"><h3>{escape(text)}</h3>{below}</div>'


def kpis(cards: Iterable[tuple[str, str, str]]) -> str:
    """Equal cards.

    :param cards: label, value, the line below, for each.
    """
    inner = "".join(
        f"<div><dt>{escape(label)}</dt><dd class='value'>{escape(value)}</dd>"
        f"<dd class='sub'>{escape(below) or '&nbsp;'}</dd></div>"
        for label, value, below in cards
    )
    return f'<dl class="heat kpis">{inner}</dl>'


def legend(limits: Answer, palette: Palette) -> str:
    """Bands with their ranges, and the three ways in which a day can be empty.

    :param limits: flat thresholds (``heat.coolBelow`` …).
    """
    cool, normal, warm = (limits[f"heat.{k}Below"] for k in ("cool", "normal", "warm"))
    words = {
        "cool": f"cool, below {cool}",
        "normal": f"normal, {cool}–{normal - 1}",
        "warm": f"warm, {normal}–{warm - 1}",
        "critical": f"critical, {warm} and more",
    }
    items = [
        f'<li><i style="background:{f.fill}"></i>{escape(words[band])}</li>'
        for band, f in palette.bands.items()
    ]
    edge = f"border:1px solid {palette.ghost}"
    dashed = f"border:1px dashed {palette.muted}"
    for state, style in (
        (NOT_TAGGED, edge),
        (REST_DAY, f"background:{palette.rest_fill}"),
        (NOT_KEPT, dashed),
    ):
        items.append(f'<li><i style="{style}">{GLYPHS[state]}</i>{escape(state)}</li>')
    return f'<ul class="heat legend">{"".join(items)}</ul>'


def chip(text: str, fill: Fill) -> str:
    """A word on a coloured ground."""
    return (
        f'<span class="chip" style="background:{fill.fill};color:{fill.text}">{escape(text)}</span>'
    )


def streaks(entries: Sequence[Answer], palette: Palette, *, named: bool = False) -> str:
    """Streak cards: level, task, since when, a square per day, one line of advice.

    :param entries: streaks as the dashboards give them.
    :param named: with the person's name (a team's list).
    """
    return f'<div class="heat cards">{"".join(_streak(e, palette, named) for e in entries)}</div>'


def _streak(entry: Answer, palette: Palette, named: bool) -> str:
    level, active = entry["level"], entry["isActive"]
    fill = palette.levels[level] if active else Fill(palette.ghost, palette.text)
    first, last = date.fromisoformat(entry["firstDay"]), date.fromisoformat(entry["lastDay"])
    square = f'<i style="background:{fill.fill}"></i>'
    more = entry["days"] - MAX_SQUARES
    squares = square * min(entry["days"], MAX_SQUARES) + (
        f'<span class="sub">+{more}</span>' if more > 0 else ""
    )
    span = f"{texts.plural(entry['days'], 'day')} since {spoken_short(first)}"
    span += "" if active else f", until {spoken_short(last)}"
    span += f" · {entry['meanIntensity']:.1f} per day"
    advice = texts.ADVICE.get(Level(level), "") if active else texts.ENDED
    name = f'<span class="muted">{escape(str(entry["displayName"]))}</span>' if named else ""
    word = level if active else "ended"
    return (
        f'<article style="border-left-color:{fill.fill}">'
        f'<div class="row"><span class="what">{escape(entry["text"])}</span>'
        f"{chip(word, fill)}</div>"
        f'<p class="sub">{escape(entry.get("taskTitle") or "")}</p>'
        f'<div class="squares" aria-hidden="true">{squares}</div>'
        f'<div class="row"><span class="sub">{escape(span)}</span>{name}</div>'
        f'<p class="try">{escape(advice)}</p></article>'
    )


def attention(alerts: Sequence[Answer], palette: Palette) -> str:
    """What needs attention: what, evidence, what to try."""
    cards = []
    for alert in alerts:
        fill = palette.levels.get(alert["severity"], palette.levels["monitor"])
        about = [alert.get("displayName"), alert.get("taskId"), alert.get("area")]
        evidence = " · ".join(str(part) for part in about if part)
        cards.append(
            f'<article style="border-left-color:{fill.fill}">'
            f'<div class="row"><span class="what">{escape(alert["message"])}</span>'
            f"{chip(alert['severity'], fill)}</div>"
            f'<p class="sub">{escape(evidence)}</p>'
            f'<p class="try">Try: {escape(alert["suggestedAction"] or texts.ASK)}</p></article>'
        )
    return f'<div class="heat cards">{"".join(cards)}</div>'


def note(text: str, *, tone: str = "", strong: str = "", code: str = "") -> str:
    """A quiet box with a sentence, perhaps a stronger one above and a command below.

    :param tone: ``""``, ``"warn"`` or ``"bad"``.
    """
    above = f'<p class="big">{escape(strong)}</p>' if strong else ""
    below = f"<pre>{escape(code)}</pre>" if code else ""
    role = "alert" if tone == "bad" else "note"
    return f'<div class="heat note {tone}" role="{role}">{above}<p>{escape(text)}</p>{below}</div>'


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names and values."""
    inner = "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in rows)
    return f'<dl class="heat facts">{inner}</dl>'


def badge(text: str) -> str:
    """A word that must not be overlooked."""
    return f'<div class="heat"><span class="badge">{escape(text)}</span></div>'


def signed_in(name: str, leave: str) -> str:
    """Who is signed in, and the way out."""
    return (
        f'<div class="heat"><span class="muted">{escape(name)}</span> · '
        f'<a href="{escape(leave)}" target="_self">Sign out</a></div>'
    )


def sign_in_link(address: str) -> str:
    """The way to the sign-in page."""
    return (
        f'<div class="heat"><a class="button" href="{escape(address)}" target="_self">Sign in</a>'
        "</div>"
    )


def load(entry: Answer | None, *, own: bool) -> str:
    """One person's load as a sentence; a description, never a health claim."""
    if entry is None or entry["ratio"] is None:
        return note("Shown after about three weeks of tagged days.")
    sentence = texts.load_sentence(entry["ratio"], own=own)
    detail = (
        f"{entry['load']:.1f} a day over the last 5 tagged days, "
        f"{entry['usual']:.1f} over the 20 before."
    )
    return note(detail, strong=sentence)


def own_coverage(entry: Answer) -> str:
    """How many of one's own days carry a tag; shown to that person alone."""
    days = texts.plural(entry["days"], "working day")
    return (
        f'<div class="heat"><p class="sub">You tagged {entry["taggedDays"]} of {days}. '
        "Only you see this; there is no target.</p></div>"
    )


def spike_legend(palette: Palette) -> str:
    """What the marks in the trend panels mean."""
    hot, warm = palette.bands["critical"].fill, palette.bands["warm"].fill
    square = "border-radius:2px;transform:rotate(45deg) scale(.75)"
    return (
        '<ul class="heat legend">'
        f'<li><i style="background:{hot};{square}"></i>systemic spike: several people carry it</li>'
        f'<li><i style="background:{warm};border-radius:50%;transform:scale(.75)"></i>'
        "spike: one person's week</li>"
        f'<li><i style="border-top:2px dashed {palette.muted};height:0;border-radius:0"></i>'
        "the usual week</li></ul>"
    )


def panel_title(kind: str, last: Answer | None) -> str:
    """Title of one trend panel, with its newest week."""
    said = "no tags" if last is None else f"{last['total']} this week · {last['verdict']}"
    return (
        f'<div class="heat"><div class="row"><strong>{escape(kind)}</strong>'
        f'<span class="sub">{escape(said)}</span></div></div>'
    )


def two_legend(now: str, before: str, palette: Palette) -> str:
    """The two ends of a dumbbell."""
    dot = "border-radius:50%;transform:scale(.75)"
    return (
        '<ul class="heat legend">'
        f'<li><i style="background:{palette.blue};{dot}"></i>{escape(now)}</li>'
        f'<li><i style="background:{palette.ghost};{dot}"></i>{escape(before)}</li></ul>'
    )


def link(text: str, path: str, params: Mapping[str, str]) -> str:
    """A link to another page of the app."""
    address = f"{path}?{urlencode(dict(params))}"
    return (
        f'<div class="heat"><a class="button" href="{escape(address)}" target="_self">'
        f"{escape(text)}</a></div>"
    )
