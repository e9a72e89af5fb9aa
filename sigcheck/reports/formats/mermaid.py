"""Mermaid: the picture of a pipeline, as Markdown on GitHub and GitLab shows it.

https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sigcheck.reports.parts.flowchart import draw, edges_of
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.pipeline import (
    Pipeline,
    pipeline_of,
)

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "mermaid"
HAS_FINDINGS = False
KNOWN_BY = re.compile(r"\Aflowchart LR\n(?:  m0\[|\Z)")


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """The models that a result speaks of, and their links."""
    return _render(pipeline_of(result))


render_check = render_chain = render_lint = render_diff = render


def _render(pipeline: Pipeline) -> str:
    drawn, left_out = draw(edges_of(pipeline))
    return f"{drawn}\n  %% {left_out} more not drawn" if left_out else drawn
