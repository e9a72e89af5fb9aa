"""HTML: the whole report as one file, to be opened, sent and printed.

It loads nothing, and its policy forbids it to: what a model is called can neither become markup
nor run, and if it did become markup, no browser would run it or fetch what it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.canvas import escaped, template_text
from sigcheck.reports.parts.layout import INSTALL, has_layout
from sigcheck.reports.parts.length_table import reason
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.reports.parts.page_content import Graphs, view_chain, view_check, view_diff, view_lint
from sigcheck.reports.parts.page_view import PageView
from sigcheck.reports.parts.pipeline import (
    MOST_UNLINKED_PORTS,
    Pipeline,
    pipeline_of_chain,
    pipeline_of_check,
    pipeline_of_diff,
    pipeline_of_lint,
)

if TYPE_CHECKING:
    import networkx as nx
    from jinja2 import Environment
    from markupsafe import Markup

    from sigcheck.reports.parts.search_picture import SearchPicture
    from sigcheck.schema.project import LintedModel, LintResult
    from sigcheck.schema.report import Binding, ChainResult, CheckResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "html"
HAS_FINDINGS = True

NO_GRAPHS: Graphs = {}


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE, graphs: Graphs = NO_GRAPHS) -> str:
    """The page of a check; `graphs` are those that were searched, by input, and are drawn where given."""
    return _render(view_check(result, graphs), pipeline_of_check(result))


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE, graphs: Sequence[Graphs] = ()) -> str:
    """The page of a chain; `graphs` are those of each link."""
    return _render(view_chain(result, graphs), pipeline_of_chain(result))


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """The page of a project."""
    return _render(view_lint(result), pipeline_of_lint(result))


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """The page of a change of a model."""
    return _render(view_diff(result), pipeline_of_diff(result))


def embed(page: str) -> str:
    """The page as a frame of a notebook: its style and script stay in it.

    It may run its own script and fill the clipboard, and reaches nothing of the notebook.
    """
    return (
        f'<iframe srcdoc="{_attribute(page)}" sandbox="allow-scripts" allow="clipboard-write" '
        'title="sigcheck report" style="width:100%;height:640px;border:0"></iframe>'
    )


def _attribute(page: str) -> str:
    return page.replace("&", "&amp;").replace('"', "&quot;")


def _render(view: PageView, pipeline: Pipeline) -> str:
    style = "".join(map(_compact, ("colours.css", "drawing.css", "report.css")))
    script = template_text("report.js")
    text = (
        _environment()
        .get_template("report.html.j2")
        .render(
            view=view,
            pipeline=_draw(pipeline),
            has_pictures=has_layout(),
            install=INSTALL,
            style=_markup(style),
            style_hash=_digest(style),
            script=_markup(script),
            script_hash=_digest(script),
            explain=_explain,
        )
    )
    return text.rstrip("\n")


def _draw(pipeline: Pipeline) -> tuple[Markup, int] | None:
    """The picture of the pipeline, and how many connections are not drawn."""
    if not pipeline.boxes or not has_layout():
        return None
    from sigcheck.reports.formats.svg import draw

    picture, left_out = draw(pipeline)
    return _markup(picture), left_out


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sigcheck.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    environment.filters |= {
        "code": _code,
        "search": _search,
        "markup": _markup,
        "lines": _lines,
        "cost": _cost,
        "reason": reason,
        "short": "{:.2g}".format,
    }
    environment.tests["listed"] = _is_listed
    return environment


def _is_listed(model: LintedModel) -> bool:
    """Whether the page lists the tensors of a model: where a picture leaves some out, or its sizes have names."""
    made = model.signature
    if made is None:
        return False
    is_long = max(len(made.inputs), len(made.outputs)) > MOST_UNLINKED_PORTS
    return is_long or bool(made.constraints) or any(one.sizes for one in (*made.inputs, *made.outputs))


def _finalize(value: Any) -> Any:
    """Text of models with what a page would obey or hide written as an escape; markup of our own as it is."""
    return printable(value) if type(value) is str else value


def _markup(text: str) -> Markup:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # written here, or escaped before


def _lines(text: str) -> Markup:
    """The text with its ends of lines, which are ours: nothing that a model is called has one left."""
    return _markup("\n".join(map(escaped, text.split("\n"))))


def _code(source: str) -> Markup:
    from sigcheck.reports.parts.highlight import highlight

    return _markup(highlight(source))


def _search(graph: nx.DiGraph[Any], binding: Binding) -> SearchPicture:
    from sigcheck.reports.parts.search_picture import draw_search

    return draw_search(graph, binding)


def _cost(plan: Any) -> str:
    """What a plan pays, in words."""
    cost = plan.cost
    counts = ((name, getattr(cost, name)) for name in ("irreversible", "truncating", "rounding"))
    parts = [f"{count} {name}" for name, count in counts if count]
    if cost.bytes_moved:
        parts.append(f"{cost.bytes_moved:,} bytes moved")
    return ", ".join(parts) or "nothing"


def _explain(rule: str) -> tuple[str, Markup] | None:
    """The first line of a rule's help page, and the page; None for what no rule of the catalog found."""
    from sigcheck import rules

    if rule not in rules.RULES:
        return None
    lines = rules.explain(rule).split("\n")
    return rules.summary(rule), _markup("\n".join(map(escaped, lines[2:])))


def _compact(name: str) -> str:
    """A style sheet without the room between its lines."""
    return "".join(f"{line.strip()}\n" for line in template_text(name).splitlines() if line.strip())


def _digest(text: str) -> str:
    """The hash by which a policy of the page allows exactly this style or script (CSP level 3, section 2.3.1)."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
