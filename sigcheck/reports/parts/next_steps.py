"""Next steps: which few declarations would settle most of what a lint could not decide or compare.

Each thing that is open names what is to be declared for it, at one model or at both. A declaration counts for each
share that it has of one: half where the other side has to say it too. The best is taken, what it settles is struck
out, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sigcheck.encodings.toml_text import write_value
from sigcheck.rules.views.unseen import Unseen, find_unseen, value_ends
from sigcheck.rules.words.config_words import LinkModels, tensor_key
from sigcheck.rules.words.option import cures
from sigcheck.schema.passed import giver_of
from sigcheck.schema.project import LintedLink, LintResult, signatures_of
from sigcheck.schema.signature import Signature

MOST_STEPS = 3
# What keeps a link from passing comes before all that is only not compared.
_UNDECIDED, _UNCOMPARED = 1000.0, 1.0
_RULES = {"range": "unchecked_range"}
_OTHER_RULE = "unchecked_fact"
# What a fact is written as, where nobody knows its value but the reader.
_PLACEHOLDERS = {
    "range": "[LEAST, GREATEST]",
    "axes": "[NAME, ...]",
    "normalization": "{ mean = [...], std = [...] }",
    "quantization": "{ scale = [...], zero_point = [...] }",
    "id_count": "COUNT",
    "boxes": "ORDER",
    "padding": "{ value = VALUE }",
}


@dataclass(frozen=True)
class NextStep:
    """A fact of a tensor that is to be declared: its key in the config, the value where a finding says one.

    `links` are those that it is for, in the order of the config.
    """

    key: str
    fact: str
    value: str | None
    links: tuple[str, ...]

    @property
    def toml(self) -> str:
        """The table that declares it, with words in place of a value that nobody said."""
        return f"[{self.key}]\n{self.fact} = {self.value or _PLACEHOLDERS.get(self.fact, 'WHAT IT IS')}"


# The key of a tensor and the fact.
_Fact = tuple[str, str]


@dataclass(frozen=True)
class _Open:
    """Something that is open at a link, with all that has to be declared for it."""

    link: str
    weight: float
    wanted: frozenset[_Fact]


def next_steps(result: LintResult, most: int = MOST_STEPS) -> tuple[NextStep, ...]:
    """The declarations, the one that settles most first; none where nothing is open that a declaration settles."""
    values: dict[_Fact, str] = {}
    rest = [*_undecided(result, values), *_uncompared(result)]
    steps: list[NextStep] = []
    while rest and len(steps) < most:
        worth: dict[_Fact, float] = {}
        for one in rest:
            for fact in sorted(one.wanted):
                worth[fact] = worth.get(fact, 0.0) + one.weight / len(one.wanted)
        best = max(worth, key=lambda fact: worth[fact])
        links = tuple(dict.fromkeys(one.link for one in rest if best in one.wanted))
        steps.append(NextStep(*best, values.get(best), links))
        left = (_Open(one.link, one.weight, one.wanted - {best}) for one in rest)
        rest = [one for one in left if one.wanted]
    return tuple(steps)


def _undecided(result: LintResult, values: dict[_Fact, str]) -> Iterator[_Open]:
    """Yields the findings that keep a link from being decided and name facts alone; their values are kept."""
    incomplete, signatures = set(result.incomplete), signatures_of(result.models)
    for link in result.links:
        if link.name not in incomplete or link.check is None:
            continue
        models = LinkModels(link.producer, link.consumer, signatures)
        for finding in link.check.findings:
            way = next(cures(finding.help), ())
            if finding.level != "error" or not way or any(option.name != "fact" for _, option in way):
                continue
            wanted = set()
            for _, option in way:
                side, name, fact = option.path
                model, own = models.owner(side, name)
                wanted.add((tensor_key(model, side, own), fact))
                values.setdefault((tensor_key(model, side, own), fact), write_value(option.value))
            yield _Open(link.name, _UNDECIDED, frozenset(wanted))


def _uncompared(result: LintResult) -> Iterator[_Open]:
    """Yields the facts that only one side says, or none, as far as nobody has accepted that."""
    signatures = signatures_of(result.models)
    counting = {(one.subject, one.finding.rule, one.finding.place) for one in result.active}
    for link in result.links:
        for unseen in find_unseen(link):
            rule = _RULES.get(unseen.fact, _OTHER_RULE)
            wanted = _wanted(unseen, link, signatures)
            if wanted and (link.name, rule, unseen.binding.required) in counting:
                yield _Open(link.name, _UNCOMPARED, wanted)


def _wanted(unseen: Unseen, link: LintedLink, signatures: Mapping[str, Signature]) -> frozenset[_Fact]:
    wanted = set()
    if unseen.is_open_at_producer:
        for one in value_ends(unseen.binding):
            giver = giver_of(one.provided, link.producer, signatures)
            if giver is None:
                return frozenset()
            model, name = giver
            wanted.add((tensor_key(model, "producer", name), unseen.fact))
    if unseen.is_open_at_consumer:
        wanted.add((tensor_key(link.consumer, "consumer", unseen.binding.required), unseen.fact))
    return frozenset(wanted)
