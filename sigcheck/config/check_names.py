"""Check names: whatever an entry names must exist, and no name may stand for two things."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from sigcheck.config.config import Config
from sigcheck.config.describe import MOST_TOLD, nearest, together
from sigcheck.config.entries import LinkEntry
from sigcheck.config.lines import Keys
from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.printable import shortened

# A name stands in every line of a report about it.
MOST_NAME = 200
# Their ignores name what the config has no more.
OF_WHAT_IS_GONE = frozenset({"model_removed", "link_removed"})


def check_names(config: Config) -> None:
    """Raises UsageError for names of what does not exist, or that stand for two things: for all of them at once."""
    found = [*islice(_wrong_names(config), MOST_TOLD + 1)]
    if found:
        # In the order in which they were looked for: of models, rules, then of what is said of them.
        raise together(found)


def _wrong_names(config: Config) -> Iterator[UsageError]:
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.rules import RULES
    from sigcheck.transforms import BY_NAME

    entries = config.entries
    yield from _long_names(config)
    for keys, name in _models(config):
        yield from _known(config, keys, name, entries.models, "model")
    titles = [link.title for link in config.links]
    seen = set(entries.models)
    for link, place, title in zip(config.links, config.places, titles, strict=True):
        if title in seen:
            yield config.error(_twice(config, link, place), *place, "name")
        seen.add(title)
    for rule in entries.rules:
        yield from _known(config, ("rules", rule), rule, RULES, "rule")
    for index, ignore in enumerate(entries.ignore):
        yield from _known(config, ("ignore", index, "rule"), ignore.rule, RULES, "rule")
        if ignore.link is not None and ignore.rule not in OF_WHAT_IS_GONE:
            yield from _known(config, ("ignore", index, "link"), ignore.link, titles, "link")
    for keys, policy in _policies(config):
        yield from _of_several_consumers(config, keys, policy)
        for transform in policy.deny:
            yield from _known(config, (*keys, "deny"), transform, (*BY_NAME, *JUNCTIONS), "transform")
        for transform in policy.allow:
            yield from _known(config, (*keys, "allow"), transform, BY_NAME, "transform")


def _of_several_consumers(config: Config, keys: Keys, policy: Policy) -> Iterator[UsageError]:
    """Yields an error for losses of inputs where several consumers have inputs."""
    if policy.losses and keys[0] != "links":
        problem = "names inputs, expected it where one consumer is. Move it to the policy of a [[links]] entry."
        yield config.error(problem, *keys, "losses")


def _long_names(config: Config) -> Iterator[UsageError]:
    models: list[tuple[Keys, str]] = [(("models", name), name) for name in config.entries.models]
    named = ((link.name, place) for link, place in zip(config.links, config.places, strict=True) if link.name)
    for keys, name in (*models, *(((*place, "name"), name) for name, place in named)):
        if len(name) > MOST_NAME:
            yield config.error(f"a name of {len(name)} characters, expected at most {MOST_NAME}. Shorten it.", *keys)


def _twice(config: Config, link: LinkEntry, place: Keys) -> str:
    first = next((at for one, at in zip(config.links, config.places, strict=True) if one.title == link.title), place)
    if link.name is not None or first == place:
        return f"two entries called {link.title!r}. Give each its own name."
    pair = f"a second link from {link.producer!r} to {link.consumer!r}"
    return f"{pair}, after the one in line {config.location(*first).line}. Delete one, or give each its own name."


def _models(config: Config) -> Iterator[tuple[Keys, str]]:
    """Yields where models are named; of links, which there are by the thousand, what is not known alone."""
    entries = config.entries
    known = entries.models
    for index, link in enumerate(entries.links):
        if link.producer not in known:
            yield ("links", index, "from"), link.producer
        if link.consumer not in known:
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
        # Most have none of their own.
        if link.policy is not DEFAULT_POLICY:
            yield ("links", index, "policy"), link.policy
    for index, chain in enumerate(config.entries.chains):
        yield ("chains", index, "policy"), chain.policy


def _known(config: Config, keys: Keys, name: str, names: Iterable[str], kind: str) -> Iterator[UsageError]:
    if name not in names:
        yield config.error(f"no {kind} {shortened(name)!r}; {nearest(name, names)}", *keys)
