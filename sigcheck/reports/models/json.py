"""JSON: the contract of DESIGN.md for models; what it gives is itself a source."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.signature import Model

NAME = "json"


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """What `show` found: one object for one source, a list for several."""
    written = [model.model_dump(mode="json") for model in models]
    return dump_json(written[0] if len(written) == 1 else written)
