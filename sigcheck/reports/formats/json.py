"""JSON: the contracts of DESIGN.md, for scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sigcheck.reports.parts.json_text import dump_json
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.report import CheckResult

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "json"
HAS_FINDINGS = True
KNOWN_BY = re.compile(r'\A\{\n  "schema_version": \d+,\n  "(?:producer|links|config|old)": ')


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """The answer to one check. The same result gives the same bytes, whatever the page."""
    return dump_json(_check(result.model_dump(mode="json")))


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """The answer to the check of a pipeline: its links as checks, and the ledger."""
    written: dict[str, Any] = result.model_dump(mode="json")
    for link in written["links"]:
        _check(link)
    _drop_empty(written, "feed")
    return dump_json(written)


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """The answer to one lint: models, links with their checks, and the findings as they count."""
    written: dict[str, Any] = result.model_dump(mode="json")
    _drop_empty(written, "against")
    for link in written["links"]:
        if link["check"] is not None:
            _check(link["check"])
    for one in written["findings"]:
        _drop_empty(one["finding"], "required", "provided")
        _drop_empty(one, "suppression", "against")
    return dump_json(written)


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """The answer to one diff."""
    written: dict[str, Any] = result.model_dump(mode="json")
    for finding in written["findings"]:
        _drop_empty(finding, "required", "provided")
    for link in written["links"]:
        _check(link["after"])
    return dump_json(written)


def _check(written: dict[str, Any]) -> dict[str, Any]:
    verification = written["verification"]
    # For the certificate, which repeats the proof.
    del verification["sizes"], verification["seeds"]
    for name in ("max_abs_error", "max_rel_error", "walls"):
        # Nothing was lost (0.0) is worth saying, nothing was measured, or run, is not.
        if verification[name] is None:
            del verification[name]
    for failure in verification["failures"]:
        _drop_empty(failure, "counterexample")
        if "counterexample" in failure:
            del failure["counterexample"]["npz"]
    _drop_empty(written, "holds_where")
    _drop_empty(written, "choices", "observed")
    for seen in written.get("observed", ()):
        _drop_empty(seen["evidence"], "quantiles")
    for binding in written["bindings"]:
        _name_specs(binding)
    for finding in written["findings"]:
        _drop_empty(finding, "required", "provided")
    return written


def _name_specs(binding: dict[str, Any]) -> None:
    """Gives each spec of a binding, and of what is joined for it, the name that one of the contract has."""
    for end in ("provided", "required"):
        binding[f"{end}_spec"] = {"name": binding[end], **binding[f"{end}_spec"]}
    plans = [binding["plan"], binding["nearest"], *binding["candidates"], *binding["alternatives"]]
    steps = [step for plan in plans if plan is not None for step in plan["steps"]]
    for step in (*steps, *([binding["junction"]] if "junction" in binding else ())):
        step["result"] = {"name": binding["required"], **step["result"]}
    for part in binding.get("parts", ()):
        _name_specs(part)
    # Extensions of the contract, written only where they say something.
    _drop_empty(binding, "candidates", "nearest", "obstacle")
    if "obstacle" in binding:
        binding["obstacle"]["reached"] = {"name": binding["required"], **binding["obstacle"]["reached"]}


def _drop_empty(written: dict[str, Any], *names: str) -> None:
    for name in names:
        if not written[name]:
            del written[name]
