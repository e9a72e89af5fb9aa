"""What NumPy finds in many examples together is what protobuf reads of each, or it says that it is not sure."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigcheck.observation.example_entries import features_by_name, steps_by_name
from sigcheck.observation.sources import tfrecord
from sigcheck.observation.spans import OtherFormError, Spans
from tests.observation.records import feature, field, varint

pytest.importorskip("google.protobuf")

KEYS = st.sampled_from([b"a", b"b", b"ab", b"", b"a\0", "ä".encode(), b"\xff", b"k" * 200])
VALUES = st.sampled_from([b"", feature([1.5]), feature([1, 300]), feature(b"text" * 50), b"\x0a\x00"])


def stretched(number, content):
    """A field whose length takes five bytes, which no writer writes and all readers take."""
    low = varint(len(content))
    return varint(number << 3 | 2) + low[:-1] + bytes([low[-1] | 0x80]) + b"\x80" * (4 - len(low)) + b"\0" + content


ENTRIES = {
    "plain": lambda key, value: field(1, field(1, key) + field(2, value)),
    "turned": lambda key, value: field(1, field(2, value) + field(1, key)),
    "no key": lambda _, value: field(1, field(2, value)),
    "no value": lambda key, _: field(1, field(1, key)),
    "long": lambda key, value: field(1, stretched(1, key) + stretched(2, value)),
    "long entry": lambda key, value: stretched(1, field(1, key) + field(2, value)),
    "more": lambda key, value: field(1, field(1, key) + field(2, value) + field(3, b"x")),
    "unknown": lambda key, value: field(3, field(1, key) + field(2, value)),
    "cut": lambda key, value: field(1, field(1, key) + field(2, value))[:-1],
}
KINDS = st.sampled_from(["plain"] * 20 + sorted(ENTRIES))
PAIRS = st.lists(st.tuples(KINDS, KEYS, VALUES), max_size=4)


def expected(examples):
    """Of each name the (number of the example, bytes of its feature), as protobuf has them."""
    found: dict = {}
    for row, one in enumerate(examples):
        message = tfrecord._message().FromString(one)
        if message.feature_lists.feature_list:
            raise ValueError("a SequenceExample")
        for name, content in message.context.feature.items():
            found.setdefault(name, []).append((row, content))
    return found


def found(examples):
    try:
        by_name = features_by_name(Spans.joined(examples))
    except OtherFormError:
        return None
    return {
        name: list(zip(rows.tolist(), features.pieces(), strict=True)) for name, (rows, features) in by_name.items()
    }


@given(st.lists(PAIRS, min_size=1, max_size=5), st.booleans())
@settings(deadline=None)
@example([[("long", b"\0kkkk\x12", b"\x11" + b"x" * 17)]], False)
def test_features_are_those_that_protobuf_reads(rows, are_empty_written):
    contents = [b"".join(ENTRIES[kind](key, value) for kind, key, value in row) for row in rows]
    examples = [field(1, one) if one or are_empty_written else b"" for one in contents]
    ours = found(examples)
    if ours is not None:
        assert ours == expected(examples)
    elif all(kind == "plain" and key != b"\xff" for row in rows for kind, key, _ in row):
        # What all writers write is found, but where a name stands twice in an example.
        assert any(len({key for _, key, _ in row}) < len(row) for row in rows)


@given(st.binary(max_size=40), st.lists(PAIRS, min_size=1, max_size=3), st.data())
@settings(deadline=None)
def test_bytes_that_were_changed_are_read_as_protobuf_reads_them(noise, rows, data):
    contents = [field(1, b"".join(ENTRIES[kind](key, value) for kind, key, value in row)) for row in rows]
    at = data.draw(st.integers(0, len(contents[0])))
    contents[0] = contents[0][:at] + noise + contents[0][at + len(noise) :]
    ours = found(contents)
    assert ours is None or ours == expected(contents)


LISTS = st.dictionaries(st.sampled_from([b"a", b"bc", b"k" * 200]), st.lists(VALUES, max_size=4), max_size=3)


def sequence(features, lists, kind):
    """A SequenceExample; what it has none of is left out, or written without an entry."""
    context = b"".join(ENTRIES["plain"](key, value) for key, value in features.items())
    entries = (ENTRIES["plain"](key, b"".join(field(1, step) for step in steps)) for key, steps in lists.items())
    of_lists = b"".join(entries)
    parts = [field(1, context) if context or kind == "all" else b"", field(2, of_lists) if of_lists or kind else b""]
    return b"".join(reversed(parts) if kind == "turned" else parts)


@given(
    st.lists(st.tuples(st.dictionaries(KEYS, VALUES, max_size=2), LISTS), min_size=1, max_size=5),
    st.sampled_from(["", "all", "turned"]),
    st.data(),
)
@settings(deadline=None)
def test_lists_are_those_that_protobuf_reads(rows, kind, data):
    examples = [sequence(*row, kind) for row in rows]
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(examples[0])))
        examples[0] = examples[0][:at] + data.draw(st.binary(max_size=10)) + examples[0][at:]
    pieces = Spans.joined(examples)
    try:
        context, steps = steps_by_name(pieces)
    except OtherFormError:
        assert kind == "turned" or examples[0] != sequence(*rows[0], kind) or any(b"\xff" in one for one, _ in rows)
        return
    ours = {name: list(one.features.pieces()) for name, one in context.items()}, listed(steps)
    expected = tfrecord._parsed(pieces)
    assert ours == ({name: list(one.pieces()) for name, one in expected.features.items()}, listed(expected.steps))


def listed(steps):
    return {name: (one.counts.tolist(), list(one.features.pieces())) for name, one in steps.items()}


def test_the_order_of_names_is_free():
    names = [b"n%d" % at for at in range(12)]
    entries = {name: field(1, field(1, name) + field(2, feature([at]))) for at, name in enumerate(names)}
    examples = [field(1, b"".join(entries[names[(at * step) % 12]] for at in range(12))) for step in (1, 5, 7, 11)]
    ours = found(examples)
    assert ours is not None
    assert ours == expected(examples)


def test_where_few_examples_have_far_more_nothing_is_gained():
    many = field(1, b"".join(field(1, field(1, b"%d" % at) + field(2, b"")) for at in range(100)))
    assert found([many]) is None
    assert found([many] * 16) == expected([many] * 16)
