"""Lints and diffs as text, for people in a terminal or a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath, PurePosixPath

from sigcheck.reports.parts.finding import LEVEL_COLOURS, render_finding
from sigcheck.reports.parts.meaning import UNCHECKED, meaning_of
from sigcheck.reports.parts.next_steps import next_steps
from sigcheck.reports.parts.page import Colour, Page
from sigcheck.reports.parts.table import table
from sigcheck.schema.finding import LEVELS, Finding
from sigcheck.schema.plan import VERDICTS
from sigcheck.schema.printable import printable
from sigcheck.schema.project import LintedLink, LintFinding, LintResult
from sigcheck.schema.upgrade import DiffResult, Effect, LinkEffect

# The rules that speak of what a check could not look at.
UNCOMPARED = frozenset({"unchecked_range", "unchecked_fact"})
_EFFECTS: dict[Effect, str] = {
    "safe": "fits still",
    "adapter": "an adapter saves it",
    "broken": "broken",
    "failing": "did not pass before either",
}
_EFFECT_COLOURS: dict[Effect, Colour] = {"safe": "green", "adapter": "yellow", "broken": "red", "failing": "red"}


def render_lint(result: LintResult, page: Page) -> str:
    """Every finding that counts, then in a few lines what was looked at.

    Notes are counted, and shown on a verbose page, as are the links and why findings do not
    count; a quiet page has errors only. It ends with what to declare next, where something is open.
    """
    active = [one for one in result.active if page.is_verbose or one.finding.level != "note"]
    if page.is_quiet:
        return "\n".join(line for one in active if one.finding.level == "error" for line in _located(one, result, page))
    blocks = [
        *(_located(one, result, page) for one in active),
        _links(result.links, page) if page.is_verbose else [],
        _suppressed(result, page) if page.is_verbose else [],
        looked_at(result, page, *_uncompared(result, page)),
        _next(result, page),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def looked_at(result: LintResult, page: Page, *more: str) -> list[str]:
    """In a few lines what was looked at, what could not be checked, and how much was found."""
    found = [one.finding for one in result.active]
    return [*_scope(result, page), *more, *_incomplete(result, page), _count(found, page)]


def render_diff(result: DiffResult, page: Page) -> str:
    """Every change, then what becomes of each link."""
    findings = [one for one in result.findings if not page.is_quiet or one.level == "error"]
    if page.is_quiet:
        return "\n".join(line for one in findings for line in render_finding(one, page))
    blocks = [
        page.wrap(f"{printable(result.old.named)} -> {printable(result.new.named)}", rest="  "),
        *(render_finding(one, page) for one in findings),
        _effects(result.links, page),
        [_count(result.findings, page)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _located(one: LintFinding, result: LintResult, page: Page) -> list[str]:
    return render_finding(one.finding, page, f"{_place(one, result)}: {one.subject}")


def _place(one: LintFinding, result: LintResult) -> str:
    """File and line, from the folder that the config was named from: terminals open it there."""
    folder = PurePosixPath(PurePath(result.config).as_posix()).parent
    return f"{folder / one.location.path}:{one.location.line}"


def _links(links: Sequence[LintedLink], page: Page) -> list[str]:
    rows = [(printable(link.name), link.verdict, link.adapter_state.replace("_", " ")) for link in links]
    return table(page, ("link", "verdict", "adapter"), rows) if rows else []


def _suppressed(result: LintResult, page: Page) -> list[str]:
    lines = []
    for one in result.findings:
        if one.suppression is not None:
            what = f"{_place(one, result)}: {one.subject}: {one.finding.place}: {one.finding.rule}"
            lines += page.wrap(printable(f"{what}: {one.suppression.by}: {one.suppression.reason}"), rest="    ")
    return lines


def _scope(result: LintResult, page: Page) -> list[str]:
    verdicts = Counter(link.verdict for link in result.links)
    told = ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict])
    elsewhere = sum(model.origin == "lock" for model in result.models)
    models = _counted(len(result.models), "model") + (f", {elsewhere} of them from the lock" if elsewhere else "")
    # Models alone pass as soon as they can be read: that must not look like links that fit.
    links = (
        _counted(len(result.links), "link") + f": {told}"
        if told
        else "no links, so that nothing was compared: write them down as [[links]] with from and to"
    )
    against = page.wrap(printable(f"compared with {result.against}"), rest="  ") if result.against else []
    return [*page.wrap(f"{models}; {links}", rest="  "), *against]


def _uncompared(result: LintResult, page: Page) -> list[str]:
    """How many inputs have values of which nothing was compared: notes that nobody sees must not look like none."""
    hidden = [one for one in result.active if one.finding.rule in UNCOMPARED and one.finding.level == "note"]
    if not hidden or page.is_verbose:
        return []
    inputs = len({(one.subject, one.finding.place) for one in hidden})
    count = f"{_counted(len(hidden), 'fact')} of {_counted(inputs, 'input')} not compared"
    return page.wrap(f"{count}, as listed with --verbose", rest="  ")


def _incomplete(result: LintResult, page: Page) -> list[str]:
    """What could not be checked, by cause: each wants something else to be done."""
    incomplete = set(result.incomplete)
    causes: dict[str, list[str]] = {}
    for model in result.models:
        if model.problem is not None:
            causes.setdefault("could not be read", []).append(model.name)
    for link in result.links:
        if link.name in incomplete:
            cause = meaning_of(link.check) if link.problem is None and link.check is not None else UNCHECKED
            causes.setdefault(cause, []).append(link.name)
    lines = (
        line
        for cause, names in causes.items()
        for line in page.wrap(f"not checked, {cause}: {', '.join(map(printable, names))}", rest="  ")
    )
    return [page.paint(line, "red") for line in lines]


def _next(result: LintResult, page: Page) -> list[str]:
    """What to declare next."""
    steps = next_steps(result)
    if not steps:
        return []
    lines = ["next, what would settle most of what is not checked:"]
    for one in steps:
        value = "" if one.value is None else f" = {one.value}"
        links = one.links[0] if len(one.links) == 1 else _counted(len(one.links), "link")
        told = printable(f"declare {one.key}.{one.fact}{value} (for {links})")
        lines += page.wrap(told, first="  ", rest="    ")
    return lines


def _effects(links: Sequence[LinkEffect], page: Page) -> list[str]:
    rows = [(printable(one.link), one.before, one.after.verdict, _effect(one)) for one in links]
    paints = [_EFFECT_COLOURS[one.effect] for one in links]
    return table(page, ("link", "before", "after", ""), rows, paints=paints) if rows else []


def _effect(one: LinkEffect) -> str:
    """In words; a link that had an adapter before has to get another one, also where it does no more than rename."""
    had_adapter = one.before in {"adapts", "guarded"}
    return "its adapter has to be written again" if one.effect == "adapter" and had_adapter else _EFFECTS[one.effect]


def _count(findings: Iterable[Finding], page: Page) -> str:
    counts = Counter(finding.level for finding in findings)
    words = [
        page.paint(_counted(counts[level], level), LEVEL_COLOURS[level]) for level in reversed(LEVELS) if counts[level]
    ]
    return f"found: {', '.join(words) or 'nothing'}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
