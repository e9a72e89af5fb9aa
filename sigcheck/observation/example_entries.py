"""Example entries: where the features of many `tf.train.Example`s lie in their bytes, found for all of them at once.

A message for each example, and an object for each feature of it, take most of the time that records take. Writers
write the entries of all examples in one order: the first entries of all are looked at together, then the second ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.spans import OtherFormError, Spans, contents, first_field, walk

# Features of an Example, and the entries, keys and values of the map in it (example.proto, feature.proto).
_FEATURES, _ENTRY, _KEY, _VALUE = 0x0A, 0x0A, 0x0A, 0x12
# Keys that stand at one place in some of the examples: of more, these are no entries in one order.
_MOST_KEYS = 64


class Found(NamedTuple):
    """One feature: the numbers of the examples that have it, in order, and the bytes of it."""

    rows: Array
    features: Spans


def features_by_name(examples: Spans) -> dict[str, Found]:
    """The features of the examples.

    Raises OtherFormError unless each is written as all writers do; then protobuf has to say what it is.
    """
    has_bytes = np.flatnonzero(examples.lengths)
    found: dict[bytes, list[Found]] = {}
    for rows, entries in walk(contents(examples[has_bytes], _FEATURES), _ENTRY):
        alike = _of_one_name(entries)
        for key, chosen, values in _by_name(entries) if alike is None else [alike]:
            found.setdefault(key, []).append(Found(has_bytes[rows[chosen]], contents(values, _VALUE)))
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
