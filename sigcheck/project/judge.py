"""Judge: everything that was found, with the levels and ignores of the config."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sigcheck.config.config import Config
from sigcheck.config.entries import RuleLevel
from sigcheck.project.lock_file import Lock
from sigcheck.project.read_models import Reading
from sigcheck.rules import COMPARISON_CATALOG, UPGRADE_CATALOG, find_in_project
from sigcheck.rules.views.project import ProjectView, Told
from sigcheck.rules.words.config_words import LinkModels, in_config
from sigcheck.schema.project import LintedLink, LintFinding, Location, Suppression
from sigcheck.schema.signature import Signature

_STRICTNESS: tuple[RuleLevel, ...] = ("off", "note", "warning", "error")


@dataclass(frozen=True)
class Agreed:
    """What breaks of a revision: its name, what was found, and the levels of the config there."""

    revision: str
    told: tuple[Told, ...]
    levels: Mapping[str, RuleLevel]


def judge(
    config: Config,
    readings: Mapping[str, Reading],
    links: Sequence[LintedLink],
    lock: Lock | None,
    agreed: Agreed | None = None,
) -> tuple[LintFinding, ...]:
    """All findings, model by model and link by link in the order of the config.

    What breaks of a revision has the level that the config there gives it, or a higher one that the config
    gives it here: a change is not made to pass by a level that comes with it.
    """
    view = ProjectView(
        models=tuple(reading.linted for reading in readings.values()),
        links=tuple(links),
        locked=None if lock is None else frozenset(lock.models),
        changes={name: reading.changes for name, reading in readings.items()},
    )
    broken = () if agreed is None else tuple(_broken(agreed))
    # What differs from the lock and from the revision alike is told once.
    known = {(one.subject, one.finding.rule, one.finding.place) for one in broken}
    changes = (
        one
        for one in _told(readings, links, view.signatures)
        if (one.subject, one.finding.rule, one.finding.place) not in known
    )
    told = _in_order([*changes, *find_in_project(view), *broken], (*readings, *(link.name for link in links)))
    places = {link.name: link.location for link in links}
    unmatched = [*_unmatched(config, told, _unchecked(readings, links), agreed)]
    located = ((one, places.get(one.subject) or config.location("models", one.subject)) for one in _taken(told))
    return tuple(_settle(config, chain(located, unmatched), agreed))


def _in_order(told: list[Told], subjects: Sequence[str]) -> list[Told]:
    """What was found, subject by subject; at the end what is of none of them."""
    order = {name: at for at, name in enumerate(subjects)}
    return sorted(told, key=lambda one: order.get(one.subject, len(order)))


def _taken(told: list[Told]) -> Iterator[Told]:
    """Yields what was found, in its order, and holds on to none of it: there are ten thousands."""
    told.reverse()
    while told:
        yield told.pop()


def _broken(agreed: Agreed) -> Iterator[Told]:
    for subject, finding, _ in agreed.told:
        # What breaks nobody is no matter between two revisions; whom a new fact reaches, the links say.
        if finding.rule in COMPARISON_CATALOG or (finding.level != "note" and finding.rule != "fact_added"):
            said = f"{finding.message} (against {agreed.revision})"
            yield Told(subject, finding.model_copy(update={"message": said}), agreed.revision)


def _told(
    readings: Mapping[str, Reading], links: Sequence[LintedLink], signatures: Mapping[str, Signature]
) -> Iterator[Told]:
    for name, reading in readings.items():
        # Where nothing breaks, stale_lock says so once.
        if any(change.level != "note" for change in reading.changes):
            yield from (Told(name, change) for change in reading.changes)
    for link in links:
        if link.check is not None:
            models = LinkModels(link.producer, link.consumer, signatures)
            # A committed adapter is reviewed with what it loses and assumes: its docstring says it.
            is_settled = link.adapter_state == "current"
            for finding in link.check.findings:
                level = "note" if is_settled and finding.level == "warning" else finding.level
                cure = in_config(finding.help, models)
                is_same = level == finding.level and cure == finding.help
                told = finding if is_same else finding.model_copy(update={"level": level, "help": cure})
                yield Told(link.name, told)


def _unchecked(readings: Mapping[str, Reading], links: Sequence[LintedLink]) -> frozenset[str]:
    """The subjects of which nobody knows what would have been found."""
    failed = [name for name, reading in readings.items() if reading.linted.problem is not None]
    return frozenset((*failed, *(link.name for link in links if link.problem is not None)))


def _unmatched(
    config: Config, told: Iterable[Told], unchecked: frozenset[str], agreed: Agreed | None
) -> Iterator[tuple[Told, Location]]:
    ignored = {one.subject for one in config.entries.ignore}
    found = {
        (one.subject, one.finding.rule, place)
        for one in told
        if one.subject in ignored
        for place in (None, one.finding.place)
    }
    for index, ignore in enumerate(config.entries.ignore):
        if agreed is None and (ignore.rule in UPGRADE_CATALOG or ignore.rule in COMPARISON_CATALOG):
            # It may be meant for a lint against a revision, which this one is not.
            continue
        if (ignore.subject, ignore.rule, ignore.place) not in found and ignore.subject not in unchecked:
            for one in find_in_project(ProjectView(unmatched=((ignore.subject, ignore.rule),))):
                yield one, config.location("ignore", index)


def _settle(config: Config, located: Iterable[tuple[Told, Location]], agreed: Agreed | None) -> Iterator[LintFinding]:
    ignores = {(one.subject, one.rule, one.place): one.reason for one in reversed(config.entries.ignore)}
    counts: Counter[str] = Counter()
    for (subject, finding, against), location in located:
        level = config.entries.rules.get(finding.rule, finding.level)
        if agreed is not None and against is not None:
            level = max(level, agreed.levels.get(finding.rule, finding.level), key=_STRICTNESS.index)
        if level == "off":
            continue
        # The level before the config changes it: a warning that was accepted is not accepted as an error.
        identity = f"{subject}\0{finding.rule}\0{finding.level}\0{finding.place}"
        fingerprint = first = _digest(f"{identity}\0{1}")
        counts[first] += 1
        if counts[first] > 1:
            fingerprint = _digest(f"{identity}\0{counts[first]}")
        reasons = (ignores.get((subject, finding.rule, place)) for place in (finding.place, None))
        reason = next((reason for reason in reasons if reason is not None), None)
        yield LintFinding(
            subject=subject,
            finding=finding if level == finding.level else finding.model_copy(update={"level": level}),
            location=location,
            fingerprint=fingerprint,
            suppression=Suppression(by="ignore", reason=reason) if reason else None,
            against=against,
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
