"""HTML: the whole report as one file that loads nothing, to be opened, sent and printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.canvas import escaped
from sigcheck.reports.parts.layout import INSTALL, has_layout
from sigcheck.reports.parts.length_table import reason
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.page_content import Searches, view_chain, view_check, view_diff, view_lint
from sigcheck.reports.parts.page_view import PageView
from sigcheck.reports.parts.pipeline import (
    MOST_UNLINKED_PORTS,
    Pipeline,
    pipeline_of_chain,
    pipeline_of_check,
    pipeline_of_diff,
    pipeline_of_lint,
)
from sigcheck.reports.parts.step_page import step_page
from sigcheck.reports.parts.web_page import environment, fill, markup

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from sigcheck.reports.parts.page_view import Edges
    from sigcheck.reports.parts.search_picture import SearchPicture
    from sigcheck.schema.chain import ChainResult
    from sigcheck.schema.project import LintedModel, LintResult
    from sigcheck.schema.report import Binding, CheckResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "html"
HAS_FINDINGS = True
KNOWN_BY = re.compile(
    r"\A<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    r"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
)

NOTHING_SEARCHED: Searches = {}


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE, searched: Searches = NOTHING_SEARCHED) -> str:
    """The page of a check; `searched` are the steps that were looked at, by input, and are drawn where given."""
    return _render(view_check(result, searched), pipeline_of_check(result), page)


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE, searched: Sequence[Searches] = ()) -> str:
    """The page of a chain; `searched` are the steps of each link."""
    return _render(view_chain(result, searched), pipeline_of_chain(result), page)


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """The page of a project."""
    return _render(view_lint(result), pipeline_of_lint(result), page)


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """The page of a change of a model."""
    return _render(view_diff(result), pipeline_of_diff(result), page)


def _render(view: PageView, pipeline: Pipeline, page: Page) -> str:
    return fill(
        _environment(),
        "report.html.j2",
        ("colours.css", "drawing.css", "report.css"),
        "report.js",
        view=view,
        pipeline=_draw(pipeline),
        has_pictures=has_layout(),
        install=INSTALL,
        explain=_explain,
        page=page,
    )


def _draw(pipeline: Pipeline) -> tuple[Markup, int] | None:
    """The picture of the pipeline, and how many connections are not drawn."""
    if not pipeline.boxes or not has_layout():
        return None
    from sigcheck.reports.formats.svg import draw

    picture, left_out = draw(pipeline)
    return markup(picture), left_out


@cache
def _environment() -> Environment:
    made = environment(
        {
            "code": _code,
            "search": _search,
            "lines": _lines,
            "cost": _cost,
            "reason": reason,
            "short": "{:.2g}".format,
            "step_page": step_page,
            "after_name": _after_name,
        }
    )
    made.tests["explained"] = _is_explained
    made.tests["listed"] = _is_listed
    return made


def _is_explained(step: str) -> bool:
    """Whether there is a help page of the step of this name."""
    return step_page(step) is not None


def _after_name(summary: str) -> str:
    """`Cast: change the dtype` without the name, which stands before it."""
    name, colon, rest = summary.partition(": ")
    return rest[:1].upper() + rest[1:] if colon else name


def _is_listed(model: LintedModel) -> bool:
    """Whether the page lists the tensors of a model: where a picture leaves some out, or its sizes have names."""
    made = model.signature
    if made is None:
        return False
    is_long = max(len(made.inputs), len(made.outputs)) > MOST_UNLINKED_PORTS
    return is_long or bool(made.constraints) or any(one.sizes for one in (*made.inputs, *made.outputs))


def _lines(text: str) -> Markup:
    """The text with its ends of lines, which are ours: nothing that a model is called has one left."""
    return markup("\n".join(map(escaped, text.split("\n"))))


def _code(source: str) -> Markup:
    from sigcheck.reports.parts.highlight import highlight

    return markup(highlight(source))


def _search(edges: Edges, binding: Binding) -> SearchPicture:
    from sigcheck.reports.parts.search_picture import draw_search

    return draw_search(edges, binding)


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
    return rules.summary(rule), markup("\n".join(map(escaped, lines[2:])))
