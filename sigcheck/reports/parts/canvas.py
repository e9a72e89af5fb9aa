"""Canvas: the parts of an SVG drawing, with text from anybody made harmless.

A drawing stands in a page, whose style it takes, or alone with `standalone`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from itertools import pairwise

from sigcheck.reports.parts.layout import Point, Route
from sigcheck.reports.parts.page import columns, printable

# A monospaced font is 0.6 of its size wide; 12 px here.
LETTER = 7.23
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_SPECIAL = re.compile("[&<>\"']")


def escaped(text: str) -> str:
    """The text as it may stand in an element or an attribute.

    >>> escaped("<b>")
    '&lt;b&gt;'
    """
    return _SPECIAL.sub(lambda found: _MARKUP[found[0]], printable(text))


def shortened(text: str, most: int) -> str:
    """The text cut to so many letters, the middle left out: names differ at their ends.

    >>> shortened("models/encoder#serving_default", 15)
    'models/…default'
    """
    if len(text) <= most:
        return text
    head = most // 2
    return f"{text[:head]}…{text[len(text) - (most - head - 1) :]}"


def text_width(text: str) -> float:
    """How many pixels wide the text is."""
    return columns(printable(text)) * LETTER


def number(value: float) -> str:
    """The number as coordinates are written: tenths of a pixel."""
    return f"{round(value, 1):g}"


def label(at: Point, text: str, kind: str, anchor: str = "") -> str:
    """A text whose baseline starts at the point, or has its middle or end there."""
    anchored = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{number(at[0])}" y="{number(at[1])}" class="{kind}"{anchored}>{escaped(text)}</text>'


def rectangle(at: Point, width: float, height: float, kind: str, radius: float = 6) -> str:
    """A rectangle with round corners."""
    place = f'x="{number(at[0])}" y="{number(at[1])}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {place} rx="{number(radius)}" class="{kind}"/>'


def curve(route: Route) -> str:
    """The route as the data of a path: it leaves and arrives level."""
    points = route.points
    if route.is_back:
        (x, y), (_, below), _, (end_x, end_y) = points
        down = f"C{_pair((x + 40, y))} {_pair((x + 40, below))} {_pair((x, below))}"
        up = f"C{_pair((end_x - 40, below))} {_pair((end_x - 40, end_y))} {_pair((end_x, end_y))}"
        return f"M{_pair((x, y))}{down}L{_pair((end_x, below))}{up}"
    parts = [f"M{_pair(points[0])}"]
    for (x, y), (next_x, next_y) in pairwise(points):
        middle = (x + next_x) / 2
        is_level = abs(y - next_y) < 0.1  # noqa: PLR2004  # less than coordinates are written with
        parts.append(
            f"L{_pair((next_x, next_y))}"
            if is_level
            else f"C{_pair((middle, y))} {_pair((middle, next_y))} {_pair((next_x, next_y))}"
        )
    return "".join(parts)


def drawing(parts: Iterable[str], width: float, height: float, title: str, *, is_standalone: bool = False) -> str:
    """The parts as one picture of this size, which screen readers call by its title."""
    inside = "".join(parts)
    style = f"<style>{standalone_style()}</style>" if is_standalone else ""
    name = ' xmlns="http://www.w3.org/2000/svg"' if is_standalone else ""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    return f'<svg{name} {size} role="img" aria-label="{escaped(title)}">{style}{inside}</svg>'


def standalone_style() -> str:
    """The style of a drawing that stands alone: the colours of the page, light and dark."""
    return " ".join(template_text("colours.css").split()) + " " + " ".join(template_text("drawing.css").split())


def template_text(name: str) -> str:
    """A file of the templates folder."""
    return (files("sigcheck.reports") / "templates" / name).read_text(encoding="utf-8")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
