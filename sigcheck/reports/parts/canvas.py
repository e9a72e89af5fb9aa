"""Canvas: the parts of an SVG drawing, with text from anybody made harmless.

A drawing stands in a page, whose style it takes, or alone with `standalone`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files

from sigcheck.reports.parts.layout import Point
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


def path(points: Sequence[Point]) -> str:
    """A line as the data of a path: a point, and three more for each Bezier curve.

    >>> path([(0, 0), (5, 0), (5, 10), (10, 10)])
    'M0 0C5 0 5 10 10 10'
    """
    first, *rest = points
    curves = (" ".join(map(_pair, rest[at : at + 3])) for at in range(0, len(rest), 3))
    return f"M{_pair(first)}{''.join(f'C{one}' for one in curves)}"


def drawing(
    parts: Iterable[str],
    width: float,
    height: float,
    title: str,
    *,
    is_standalone: bool = False,
    rows: Sequence[float] = (),
) -> str:
    """The parts as one picture of this size, which screen readers call by its title.

    `rows` are the heights where it may be cut, on paper, the first at the top.
    """
    inside = "".join(parts)
    style = f"<style>{standalone_style()}</style>" if is_standalone else ""
    name = ' xmlns="http://www.w3.org/2000/svg"' if is_standalone else ""
    size = f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}"'
    cuts = f' data-rows="{" ".join(map(number, rows))}"' if len(rows) > 1 else ""
    return f'<svg{name} {size}{cuts} role="img" aria-label="{escaped(title)}">{style}{inside}</svg>'


def standalone_style() -> str:
    """The style of a drawing that stands alone: the colours of the page, light and dark."""
    return " ".join(template_text("colours.css").split()) + " " + " ".join(template_text("drawing.css").split())


def template_text(name: str) -> str:
    """A file of the templates folder."""
    return (files("sigcheck.reports") / "templates" / name).read_text(encoding="utf-8")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"
