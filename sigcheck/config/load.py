"""Load: from a file to the config of a project, every error with its line and the nearest valid name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sigcheck.config.check_names import check_names
from sigcheck.config.config import Config
from sigcheck.config.describe import describe
from sigcheck.config.entries import Entries, LinkEntry
from sigcheck.config.lines import Keys, find_lines
from sigcheck.encodings.confined import is_within
from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_toml
from sigcheck.schema.budget import allow_size, bounded
from sigcheck.schema.collection import without_collection
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.policy import Policy
from sigcheck.schema.system_error import system_words

FILE = "sigcheck.toml"
PYPROJECT = "pyproject.toml"
# A hundred thousand links; a config is read whole.
MAX_BYTES = 16 * 2**20


def find_config(start: Path) -> Path:
    """The config of the folder, or of the nearest one above it. Raises SourceError where there is none.

    In one folder `sigcheck.toml` comes before `pyproject.toml`, which counts only with [tool.sigcheck].
    What nobody named is not read behind a link that leads out of its folder.
    """
    folder = Path(start).absolute()
    for one in (folder, *folder.parents):
        if os.path.isfile(one / FILE):  # noqa: PTH113  # Path.is_file raises where the name is too long
            if not is_within(one, one / FILE):
                problem = "a link out of its folder, expected a config. Name it with --config."
                raise SourceError(str(one / FILE), problem)
            return one / FILE
        other = one / PYPROJECT
        if os.path.isfile(other) and is_within(one, other) and _is_config(other):  # noqa: PTH113  # it raises here too
            return other
    expected = f"expected {FILE}, or [tool.sigcheck] in {PYPROJECT}"
    raise SourceError(str(start), f"no config here or above, {expected}. Write one with `sigcheck init`.")


def load_config(path: Path) -> Config:
    """The config in a file. Raises SourceError where it cannot be read, UsageError where it is wrong."""
    with bounded(str(path)), without_collection():
        return _load(path, _read(path))


def parse_config(path: Path, text: str) -> Config:
    """The config that a text holds, as that of the file. Raises SourceError and UsageError as `load_config` does."""
    with bounded(str(path)), without_collection():
        return _load(path, text)


def has_config(path: Path, text: str) -> bool:
    """Whether a file of this name and text holds a config. Raises SourceError where it is no TOML."""
    with bounded(str(path)):
        return path.name != PYPROJECT or "sigcheck" in _tool(_parse(path, text))


def _load(path: Path, text: str) -> Config:
    allow_size(len(text))
    written = _parse(path, text)
    root: Keys = ()
    if path.name == PYPROJECT:
        root, tool = ("tool", "sigcheck"), _tool(written)
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


def _read(path: Path) -> str:
    try:
        return read_whole(path, MAX_BYTES, "a config").decode("utf-8-sig")
    except FileNotFoundError:
        raise SourceError(str(path), "no such file. Check the path, or write one with `sigcheck init`.") from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"byte {error.start} is not UTF-8 text. Save the file as UTF-8.") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        written: dict[str, Any] = parse_toml(text)
    except RecursionError:
        raise SourceError(str(path), "nested too deep for a config. Write it flat.") from None
    except ValueError as error:
        # The parser says line and column.
        raise SourceError(str(path), f"not TOML: {error}. Correct it there.") from None
    return written


def _is_config(path: Path) -> bool:
    return has_config(path, _read(path))


def _tool(written: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = written.get("tool")
    return tool if isinstance(tool, dict) else {}


def _links(entries: Entries, written: Mapping[str, Any], base: dict[str, Any]) -> Iterable[tuple[LinkEntry, Keys]]:
    common = _policy(base, {})
    for index, link in enumerate(entries.links):
        own = written["links"][index].get("policy", {})
        policy = _policy(base, own) if own else common
        yield link if link.policy == policy else link.model_copy(update={"policy": policy}), ("links", index)


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
    return Policy.model_validate({**base, **own})
