"""Example entries: where the features of many examples lie in their bytes, found for all of them at once.

A message for each example, and an object for each feature of it, take most of the time that records take. Writers
write the entries of all examples in one order: the first entries of all are looked at together, then the second ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.spans import OtherFormError, Spans, contents, first_field, walk

# Of an Example its features, of a SequenceExample the lists beside them; the entries, keys and values of the map in
# both, and the steps of a list (example.proto, feature.proto).
_FEATURES, _LISTS, _ENTRY, _KEY, _VALUE, _STEP = 0x0A, 0x12, 0x0A, 0x0A, 0x12, 0x0A
# Keys that stand at one place in some of the examples: of more, these are no entries in one order.
_MOST_KEYS = 64


class Found(NamedTuple):
    """One feature: the numbers of the examples that have it, in order, and the bytes of it."""

    rows: Array
    features: Spans


class Steps(NamedTuple):
    """One list of features: how many steps each of the examples has that have it, and the bytes of all steps."""

    counts: Array
    features: Spans


def features_by_name(examples: Spans) -> dict[str, Found]:
    """The features of `tf.train.Example`s.

    Raises OtherFormError unless each is written as all writers do; then protobuf has to say what it is.
    """
    has_bytes = np.flatnonzero(examples.lengths)
    return _values_by_name(contents(examples[has_bytes], _FEATURES), has_bytes)


def steps_by_name(examples: Spans) -> tuple[dict[str, Found], dict[str, Steps]]:
    """The features of `tf.train.SequenceExample`s, and their lists. Raises as `features_by_name` does."""
    has_features = np.flatnonzero((examples.lengths > 0) & (examples.data[examples.starts] == _FEATURES))
    features = first_field(examples[has_features], _FEATURES)
    behind = examples.starts.copy()
    behind[has_features] = features.ends
    rest = Spans(examples.content, behind, examples.ends)
    has_lists = np.flatnonzero(rest.lengths)
    lists = _values_by_name(contents(rest[has_lists], _LISTS), has_lists)
    return _values_by_name(features, has_features), {name: _steps(one.features) for name, one in lists.items()}


def _steps(lists: Spans) -> Steps:
    steps = list(walk(lists, _STEP))
    if not steps:
        return Steps(np.zeros(len(lists), np.int64), lists[:0])
    rows = np.concatenate([rows for rows, _ in steps])
    order = np.argsort(rows, kind="stable")
    return Steps(np.bincount(rows, minlength=len(lists)), Spans.beside([one for _, one in steps])[order])


def _values_by_name(maps: Spans, numbers: Array) -> dict[str, Found]:
    """What maps have by name; `numbers` are those of their examples."""
    found: dict[bytes, list[Found]] = {}
    for rows, entries in walk(maps, _ENTRY):
        alike = _of_one_name(entries)
        for key, chosen, values in _by_name(entries) if alike is None else [alike]:
            found.setdefault(key, []).append(Found(numbers[rows[chosen]], contents(values, _VALUE)))
    return {_text(key): _in_order(parts) for key, parts in found.items()}


def _of_one_name(entries: Spans) -> tuple[bytes, slice, Spans] | None:
    """The name that all entries begin with, and what stands behind it; None where they have several."""
    first = first_field(entries[:1], _KEY)
    start, end = int(entries.starts[0]), int(first.ends[0])
    head = entries.content[start:end]
    if not entries.begin_with(head):
        return None
    (key,) = first.pieces()
    return key, slice(None), Spans(entries.content, entries.starts + len(head), entries.ends)


def _by_name(entries: Spans) -> Iterator[tuple[bytes, Array, Spans]]:
    """Yields each name, which entries have it, and what stands behind it."""
    keys = first_field(entries, _KEY)
    left = np.arange(len(keys))
    for _ in range(_MOST_KEYS):
        if not len(left):
            return
        (key,) = keys[left[:1]].pieces()
        is_this = keys[left].are(key)
        chosen = left[is_this]
        yield key, chosen, Spans(entries.content, keys.ends[chosen], entries.ends[chosen])
        left = left[~is_this]
    raise OtherFormError


def _text(key: bytes) -> str:
    try:
        return key.decode()
    except UnicodeDecodeError:
        raise OtherFormError from None


def _in_order(parts: list[Found]) -> Found:
    if len(parts) == 1:
        return parts[0]
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    rows = rows[order]
    # Of a name that an example has twice the last one counts.
    if (rows[1:] == rows[:-1]).any():
        raise OtherFormError
    return Found(rows, Spans.beside([part.features for part in parts])[order])
