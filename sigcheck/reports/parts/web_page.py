"""Web page: a template with its styles and its script as one file, and as a frame of a notebook.

It loads nothing, and its policy forbids it to: what a model is called can neither become markup
nor run, and if it did become markup, no browser would run it or fetch what it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.canvas import template_text
from sigcheck.reports.parts.page import printable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# Of a frame, in pixels: what is longer is scrolled in it.
MOST_HEIGHT = 640


def environment(filters: Mapping[str, Callable[..., Any]]) -> Environment:
    """What reads the templates, with these filters and `markup`: all other text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("sigcheck.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    made.filters |= {"markup": markup, **filters}
    return made


def fill(made: Environment, template: str, styles: Sequence[str], script: str = "", **values: Any) -> str:
    """The template with these style sheets, this script and these values. The policy of the page allows them alone."""
    style = "".join(map(_compact, styles))
    running = template_text(script) if script else ""
    text = made.get_template(template).render(
        style=markup(style),
        style_hash=_digest(style),
        script=markup(running),
        script_hash=_digest(running),
        **values,
    )
    return text.rstrip("\n")


def embed(page: str, title: str, height: int = MOST_HEIGHT) -> str:
    """The page as a frame of a notebook, this high in pixels: its style and script stay in it.

    It may run its own script and fill the clipboard, and reaches nothing of the notebook.
    """
    return (
        f'<iframe srcdoc="{_attribute(page)}" sandbox="allow-scripts" allow="clipboard-write" '
        f'title="{title}" style="width:100%;height:{min(height, MOST_HEIGHT)}px;border:0"></iframe>'
    )


def markup(text: str) -> Markup:
    """The text as markup: only of what is written here, or escaped before."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # written here, or escaped before


def _attribute(page: str) -> str:
    return page.replace("&", "&amp;").replace('"', "&quot;")


def _finalize(value: Any) -> Any:
    """Text of models with what a page would obey or hide written as an escape; markup of our own as it is."""
    return printable(value) if type(value) is str else value


def _compact(name: str) -> str:
    """A style sheet without the room between its lines."""
    return "".join(f"{line.strip()}\n" for line in template_text(name).splitlines() if line.strip())


def _digest(text: str) -> str:
    """The hash by which a policy of the page allows exactly this style or script (CSP level 3, section 2.3.1)."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
