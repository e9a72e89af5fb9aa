"""Text: the report for people, in a terminal or a log."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sigcheck.reports.parts.finding import LEVEL_COLOURS, render_finding
from sigcheck.reports.parts.meaning import meaning_of
from sigcheck.reports.parts.obstacle import tell_obstacle
from sigcheck.reports.parts.page import DEFAULT_PAGE, Colour, Page
from sigcheck.reports.parts.row_words import row_words
from sigcheck.reports.parts.table import table
from sigcheck.schema.finding import LEVELS
from sigcheck.schema.printable import printable, without_commands

if TYPE_CHECKING:
    from sigcheck.schema.chain import ChainResult
    from sigcheck.schema.plan import Plan, Step, Verdict
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.report import Binding, CheckResult, Verification
    from sigcheck.schema.state import State
    from sigcheck.schema.upgrade import DiffResult

NAME = "text"
HAS_FINDINGS = True
# Two names or a line of a file, and behind all else what was found.
KNOWN_BY = re.compile(
    r"\A(?=[^\n]*?(?:\n [^\n]*?){0,9}?(?:\s-> |:\d+: )|\d+ models?[,;] )[\s\S]*?"
    r"\nfound: (?:nothing|\d+ (?:error|warning|note)s?\b[^\n]*)(?:\n|\Z)"
)

_VERDICT_COLOURS: dict[Verdict, Colour] = {
    "fits": "green",
    "adapts": "green",
    "guarded": "yellow",
    "undecided": "red",
    "blocked": "red",
}

# More plans side by side than these would leave no room to read one.
_MOST_SIDE_BY_SIDE = 3
_COLUMNS_OF_A_PLAN = 24


def render_check(result: CheckResult, page: Page = DEFAULT_PAGE) -> str:
    """The verdict, the bindings, the findings, the plans, what was not checked, and the proof."""
    if page.is_quiet:
        errors = [finding for finding in result.findings if finding.level == "error"]
        return without_commands("\n".join(line for finding in errors for line in render_finding(finding, page)))
    blocks = [
        _headline(result, page),
        _bindings(result, page),
        *(render_finding(finding, page) for finding in result.findings),
        *(_binding_plans(binding, page) for binding in result.bindings),
        *_choices(result, page),
        _states(result.states, page),
        _unchecked(result.unchecked, page),
        [*_verification(result.verification, page), *_counts(result, page)],
    ]
    if page.is_verbose and result.adapter is not None:
        blocks.append([page.paint("adapter", "bold"), *_code(result.adapter.source)])
    return without_commands("\n\n".join("\n".join(block) for block in blocks if block))


def _choices(result: CheckResult, page: Page) -> list[list[str]]:
    if not result.choices:
        return []
    from sigcheck.reports.parts.length_table import length_choice

    return [length_choice(choice, page) for choice in result.choices]


def render_chain(result: ChainResult, page: Page = DEFAULT_PAGE) -> str:
    """Each link as a check of its own, then what they lose together, and the verdict of the whole."""
    # A model stands in two links, and its states are told once.
    links = [render_check(link.model_copy(update={"states": ()}), page) for link in result.links]
    if page.is_quiet:
        return "\n".join(filter(None, links))
    word = page.paint(result.verdict, _VERDICT_COLOURS[result.verdict], "bold")
    from sigcheck.reports.parts.ledger import render_ledger

    fed = "\n".join(_feed(result, page))
    states = "\n".join(_states(result.states, page))
    blocks = [*links, states, fed, render_ledger(result, page), f"chain: {word}: {meaning_of(result)}"]
    return without_commands("\n\n".join(filter(None, blocks)))


def _states(states: Sequence[State], page: Page) -> list[str]:
    return (
        _list("states", [f"{one}, and {json.dumps(one.initial)} in the first" for one in states], page)
        if states
        else []
    )


def _feed(result: ChainResult, page: Page) -> list[str]:
    """Which sizes the first model may be fed, and with details what demands each."""
    if result.feed is None:
        return []
    from sigcheck.reports.parts.feed_words import feed_words

    words = feed_words(result.feed)
    lines = [page.paint("feed", "bold")] if words else []
    for line in words:
        lines += page.wrap(printable(line), first="  ", rest="    ")
    if page.is_verbose and words:
        rows = [
            (one.holds if not at else "", printable(reason))
            for one in result.feed.constraints
            for at, reason in enumerate(one.because)
        ]
        lines += table(page, ("holds", "because"), rows, indent="  ")
    return lines


def render_lint(result: LintResult, page: Page = DEFAULT_PAGE) -> str:
    """Every finding of a lint that counts, and what was looked at."""
    from sigcheck.reports.parts import project_text

    return without_commands(project_text.render_lint(result, page))


def render_diff(result: DiffResult, page: Page = DEFAULT_PAGE) -> str:
    """Every change of a model, and what becomes of each link."""
    from sigcheck.reports.parts import project_text

    return without_commands(project_text.render_diff(result, page))


def _headline(result: CheckResult, page: Page) -> list[str]:
    sides = page.wrap(f"{printable(result.producer.named)} -> {printable(result.consumer.named)}", rest="  ")
    said = page.wrap(f"{result.verdict}: {meaning_of(result)}", rest="  ")
    word = page.paint(result.verdict, _VERDICT_COLOURS[result.verdict], "bold")
    called = [] if result.row_by_row is None else page.wrap(printable(row_words(result.row_by_row)), rest="  ")
    return [*sides, said[0].replace(result.verdict, word, 1), *said[1:], *called]


def _bindings(result: CheckResult, page: Page) -> list[str]:
    rows = [
        (_endpoint(one.provided, str(one.provided_spec)), _endpoint(one.required, str(one.required_spec)), one.verdict)
        for one in result.bindings
    ]
    paints = [_VERDICT_COLOURS[one.verdict] for one in result.bindings]
    return table(page, ("output", "input", "verdict"), rows, indent="  ", paints=paints) if rows else []


def _endpoint(name: str, spec: str) -> str:
    return f"{printable(name)}: {spec}"


def _title(text: str, page: Page) -> list[str]:
    return [page.paint(line, "bold") for line in page.wrap(text, rest="  ")]


def _binding_plans(binding: Binding, page: Page) -> list[str]:
    of = f"{printable(binding.required)} from {printable(binding.provided)}"
    lines = [line for part in binding.parts for line in _binding_plans(part, page)]
    plan = binding.after_parts
    if plan is not None and plan.steps:
        lines += _title(f"plan of {of}", page)
        if binding.parts:
            ends = " and ".join(_endpoint(part.provided, str(part.provided_spec)) for part in binding.parts)
            lines += page.wrap(f"from {ends}", first="  ", rest="    ")
        lines += _steps(plan, page)
    lines += _asserted(binding, page)
    if len(binding.candidates) == 1:
        lines += [*_title(f"candidate for {of}", page), *_steps(binding.candidates[0], page)]
    elif binding.candidates:
        lines += [*_title(f"candidates for {of}", page), *_candidates(binding.candidates, page)]
    if binding.nearest is not None and binding.nearest.steps:
        lines += [*_title(f"nearest for {of}, not allowed or not enough", page), *_steps(binding.nearest, page)]
    told = tell_obstacle(binding)
    if told:
        lines += _title(f"why {of} is blocked" if binding.verdict == "blocked" else f"why no plan of {of}", page)
        for line in told:
            lines += page.wrap(printable(line), first="  ", rest="    ")
    if page.is_verbose and binding.alternatives:
        lines += _title(f"alternatives for {of}", page)
        for plan in binding.alternatives:
            lines += page.wrap(f"{printable(str(plan))} ({plan.loss})", first="  ", rest="    ")
    return lines


def _asserted(binding: Binding, page: Page) -> list[str]:
    """What is asserted of sizes, below the steps where there are any."""
    has_steps = bool(binding.after_parts is not None and binding.after_parts.steps)
    ends = f"{printable(binding.required)} from {printable(binding.provided)}"
    lines = _title(f"plan of {ends}", page) if binding.asserts and not has_steps else []
    for guard in binding.asserts:
        lines += page.wrap(f"asserts at run time: {printable(guard.holds)}", first="  ", rest="    ")
    return lines


def _steps(plan: Plan, page: Page) -> list[str]:
    if not plan.steps:
        return ["  as it is"]
    rows = [
        (f"{at}.", printable(str(step)), str(step.result), step.loss) for at, step in enumerate(plan.steps, start=1)
    ]
    lines = table(page, ("", "step", "result", "loss"), rows, indent="  ")
    for at, step in enumerate(plan.steps, start=1):
        for note in _conditions(step):
            lines += page.wrap(f"step {at} {note}", first="  ", rest="    ")
    if page.is_verbose:
        lines += page.wrap(f"cost: {_price(plan)}", first="  ", rest="    ")
    return lines


def _price(plan: Plan) -> str:
    return ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in _cost(plan) if value) or "nothing"


def _conditions(step: Step) -> Iterator[str]:
    if step.assumption:
        yield f"assumes {printable(step.assumption)}"
    if step.guard:
        yield f"asserts at run time: {printable(step.guard)}"


def _cost(plan: Plan) -> Iterator[tuple[str, int]]:
    yield from plan.cost._asdict().items()


def _candidates(candidates: tuple[Plan, ...], page: Page) -> list[str]:
    if len(candidates) > min(_MOST_SIDE_BY_SIDE, page.width // _COLUMNS_OF_A_PLAN):
        return [
            line
            for at, plan in enumerate(candidates, start=1)
            for line in page.wrap(f"({at}) {printable(str(plan))}", first="  ", rest="      ")
        ]
    sides = [_story(plan, page) for plan in candidates]
    height = max(map(len, sides))
    rows = [[side[at] if at < len(side) else "" for side in sides] for at in range(height)]
    return table(page, [f"({at})" for at in range(1, len(sides) + 1)], rows, indent="  ")


def _story(plan: Plan, page: Page) -> list[str]:
    """A plan as a column: each step, what it gives, and its conditions."""
    lines = []
    for step in plan.steps:
        lines += [printable(str(step)), f"-> {step.result}", *_conditions(step)]
    return [*lines, f"loss: {plan.loss}", *([f"cost: {_price(plan)}"] if page.is_verbose else [])]


def _unchecked(items: Sequence[str], page: Page) -> list[str]:
    if not items:
        return []
    declared = "declare what is known, as with --fact producer.NAME.range=LOW,HIGH"
    help_text = f"{declared}, or have data show it: sigcheck observe DATA -o facts.toml"
    return [*_list("not checked", items, page), *page.wrap(help_text, first="  ", rest="    ")]


def _list(title: str, items: Sequence[str], page: Page) -> list[str]:
    lines = (line for item in items for line in page.wrap(printable(item), first="  - ", rest="    "))
    return [page.paint(title, "bold"), *lines]


def _verification(verification: Verification, page: Page) -> list[str]:
    cases = f", {verification.cases} case{'' if verification.cases == 1 else 's'}" if verification.cases else ""
    failed = f", {len(verification.failures)} failed" if verification.failures else ""
    reason = f" ({printable(verification.reason)})" if verification.reason else ""
    told = page.wrap(
        f"verified: {verification.level}{cases}{failed}{_largest_error(verification)}{reason}", rest="    "
    )
    # Of adapters that sigcheck writes itself the JSON says it; models are somebody's programs.
    if verification.walls is None or not (verification.level == "end_to_end" or _has_run_models(verification)):
        return told
    return [*told, *page.wrap(f"walls: {printable(str(verification.walls))}", rest="    ")]


def _has_run_models(verification: Verification) -> bool:
    return any(failure.subject != "adapter" for failure in verification.failures)


def _largest_error(verification: Verification) -> str:
    if not verification.max_abs_error:
        return ""
    relative = f" ({verification.max_rel_error:.2g} relative)" if verification.max_rel_error else ""
    return f", largest error {verification.max_abs_error:.2g}{relative}"


def _counts(result: CheckResult, page: Page) -> list[str]:
    counts = Counter(finding.level for finding in result.findings)
    words = [
        page.paint(f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}", LEVEL_COLOURS[level])
        for level in reversed(LEVELS)
        if counts[level]
    ]
    return [f"found: {', '.join(words) or 'nothing'}"]


def _code(source: str) -> list[str]:
    return [f"  {printable(line)}".rstrip() for line in source.splitlines()]
