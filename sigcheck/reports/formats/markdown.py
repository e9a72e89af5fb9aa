"""Markdown: the report as a comment on a pull request, with a picture of the pipeline.

Whatever comes from a model stands in code spans and code blocks only, where Markdown, HTML,
mentions and links mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sigcheck.reports.parts.digest import (
    Digest,
    Problem,
    count_levels,
    counted,
    digest_chain,
    digest_check,
    digest_diff,
    digest_lint,
    full_message,
)
from sigcheck.reports.parts.feed_words import feed_words
from sigcheck.reports.parts.flowchart import Edge, draw, edges_of
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.reports.parts.page import DEFAULT_PAGE, Page, printable
from sigcheck.reports.parts.pipeline import pipeline_of_chain, pipeline_of_check
from sigcheck.reports.parts.row_words import row_words
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.finding import Finding
from sigcheck.schema.plan import VERDICTS, Verdict
from sigcheck.schema.report import CheckResult, Verification

if TYPE_CHECKING:
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.upgrade import DiffResult

NAME = "markdown"
HAS_FINDINGS = True
KNOWN_BY = re.compile(r"\A## \W{1,3} sigcheck: ")

_MARKS = {"fits": "✅", "adapts": "✅", "guarded": "⚠️", "undecided": "❓", "blocked": "❌"}
_LEVEL_MARKS = {"error": "❌", "warning": "⚠️", "note": "💡"}
_EFFECT_MARKS = {"safe": "✅", "adapter": "⚠️", "broken": "❌", "failing": "❌"}
# GitHub takes no comment of more than 65,536 characters: so many are told, the worst first, and the others counted.
MAX_FINDINGS = 50
MAX_LINKS = 100


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """The verdict, a picture, the bindings, the findings, what was not checked, and the adapter to copy."""
    digest = digest_check(result, page)
    sides = f"{_code(result.producer.named)} → {_code(result.consumer.named)}"
    blocks = [
        [f"## {_MARKS[result.verdict]} sigcheck: {result.verdict}", "", f"{sides}, {_proof(result.verification)}"],
        [] if result.row_by_row is None else [_code(row_words(result.row_by_row))],
        _picture(edges_of(pipeline_of_check(result))),
        _bindings(result),
        *_obstacles(result),
        *_findings(digest.active),
        _listed("Not checked", result.unchecked),
        _folded("Adapter", result.adapter.source, "python") if result.adapter is not None else [],
    ]
    return _joined(blocks)


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """A picture of the pipeline, the bindings of each link, what all links lose together, and the findings."""
    digest = digest_chain(result, page)
    edges = edges_of(pipeline_of_chain(result))
    ledger = [
        (str(one.link), _code(one.place), _code(one.step), one.loss, _code(one.assumption or one.guard or "-"))
        for one in result.ledger
    ]
    blocks = [
        [f"## {_MARKS[result.verdict]} sigcheck: {result.verdict}, {counted(len(result.links), 'link')}"],
        _picture(edges),
        *(block for link in result.links for block in (_bindings(link), *_obstacles(link))),
        [] if result.feed is None else _listed("Feed", feed_words(result.feed)),
        _table(("link", "input", "step", "loss", "assumes or asserts"), ledger),
        *_findings(digest.active),
    ]
    return _joined(blocks)


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """A picture of all links, a table of those that do not simply fit, and the findings that count."""
    digest = digest_lint(result, page)
    edges = [Edge(one.producer, one.consumer, one.verdict, one.verdict) for one in result.links]
    rows = [
        (_code(one.name), _verdict(one.verdict), _code(one.adapter) if one.adapter else "", _state(one.adapter_state))
        for one in sorted(result.links, key=lambda link: -VERDICTS.index(link.verdict))
        if one.verdict != "fits"
    ]
    mark = "✅" if result.exit_code == 0 else "❌"
    suppressed = len(digest.problems) - len(digest.active)
    blocks = [
        [f"## {mark} sigcheck: {_found(digest)}", "", _scope(result, suppressed)],
        _picture(edges),
        _table(("link", "verdict", "adapter", "state"), rows[:MAX_LINKS]),
        [f"{counted(len(rows) - MAX_LINKS, 'more link')} not shown"] if len(rows) > MAX_LINKS else [],
        *_findings(digest.active),
    ]
    return _joined(blocks)


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """The changes of a model, and what they do to each link."""
    digest = digest_diff(result, page)
    mark = "✅" if result.exit_code == 0 else "❌"
    rows = [
        (_code(one.link), f"{_EFFECT_MARKS[one.effect]} {one.effect}", one.before, _verdict(one.after.verdict))
        for one in result.links
    ]
    blocks = [
        [
            f"## {mark} sigcheck: {counted(len(result.findings), 'change')}",
            "",
            f"{_code(result.old.named)} → {_code(result.new.named)}",
        ],
        _table(("link", "effect", "before", "after"), rows),
        *_findings(digest.active),
    ]
    return _joined(blocks)


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _found(digest: Digest) -> str:
    return f"found {count_levels(problem.finding for problem in digest.active)}"


def _scope(result: LintResult, suppressed: int) -> str:
    hidden = f", {counted(suppressed, 'finding')} ignored or in the baseline" if suppressed else ""
    models, links = counted(len(result.models), "model"), counted(len(result.links), "link")
    return f"{_code(result.config)}: {models}, {links}{hidden}"


def _bindings(result: CheckResult) -> list[str]:
    rows = [
        (
            _code(f"{one.provided}: {one.provided_spec}"),
            _code(f"{one.required}: {one.required_spec}"),
            _verdict(one.verdict),
            _code(", ".join(map(str, one.told_steps))) if one.plan is not None and one.told_steps else "",
        )
        for one in result.bindings
    ]
    return _table(("output", "input", "verdict", "steps"), rows)


def _obstacles(result: CheckResult) -> list[list[str]]:
    return [
        _listed(f"Why nothing leads to {_code(one.required)}", told)
        for one in result.bindings
        if (told := tell_obstacle(one))
    ]


def _picture(edges: Sequence[Edge]) -> list[str]:
    if not edges:
        return []
    drawn, left_out = draw(edges)
    note = ["", f"{counted(left_out, 'more link')} not drawn"] if left_out else []
    return ["```mermaid", drawn, "```", *note]


def _verdict(verdict: Verdict) -> str:
    return f"{_MARKS[verdict]} {verdict}"


def _state(state: str) -> str:
    return "" if state == "not_needed" else state.replace("_", " ")


def _proof(verification: Verification) -> str:
    cases = f", {counted(verification.cases, 'case')}" if verification.cases else ""
    return f"verified: {verification.level}{cases}"


def _findings(problems: Sequence[Problem]) -> Iterator[list[str]]:
    """Yields a block for each finding, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(problems, key=lambda problem: order[problem.finding.level])
    for problem in ranked[:MAX_FINDINGS]:
        # In a project the line says less than the name of the model or link.
        of = "" if problem.line is None else f" of {_code(problem.subject)}"
        yield _finding(problem.finding, f"{of} at {_code(str(problem))}")
    if len(ranked) > MAX_FINDINGS:
        yield [f"{counted(len(ranked) - MAX_FINDINGS, 'more finding')} not shown"]


def _finding(finding: Finding, where: str) -> list[str]:
    head = f"{_LEVEL_MARKS[finding.level]} **{finding.level}** {_code(finding.rule)}{where}"
    return [head, *_fenced(full_message(finding))]


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"**{title}**", "", *(f"- {_code(item)}" for item in items)] if items else []


def _folded(title: str, source: str, language: str) -> list[str]:
    return [f"<details><summary>{title}</summary>", "", *_fenced(source.rstrip("\n"), language), "", "</details>"]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(_cell(cell) for cell in cells)} |" for cells in lines]


def _cell(text: str) -> str:
    """The text as it stands in a table, where a bar ends the cell, in code spans too (GFM, section 4.10)."""
    return text.replace("|", "\\|")


def _code(text: str) -> str:
    """The text as a code span, in which nothing has a meaning but the run of backticks that ends it."""
    plain = printable(text)
    ticks = "`" * (1 + max(map(len, re.findall(r"`+", plain)), default=0))
    pad = " " if plain[:1] in {"`", " "} or plain[-1:] in {"`", " "} else ""
    return f"{ticks}{pad}{plain}{pad}{ticks}" if plain else "(no name)"


def _fenced(text: str, language: str = "text") -> list[str]:
    """The text as a code block whose fence is longer than any in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return [f"{fence}{language}", *map(printable, text.split("\n")), fence]
