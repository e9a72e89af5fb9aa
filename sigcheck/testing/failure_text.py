"""What a failed assertion says: required against provided, the first difference marked, the cure, the adapter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.reports.parts.page import printable
from sigcheck.rules.words.python_words import in_python
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding

if TYPE_CHECKING:
    from sigcheck.api import Report

_TOKEN = re.compile(r"\w+|\S")
_INDENT = "    "


def explain(report: Report, headline: str) -> str:
    """The headline, every finding at level error with its cure, and the adapter that would do, where there is one."""
    errors = [finding for finding in report.findings if finding.level == "error"]
    blocks = [[headline], *(explain_finding(finding, report.bindings) for finding in errors)]
    blocks += [*explain_obstacles(report.bindings), [*_adapter(report)]]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def sides(report: Report) -> tuple[str, str]:
    """The two sides as people read them."""
    return printable(report.result.producer.named), printable(report.result.consumer.named)


def explain_finding(finding: Finding, bindings: Sequence[Binding], *, is_in_test: bool = True) -> list[str]:
    """What is wrong, both specs one above the other, and what to write to have it right.

    The cure of a test is a keyword of its call; elsewhere it stays as the rule tells it.
    """
    lines = [f"{finding.place}: {finding.message} [{finding.rule}]"]
    pair = [one for one in bindings if one.required == finding.place]
    required, provided = finding.required, finding.provided
    if pair:
        lines += [f"  {line}" for line in _pair(pair[0])]
    elif required and provided and required.count(": ") == provided.count(": ") == 1:
        lines += [f"  {line}" for line in _marked(*required.split(": "), *provided.split(": "))]
    else:
        told = (("required", required), ("provided", provided))
        lines += [f"  {label:<9} {text}" for label, text in told if text]
    lines.append(f"  {'help':<9} {in_python(finding.help) if is_in_test else finding.help}")
    return [printable(line) for line in lines]


def explain_obstacles(bindings: Sequence[Binding], *, is_in_test: bool = True) -> list[list[str]]:
    """For each binding that nothing leads to, why not; with keywords of the call where it stands in a test."""
    return [
        [
            f"{printable(one.required)}: why not",
            *(printable(f"  {in_python(line) if is_in_test else line}") for line in told),
        ]
        for one in bindings
        if (told := tell_obstacle(one))
    ]


def _pair(binding: Binding) -> list[str]:
    return _marked(binding.required, str(binding.required_spec), binding.provided, str(binding.provided_spec))


def _marked(required: str, required_spec: str, provided: str, provided_spec: str) -> list[str]:
    return mark_difference(f"required  {required}: ", required_spec, f"provided  {provided}: ", provided_spec)


def mark_difference(first_head: str, first: str, second_head: str, second: str) -> list[str]:
    r"""Two specs one above the other, and below them marks under the first place in which the second differs.

    >>> print(*mark_difference("a: ", "float32[?, 3]", "b: ", "float32[?, 4]"), sep="\n")
    a: float32[?, 3]
    b: float32[?, 4]
                  ^
    """
    width = max(len(first_head), len(second_head))
    lines = [f"{first_head:<{width}}{first}", f"{second_head:<{width}}{second}"]
    pairs = zip_longest(_TOKEN.finditer(first), _TOKEN.finditer(second))
    for wanted, found in pairs:
        if wanted is None or found is None or wanted[0] != found[0]:
            start, end = found.span() if found is not None else (len(second), len(second) + 1)
            return [*lines, " " * (width + start) + "^" * (end - start)]
    return lines


def _adapter(report: Report) -> Iterator[str]:
    """Yields the adapter to paste, headed by what has to be true for it; nothing where no steps lead there."""
    if report.result.adapter is not None:
        yield from _code("the adapter that would do, once the errors are settled:", report.result.adapter.source)
        return
    match, plans = report.draft.match, [_nearest(binding) for binding in report.bindings]
    if match.missing or match.ambiguous or match.unjoined or None in plans or not plans:
        return
    from sigcheck.adapters.python_source import write_python

    bindings = [one.model_copy(update={"plan": plan}) for one, plan in zip(report.bindings, plans, strict=True)]
    source = write_python(report.result.producer, report.result.consumer, bindings)
    is_tied = any(binding.candidates for binding in report.bindings)
    title = (
        "the adapter, if the first candidate is what is meant:"
        if is_tied
        else "the adapter, once the policy allows it:"
    )
    yield from _code(title, source)


def _nearest(binding: Binding) -> Plan | None:
    """The plan of a binding, or the one that would lead to the required spec if it were chosen or allowed."""
    if binding.plan is not None:
        return binding.plan
    if any(part.plan is None for part in binding.parts):
        return None
    plan = binding.candidates[0] if binding.candidates else binding.nearest
    if plan is None or not plan.steps or not plan.steps[-1].result.is_subtype_of(binding.required_spec):
        return None
    return plan


def _code(title: str, source: str) -> Iterator[str]:
    yield title
    yield ""
    yield from (f"{_INDENT}{printable(line)}".rstrip() for line in source.strip().split("\n"))
