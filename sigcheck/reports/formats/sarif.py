"""SARIF 2.1.0: the static analysis results format of OASIS, as GitHub code scanning and editors read it.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sigcheck.reports.parts.digest import Problem, digest, full_message
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable

if TYPE_CHECKING:
    from sigcheck.reports.parts.digest import Result

NAME = "sarif"
HAS_FINDINGS = True
KNOWN_BY = re.compile(
    r'\A\{\n  "\$schema": "[^"\n]*",\n  "version": "2\.1\.0",\n  "runs": \[\n    \{\n      "tool": \{\n'
    r'        "driver": \{\n          "name": "sigcheck"'
)

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# As GitHub and CodeQL name the root of a checkout.
_ROOT = "%SRCROOT%"
# A file name that may hold a drive letter or be absolute becomes a URI with a scheme, else a relative one.
_SAFE_IN_PATH = "/-._~"


def render(result: Result, page: Page = DEFAULT_PAGE) -> str:
    """One run with a result for each finding, ignored ones marked as suppressed."""
    told = digest(result, page)
    from sigcheck import __version__

    rules = sorted({problem.finding.rule for problem in told.problems})
    driver: dict[str, Any] = {"name": "sigcheck", "version": __version__}
    if page.docs:
        driver["informationUri"] = page.docs
    driver["rules"] = [_rule(name, page) for name in rules]
    # A run that could not check everything was no successful execution of the tool (section 3.20.14).
    invocation = {"executionSuccessful": told.exit_code in {0, 1}, "exitCode": told.exit_code}
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that sigcheck was run in."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, rules) for problem in told.problems],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


render_check = render_chain = render_lint = render_diff = render


def _rule(name: str, page: Page) -> dict[str, Any]:
    from sigcheck.rules import RULES, explain, summary

    if name not in RULES:
        return {"id": name, "shortDescription": {"text": "The question could not be answered."}}
    address = page.address_of("rules", name)
    return {
        "id": name,
        "shortDescription": {"text": _message(summary(name))},
        **({"helpUri": address} if address else {}),
        "help": {"text": _message(explain(name)), "markdown": explain(name)},
        "defaultConfiguration": {"level": RULES[name].LEVEL},
    }


def _result(problem: Problem, rules: list[str]) -> dict[str, Any]:
    finding = problem.finding
    written: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": finding.level,
        "message": {"text": _message(full_message(finding))},
        "locations": [
            {
                # Code scanning shows no result without a line.
                "physicalLocation": {
                    "artifactLocation": _location(problem.path),
                    "region": {"startLine": problem.line_or_first},
                },
                "logicalLocations": [
                    {
                        "name": printable(finding.place),
                        "fullyQualifiedName": printable(f"{problem.subject}/{finding.place}"),
                    }
                ],
            }
        ],
        "partialFingerprints": {"sigcheck/v1": problem.fingerprint},
    }
    if problem.suppression is not None:
        written["suppressions"] = [{"kind": "external", "justification": printable(problem.suppression)}]
    return written


def _message(text: str) -> str:
    """A plain text message: braces stand for placeholders there, and `[text](target)` for a link (3.11.5, 3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _location(path: str) -> dict[str, str]:
    """Where a file is; a relative one from the folder that sigcheck was run in, which a viewer has elsewhere."""
    uri = _uri(path)
    return {"uri": uri} if uri.startswith("file://") else {"uri": uri, "uriBaseId": _ROOT}


def _uri(path: str) -> str:
    """A relative path as a relative reference, an absolute one as a file URI (RFC 8089)."""
    quoted = quote(path.encode("utf-8", "surrogatepass"), safe=_SAFE_IN_PATH)
    if PurePosixPath(path).is_absolute():
        return f"file://{quoted}"
    return f"file:///{quoted}" if path[1:3] == ":/" else quoted
