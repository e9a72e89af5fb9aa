"""Check names: whatever an entry names must exist, and no name may stand for two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sigcheck.config.config import Config
from sigcheck.config.describe import nearest
from sigcheck.config.entries import LinkEntry
from sigcheck.config.lines import Keys
from sigcheck.schema.policy import Policy
from sigcheck.schema.printable import shortened

# A name stands in every line of a report about it.
MOST_NAME = 200
# Their ignores name what the config has no more.
OF_WHAT_IS_GONE = frozenset({"model_removed", "link_removed"})


def check_names(config: Config) -> None:
    """Raises UsageError for a name of something that does not exist, or that stands for two things."""
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.rules import RULES
    from sigcheck.transforms import BY_NAME

    entries = config.entries
    _require_short_names(config)
    for keys, name in _models(config):
        _known(config, keys, name, entries.models, "model")
    seen = set(entries.models)
    for link, place in zip(config.links, config.places, strict=True):
        if link.title in seen:
            raise config.error(_twice(config, link, place), *place, "name")
        seen.add(link.title)
    for rule in entries.rules:
        _known(config, ("rules", rule), rule, RULES, "rule")
    titles = [link.title for link in config.links]
    for index, ignore in enumerate(entries.ignore):
        _known(config, ("ignore", index, "rule"), ignore.rule, RULES, "rule")
        if ignore.link is not None and ignore.rule not in OF_WHAT_IS_GONE:
            _known(config, ("ignore", index, "link"), ignore.link, titles, "link")
    for keys, policy in _policies(config):
        _require_one_consumer(config, keys, policy)
        for transform in policy.deny:
            _known(config, (*keys, "deny"), transform, (*BY_NAME, *JUNCTIONS), "transform")
        for transform in policy.allow:
            _known(config, (*keys, "allow"), transform, BY_NAME, "transform")


def _require_one_consumer(config: Config, keys: Keys, policy: Policy) -> None:
    """Raises UsageError for losses of inputs where several consumers have inputs."""
    if policy.losses and keys[0] != "links":
        problem = "names inputs, expected it where one consumer is. Move it to the policy of a [[links]] entry."
        raise config.error(problem, *keys, "losses")


def _require_short_names(config: Config) -> None:
    models: list[tuple[Keys, str]] = [(("models", name), name) for name in config.entries.models]
    links = [((*place, "name"), link.name or "") for link, place in zip(config.links, config.places, strict=True)]
    for keys, name in (*models, *links):
        if len(name) > MOST_NAME:
            raise config.error(f"a name of {len(name)} characters, expected at most {MOST_NAME}. Shorten it.", *keys)


def _twice(config: Config, link: LinkEntry, place: Keys) -> str:
    first = next((at for one, at in zip(config.links, config.places, strict=True) if one.title == link.title), place)
    if link.name is not None or first == place:
        return f"two entries called {link.title!r}. Give each its own name."
    pair = f"a second link from {link.producer!r} to {link.consumer!r}"
    return f"{pair}, after the one in line {config.location(*first).line}. Delete one, or give each its own name."


def _models(config: Config) -> Iterator[tuple[Keys, str]]:
    entries = config.entries
    for index, link in enumerate(entries.links):
        yield ("links", index, "from"), link.producer
        yield ("links", index, "to"), link.consumer
    for index, chain in enumerate(entries.chains):
        for name in chain.models:
            yield ("chains", index, "models"), name
    for index, ignore in enumerate(entries.ignore):
        if ignore.model is not None and ignore.rule not in OF_WHAT_IS_GONE:
            yield ("ignore", index, "model"), ignore.model


def _policies(config: Config) -> Iterator[tuple[Keys, Policy]]:
    yield ("policy",), config.entries.policy
    for index, link in enumerate(config.entries.links):
        yield ("links", index, "policy"), link.policy
    for index, chain in enumerate(config.entries.chains):
        yield ("chains", index, "policy"), chain.policy


def _known(config: Config, keys: Keys, name: str, names: Iterable[str], kind: str) -> None:
    if name not in names:
        raise config.error(f"no {kind} {shortened(name)!r}; {nearest(name, names)}", *keys)
