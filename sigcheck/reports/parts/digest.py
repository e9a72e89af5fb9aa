"""Digest: a result as a flat list of problems, each with the file and line that it points at.

The formats of continuous integration (annotations, code quality, SARIF) all tell this list.
A result that did not pass always has a problem at level error in it, so that no dashboard
shows a failed check as a clean one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING

from sigcheck.reports.parts.meaning import meaning_of
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.finding import LEVELS, Finding
from sigcheck.schema.report import CheckResult, Side

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult, Location
    from sigcheck.schema.upgrade import DiffResult

    Result = CheckResult | ChainResult | LintResult | DiffResult

# The rule of a problem that no rule of the catalog found: the question could not be answered.
COULD_NOT_CHECK = "could_not_check"


@dataclass(frozen=True)
class Problem:
    """One finding and where it is.

    `path` is as the user wrote it, with slashes; `line` counts from 1, and is None in a model,
    which has none. `subject` is what the finding is about: a pair, a model or a link.
    `fingerprint` stays the same from run to run and when lines move. `suppression` is why it
    does not count, where it does not.
    """

    subject: str
    finding: Finding
    path: str
    line: int | None
    fingerprint: str
    suppression: str | None = None

    @property
    def line_or_first(self) -> int:
        """The line, for formats that want one of every file: the first stands for all of a model."""
        return self.line or 1

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Digest:
    """The problems of a result, in one line what it says, and its exit code."""

    headline: str
    problems: tuple[Problem, ...]
    exit_code: int

    @property
    def active(self) -> tuple[Problem, ...]:
        """The problems that count."""
        return tuple(problem for problem in self.problems if problem.suppression is None)


def digest(result: Result, page: Page = DEFAULT_PAGE) -> Digest:
    """What any result found. A quiet page has errors only."""
    if isinstance(result, CheckResult):
        return digest_check(result, page)
    if isinstance(result, ChainResult):
        return digest_chain(result, page)
    from sigcheck.schema.project import LintResult

    return digest_lint(result, page) if isinstance(result, LintResult) else digest_diff(result, page)


def digest_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> Digest:
    """The findings of one check; each points at the file of its side. A quiet page has errors only."""
    subject = f"{result.producer.named} -> {result.consumer.named}"
    problems = [_of_side(subject, finding, _side_of(finding, result)) for finding in result.findings]
    if result.exit_code and not _has_error(result.findings):
        finding = _could_not_check(subject, _verdict(result))
        problems.append(_of_side(subject, finding, result.consumer))
    return _digest(f"{subject}: {result.verdict}", problems, result.exit_code, page)


def digest_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> Digest:
    """The findings of all links of a pipeline, each as in the check of its link."""
    problems = [problem for link in result.links for problem in digest_check(link).problems]
    subject = " -> ".join(dict.fromkeys(side.named for one in result.links for side in (one.producer, one.consumer)))
    return _digest(f"{subject}: {result.verdict}", problems, result.exit_code, page)


def digest_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> Digest:
    """The findings of a lint, and what could not be checked; each points at its line of the config."""
    folder = PurePosixPath(PurePath(result.config).as_posix()).parent

    def told(subject: str, finding: Finding, location: Location) -> Problem:
        return Problem(subject, finding, str(folder / location.path), location.line, fingerprint(subject, finding))

    problems = [
        Problem(
            one.subject,
            one.finding,
            str(folder / one.location.path),
            one.location.line,
            one.fingerprint,
            None if one.suppression is None else f"{one.suppression.by}: {one.suppression.reason}",
        )
        for one in result.findings
    ]
    spoken = {one.subject for one in result.active if one.finding.level == "error"}
    problems += [
        told(model.name, _could_not_check(model.name, model.problem), model.location)
        for model in result.models
        if model.problem is not None and model.name not in spoken
    ]
    incomplete = set(result.incomplete)
    for link in result.links:
        if link.name in incomplete and link.name not in spoken:
            reason = link.problem or ("" if link.check is None else _verdict(link.check))
            problems.append(told(link.name, _could_not_check(link.name, reason), link.location))
    headline = f"{result.config}: {counted(len(result.links), 'link')}, {counted(len(result.models), 'model')}"
    return _digest(headline, problems, result.exit_code, page)


def digest_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> Digest:
    """The changes of a model, at its new version; an error where a link can no longer be decided."""
    subject = f"{result.old.named} -> {result.new.named}"
    problems = [_of_side(subject, finding, result.new) for finding in result.findings]
    if result.exit_code and not _has_error(result.findings):
        broken = next(one for one in result.links if one.effect == "broken")
        finding = _could_not_check(broken.link, _verdict(broken.after))
        problems.append(_of_side(broken.link, finding, result.new))
    changes = counted(len(result.findings), "change")
    return _digest(f"{subject}: {changes}", problems, result.exit_code, page)


def full_message(finding: Finding) -> str:
    """What is found, both specs and the cure, each on a line of its own."""
    details = (("required", finding.required), ("provided", finding.provided), ("help", finding.help))
    lines = [f"{finding.place}: {finding.message}", *(f"{label:<9} {text}" for label, text in details if text)]
    return "\n".join(map(printable, lines))


def counted(count: int, noun: str) -> str:
    """The count and the noun, in the plural where there are not one of it.

    >>> counted(1, "link"), counted(2, "link")
    ('1 link', '2 links')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def count_levels(findings: Iterable[Finding]) -> str:
    """How many findings of each level, the worst first; `nothing` where there are none."""
    counts = Counter(finding.level for finding in findings)
    return ", ".join(counted(counts[level], level) for level in reversed(LEVELS) if counts[level]) or "nothing"


def _digest(headline: str, problems: list[Problem], exit_code: int, page: Page) -> Digest:
    found = count_levels(problem.finding for problem in problems if problem.suppression is None)
    told = [one for one in problems if one.finding.level == "error"] if page.is_quiet else problems
    return Digest(f"{headline}; found: {found}", tuple(_distinct(told)), exit_code)


def _of_side(subject: str, finding: Finding, side: Side) -> Problem:
    return Problem(subject, finding, _path(side.source), None, fingerprint(subject, finding))


def _side_of(finding: Finding, result: CheckResult) -> Side:
    """Only what nothing requires is about the producer alone."""
    return result.producer if finding.required is None and finding.provided is not None else result.consumer


def _path(source: str) -> str:
    """The file of a source, without the signature that is selected in it."""
    return PurePath(source.rpartition("#")[0] or source).as_posix()


def fingerprint(subject: str, finding: Finding) -> str:
    """Subject, rule and place make it: messages may be reworded and lines may move."""
    return _hash(f"{subject}\0{finding.rule}\0{finding.place}")


def _hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _distinct(problems: list[Problem]) -> Iterator[Problem]:
    """The problems with fingerprints that differ: a rule may find two things at one place."""
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.fingerprint] += 1
        at = seen[problem.fingerprint]
        if at > 1:
            yield replace(problem, fingerprint=_hash(f"{problem.fingerprint} {at}"))
        else:
            yield problem


def _has_error(findings: Iterable[Finding]) -> bool:
    return any(finding.level == "error" for finding in findings)


def _verdict(result: CheckResult) -> str:
    return f"the verdict is {result.verdict}: {meaning_of(result)}"


def _could_not_check(place: str, reason: str) -> Finding:
    return Finding(
        rule=COULD_NOT_CHECK,
        level="error",
        place=place,
        message=f"could not be checked: {reason}",
        help="a check that could not be made has not passed: resolve this, and run it again",
    )
