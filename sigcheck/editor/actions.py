"""Actions: the cures of a finding that are a declaration, written into the config."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sigcheck.config.config import Config
from sigcheck.config.edit import with_member, without_ignores
from sigcheck.config.lines import Keys
from sigcheck.config.load import parse_config
from sigcheck.rules.words.config_words import LinkModels, config_line, place_in_config
from sigcheck.rules.words.option import Option, cures
from sigcheck.schema.project import LintedLink, LintFinding, LintResult, signatures_of

# A help that names more ways than these is a list to choose from, not a cure.
_MOST_WAYS = 8
# What stands for a value that only a person knows.
_OPEN = frozenset({"NAME", "VALUE"})


@dataclass(frozen=True)
class Action:
    """What it does, in one line, and the whole text of the config after it."""

    title: str
    text: str


def actions(config: Config, result: LintResult, finding: LintFinding) -> tuple[Action, ...]:
    """The cures of a finding that can be written into the config as it is."""
    if finding.finding.rule == "unmatched_ignore":
        return tuple(_deleted(config, finding))
    link = next((one for one in result.links if one.name == finding.subject), None)
    return () if link is None else tuple(dict.fromkeys(_declared(config, result, link, finding)))


def _deleted(config: Config, finding: LintFinding) -> Iterator[Action]:
    for number in range(len(config.entries.ignore)):
        if config.location("ignore", number) == finding.location:
            text = without_ignores(config, (number,))
            if text is not None:
                yield Action("Delete the entry", text)


def _declared(config: Config, result: LintResult, link: LintedLink, finding: LintFinding) -> Iterator[Action]:
    meant, models = finding.finding, LinkModels(link.producer, link.consumer, signatures_of(result.models))
    found = () if link.check is None else link.check.findings
    # As the check says it: a lint tells it in words of the config already.
    same = (one.help for one in found if (one.rule, one.place, one.message) == (meant.rule, meant.place, meant.message))
    for number, way in enumerate(cures(next(same, ""))):
        if number == _MOST_WAYS:
            break
        options = [option for _, option in way]
        text = None if any(map(_is_open, options)) else _written(config, link, models, options)
        if text is not None:
            yield Action("; ".join(config_line(one, models) for one in options), text)


def _is_open(option: Option) -> bool:
    values: Sequence[object] = option.value if isinstance(option.value, list) else [option.value]
    return not _OPEN.isdisjoint(one for one in values if isinstance(one, str))


def _written(config: Config, link: LintedLink, models: LinkModels, options: Sequence[Option]) -> str | None:
    """The text with all of it; None where some of it is to be written by hand."""
    entry = _entry(config, link.name)
    for option in options:
        found = place_in_config(option, models)
        if found is None or (found.table is None and entry is None):
            return None
        text = with_member(config, found.table or entry or (), found.key, found.member)
        if text is None:
            return None
        config = parse_config(config.path, text)
    return config.text


def _entry(config: Config, name: str) -> Keys | None:
    """The entry of a link; None of one that is there by a chain."""
    for link, place in zip(config.links, config.places, strict=True):
        if link.title == name and place[0] == "links":
            return place
    return None
