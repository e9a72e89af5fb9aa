"""Example entries: where the features of many examples lie in their bytes, found for all of them at once.

A message for each example, and an object for each feature of it, take most of the time that records take. Writers
write the entries of all examples in one order: the first entries of all are looked at together, then the second ones.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sigcheck.observation.column import Array
from sigcheck.observation.feature_lists import Values, values_at
from sigcheck.observation.spans import OtherFormError, Spans, contents, field_at, first_field, walk, with_more

# Of an Example its features, of a SequenceExample the lists beside them; the entries, keys and values of the map in
# both, and the steps of a list (example.proto, feature.proto).
_FEATURES, _LISTS, _ENTRY, _KEY, _VALUE, _STEP = 0x0A, 0x12, 0x0A, 0x0A, 0x12, 0x0A
# Keys that stand at one place in some of the examples: of more, these are no entries in one order.
_MOST_KEYS = 64
# What stands before the values of a feature is compared by words: of names that are longer few examples have room.
_LONGEST_HEAD = 1 << 9
# From there on a size has several bytes.
_CONTINUES = 0x80


class Found(NamedTuple):
    """One feature: the numbers of the examples that have it, in order, and the bytes of it; of its values, if known."""

    rows: Array
    features: Spans
    values: Values | None = None


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
    left = maps
    for step in itertools.count():
        numbers, left = with_more(numbers, left, step)
        if not len(numbers):
            break
        alike = _alike(left)
        if alike is None:
            entries = first_field(left, _ENTRY)
            for key, chosen, values in _by_name(entries):
                found.setdefault(key, []).append(Found(numbers[chosen], contents(values, _VALUE)))
        else:
            key, entries, known = alike
            found.setdefault(key, []).append(Found(numbers, entries, known))
        left = Spans(left.content, entries.ends, left.ends)
    return {_text(key): _in_order(parts) for key, parts in found.items()}


def _alike(left: Spans) -> tuple[bytes, Spans, Values] | None:
    """The name, the features and the values of the first entries of all, at least one; None unless they are alike.

    They are written as the first one of all is, with one list of values in one piece. What stands before these
    differs, if at all, by the sizes of what surrounds them, each of one byte.
    """
    content, start = left.content, int(left.starts[0])
    try:
        behind, end = field_at(content, start, int(left.ends[0]), _ENTRY)
        key, behind_key = field_at(content, behind, end, _KEY)
        feature, behind_feature = field_at(content, behind_key, end, _VALUE)
        kind, values = values_at(content, feature, end)
    except OtherFormError:
        return None
    if behind_feature != end or values - start > _LONGEST_HEAD:
        return None
    ends, grown = left.starts + (end - start), None
    is_short = (behind - start, feature - behind_key, values - feature) == (2, 2, 4)
    if is_short and end - behind < _CONTINUES:
        sizes = left.data[1:].take(left.starts)
        if (sizes != end - behind).any():
            if sizes.max() >= _CONTINUES or sizes.min() < values - behind:
                return None
            more = sizes.astype(np.int64) - (end - behind)
            ends += more
            grown = more.view(np.uint64)
    if (ends > left.ends).any():
        return None
    ones = bytearray(values - start)
    for place in (start + 1, behind_key + 1, feature + 1, values - 1):
        ones[place - start] = 1
    if not left.begin_with(content[start:values], grown, bytes(ones)):
        return None
    features = Spans(content, left.starts + (feature - start), ends)
    return content[key:behind_key], features, Values(kind, Spans(content, left.starts + (values - start), ends))


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
    features = Spans.beside([part.features for part in parts])[order]
    known = [part.values for part in parts if part.values is not None]
    if len(known) < len(parts) or len({one.kind for one in known}) > 1:
        return Found(rows, features)
    return Found(rows, features, Values(known[0].kind, Spans.beside([one.spans for one in known])[order]))
