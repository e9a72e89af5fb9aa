"""JUnit: a test case for each input of each link, as every CI server shows test results.

https://github.com/jenkinsci/xunit-plugin, junit-10.xsd
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sigcheck.reports.parts.digest import (
    COULD_NOT_CHECK,
    Problem,
    digest_chain,
    digest_check,
    digest_diff,
    digest_lint,
    full_message,
)
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.report import CheckResult

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "junit"
HAS_FINDINGS = True
KNOWN_BY = re.compile(r'\A<\?xml [^\n]*\n<testsuites name="sigcheck" ')


@dataclass
class _Case:
    """A test case: it fails where a problem is an error, and errs where the question was not answered."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    is_undecided: bool = False
    obstacle: tuple[str, ...] = ()

    @property
    def outcome(self) -> str | None:
        errors = [one for one in self.problems if one.finding.level == "error"]
        if not errors:
            return None
        is_open = self.is_undecided or any(one.finding.rule == COULD_NOT_CHECK for one in errors)
        return "error" if is_open else "failure"


@dataclass
class _Suite:
    name: str
    is_undecided: bool = False
    cases: dict[str, _Case] = field(default_factory=dict)

    def add(self, name: str, *, is_undecided: bool = False) -> None:
        self.cases[name] = _Case(name, is_undecided=is_undecided or self.is_undecided)

    def put(self, name: str, problem: Problem) -> None:
        self.cases.setdefault(name, _Case(name, is_undecided=self.is_undecided)).problems.append(problem)


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """One suite with a case for each input."""
    suite = _of_check(result)
    for problem in digest_check(result, page).active:
        suite.put(problem.finding.place, problem)
    return _render([suite])


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """A suite for each link, with a case for each input."""
    suites = {suite.name: suite for suite in map(_of_check, result.links)}
    for problem in digest_chain(result, page).active:
        suites[problem.subject].put(problem.finding.place, problem)
    return _render(list(suites.values()))


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """A suite of the models and everything else that the config names, then one for each link."""
    models = _Suite(result.config)
    for model in result.models:
        models.add(model.name, is_undecided=model.problem is not None)
    unchecked = {link.name for link in result.links if link.problem is not None or link.verdict == "undecided"}
    links = {link.name: _Suite(link.name, link.name in unchecked) for link in result.links}
    for link in result.links:
        if link.check is not None:
            _add_inputs(links[link.name], link.check)
    for problem in digest_lint(result, page).active:
        if problem.subject in links:
            links[problem.subject].put(problem.finding.place, problem)
        else:
            models.put(problem.subject, problem)
    return _render([models, *links.values()])


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """One suite with a case for each place that changed and each link."""
    digest = digest_diff(result, page)
    suite = _Suite(f"{result.old.named} -> {result.new.named}")
    for link in result.links:
        suite.add(link.link)
    for problem in digest.active:
        suite.put(problem.finding.place, problem)
    return _render([suite])


def _of_check(result: CheckResult) -> _Suite:
    suite = _Suite(f"{result.producer.named} -> {result.consumer.named}")
    _add_inputs(suite, result)
    return suite


def _add_inputs(suite: _Suite, result: CheckResult) -> None:
    for binding in result.bindings:
        suite.add(binding.required, is_undecided=binding.verdict == "undecided")
        suite.cases[binding.required].obstacle = tell_obstacle(binding)


def _render(suites: list[_Suite]) -> str:
    from xml.etree import ElementTree as ET

    root = ET.Element("testsuites", {"name": "sigcheck", **_counts(case for one in suites for case in _cases(one))})
    for suite in suites:
        element = ET.SubElement(root, "testsuite", {"name": printable(suite.name), **_counts(_cases(suite))})
        for case in _cases(suite):
            _write_case(element, suite, case)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _cases(suite: _Suite) -> Iterator[_Case]:
    yield from suite.cases.values()


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    outcomes = [case.outcome for case in cases]
    counts = {
        "tests": len(outcomes),
        "failures": outcomes.count("failure"),
        "errors": outcomes.count("error"),
    }
    return {name: str(count) for name, count in counts.items()}


def _write_case(parent: ET.Element, suite: _Suite, case: _Case) -> None:
    from xml.etree import ElementTree as ET

    # Control characters have no form in XML 1.0, not even escaped: `printable` writes them in words.
    attributes = {"name": printable(case.name), "classname": printable(suite.name)}
    element = ET.SubElement(parent, "testcase", attributes)
    errors = [one for one in case.problems if one.finding.level == "error"]
    others = [one for one in case.problems if one.finding.level != "error"]
    if case.outcome is not None:
        first = errors[0].finding
        told = {"type": first.rule, "message": printable(first.message)}
        ET.SubElement(element, case.outcome, told).text = "\n\n".join([_text(errors), *_why(case)])
    if others:
        ET.SubElement(element, "system-out").text = _text(others)


def _why(case: _Case) -> Iterator[str]:
    if case.obstacle:
        yield "\n".join(map(printable, ("why not:", *case.obstacle)))


def _text(problems: list[Problem]) -> str:
    blocks = (
        f"{one.finding.level}[{one.finding.rule}] {printable(str(one))}\n{full_message(one.finding)}"
        for one in problems
    )
    return "\n\n".join(blocks)
