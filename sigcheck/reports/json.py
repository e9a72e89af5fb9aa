"""JSON: the contracts of DESIGN.md, for scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sigcheck.reports.page import DEFAULT_PAGE, Page
from sigcheck.schema.report import CheckResult
from sigcheck.schema.signature import Model

NAME = "json"


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """The answer to one check. The same result gives the same bytes, whatever the page."""
    written: dict[str, Any] = result.model_dump(mode="json")
    for binding in written["bindings"]:
        # Extensions of the contract, written only where they say something.
        _drop_empty(binding, "candidates", "nearest")
    for finding in written["findings"]:
        _drop_empty(finding, "required", "provided")
    return _dump(written)


def render_models(models: Sequence[Model], page: Page = DEFAULT_PAGE) -> str:
    """What `show` found: one object for one source, a list for several."""
    written = [model.model_dump(mode="json") for model in models]
    return _dump(written[0] if len(written) == 1 else written)


def _drop_empty(written: dict[str, Any], *names: str) -> None:
    for name in names:
        if not written[name]:
            del written[name]


def _dump(written: Any) -> str:
    # ASCII: names may hold what no output encoding has, such as half of a surrogate pair.
    return json.dumps(written, indent=2, ensure_ascii=True, allow_nan=False)
