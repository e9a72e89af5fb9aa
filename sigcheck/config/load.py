"""Load: from a file to the config of a project, every error with its line and the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sigcheck.config.check_names import check_names
from sigcheck.config.config import Config
from sigcheck.config.describe import describe
from sigcheck.config.entries import Entries, LinkEntry
from sigcheck.config.find import PYPROJECT, parse_text, read_text, tool_of
from sigcheck.config.lines import Keys, find_lines
from sigcheck.schema.budget import allow_size, bounded
from sigcheck.schema.collection import without_collection
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy


def load_config(path: Path) -> Config:
    """The config in a file. Raises SourceError where it cannot be read, UsageError where it is wrong."""
    with bounded(str(path)), without_collection():
        return _load(path, read_text(path))


def parse_config(path: Path, text: str) -> Config:
    """The config that a text holds, as that of the file. Raises SourceError and UsageError as `load_config` does."""
    with bounded(str(path)), without_collection():
        return _load(path, text)


def _load(path: Path, text: str) -> Config:
    allow_size(len(text))
    written = parse_text(path, text)
    root: Keys = ()
    if path.name == PYPROJECT:
        root, tool = ("tool", "sigcheck"), tool_of(written)
        if "sigcheck" not in tool:
            raise SourceError(
                str(path), "no [tool.sigcheck], expected the config there. Write it, or name another file."
            )
        written = tool["sigcheck"]
    try:
        entries = Entries.model_validate(written)
    except ValidationError as error:
        raise describe(error, path, find_lines(text), root) from None
    base: dict[str, Any] = written.get("policy", {})
    pairs = [*_links(entries, written, base), *_chained(entries, written, base), *_loops(entries, base)]
    config = Config(path, entries, tuple(link for link, _ in pairs), tuple(at for _, at in pairs), root, text)
    if not entries.models:
        problem = "no models, expected a [models.NAME] table for each. Write one, with its `source`."
        raise UsageError(str(path), problem)
    check_names(config)
    return config


def _links(entries: Entries, written: Mapping[str, Any], base: dict[str, Any]) -> Iterable[tuple[LinkEntry, Keys]]:
    common = _policy(base, {})
    for index, link in enumerate(entries.links):
        own = written["links"][index].get("policy", {})
        policy = _policy(base, own) if own else common
        is_same = link.policy is policy or link.policy == policy
        yield link if is_same else link.model_copy(update={"policy": policy}), ("links", index)


def _chained(entries: Entries, written: Mapping[str, Any], base: dict[str, Any]) -> Iterable[tuple[LinkEntry, Keys]]:
    known = {(link.producer, link.consumer) for link in entries.links}
    for index, chain in enumerate(entries.chains):
        policy = _policy(base, written["chains"][index].get("policy", {}))
        for pair in zip(chain.models, chain.models[1:], strict=False):
            if pair not in known:
                known.add(pair)
                link = LinkEntry.model_validate({"from": pair[0], "to": pair[1]})
                yield link.model_copy(update={"policy": policy}), ("chains", index)


def _loops(entries: Entries, base: dict[str, Any]) -> Iterable[tuple[LinkEntry, Keys]]:
    """A link from each model that has states to itself."""
    for name, model in entries.models.items():
        if model.state:
            told = {"from": name, "to": name, "loop": True, "bind": model.state, "const": model.initial}
            yield LinkEntry.model_validate(told).model_copy(update={"policy": _policy(base, {})}), ("models", name)


def _policy(base: Mapping[str, Any], own: Mapping[str, Any]) -> Policy:
    return Policy.model_validate({**base, **own}) if base or own else DEFAULT_POLICY
