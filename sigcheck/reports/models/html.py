"""HTML: the signatures of sources as one page that loads nothing, and as a frame of a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sigcheck.reports.parts.digest import counted
from sigcheck.reports.parts.model_words import tell_claims, tell_facts
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.reports.parts.web_page import embed, environment, fill
from sigcheck.schema.signature import Endpoint, Model, Signature

if TYPE_CHECKING:
    from jinja2 import Environment

NAME = "html"

# In pixels, as a browser lays the page out: what stands around the tables, and a line in one.
_AROUND, _LINE = 250, 37


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """A table for each signature of each source."""
    title = models[0].source if len(models) == 1 else counted(len(models), "model")
    return fill(_environment(), "model.html.j2", ("colours.css", "report.css"), title=title, models=models)


def frame(model: Model) -> str:
    """The page of one model as a frame of a notebook, as high as it is long."""
    lines = len(model.notes) + len(model.contradictions) + sum(map(_lines, model.signatures))
    return embed(render_models([model]), "sigcheck model", _AROUND + _LINE * lines)


def _lines(signature: Signature) -> int:
    claims = len(_claims(signature))
    # A table has a heading above it, and a head.
    tables = 1 + bool(claims)
    return 2 * tables + len(signature.inputs) + len(signature.outputs) + claims + 2 * len(signature.constraints)


@cache
def _environment() -> Environment:
    return environment({"facts": _facts, "claims": _claims})


def _facts(end: Endpoint) -> str:
    return tell_facts(end.spec.facts)


def _claims(signature: Signature) -> list[tuple[str, str, str, str]]:
    return [row for end in (*signature.inputs, *signature.outputs) for row in tell_claims(end)]
