"""What NumPy finds in many examples together is what protobuf reads of each, or it says that it is not sure."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigcheck.observation import example_entries
from sigcheck.observation.example_entries import features_by_name, steps_by_name
from sigcheck.observation.sources import tfrecord
from sigcheck.observation.spans import OtherFormError, Spans
from sigcheck.schema.errors import SourceError
from tests.observation.records import feature, field, varint

DecodeError = pytest.importorskip("google.protobuf.message").DecodeError

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
    return {name: list(zip(one.rows.tolist(), one.features.pieces(), strict=True)) for name, one in by_name.items()}


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
    assert ours == (
        {name: list(one.features.pieces()) for name, one in expected.features.items()},
        listed(expected.steps),
    )


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


# By the name of a feature: of one size, of sizes around those that take a second byte, of several kinds.
ALIKE = {
    b"f": st.lists(st.floats(width=32), min_size=1, max_size=1).map(feature),
    b"vector": st.lists(st.floats(width=32), min_size=40, max_size=40).map(feature),
    b"i": st.integers(0, 300).map(lambda one: feature([one])),
    b"tokens": st.integers(100, 130).map(lambda count: feature([7] * count)),
    b"t": st.binary(max_size=20).map(feature),
    b"long": st.integers(90, 130).map(lambda count: feature(b"x" * count)),
    b"odd": VALUES | st.sampled_from([field(1, field(1, b"a") * 2), field(3, b"\x08\x05"), field(3, b"")]),
}


def columns(examples):
    """The columns as they are found, or that there is something in them that is no feature."""
    try:
        (batch,) = tfrecord._batches(Spans.joined(examples), "a", None)
    except (DecodeError, ValueError, SourceError):
        return "refused"
    return {
        name: (one.values.tolist(), None if one.lengths is None else one.lengths.tolist(), one.missing)
        for name, one in sorted(batch.columns.items())
    }


@given(st.lists(st.sampled_from(sorted(ALIKE)), min_size=1, max_size=4, unique=True), st.data())
@settings(deadline=None)
def test_entries_that_are_alike_have_the_values_that_protobuf_reads(names, data):
    rows = data.draw(st.lists(st.tuples(*(ALIKE[name] for name in names)), min_size=1, max_size=6))
    form = data.draw(st.sampled_from(["plain"] * 4 + ["long", "long entry"]))
    contents = [b"".join(ENTRIES[form](name, one) for name, one in zip(names, row, strict=True)) for row in rows]
    examples = [field(1, one) for one in contents]
    if data.draw(st.booleans()):
        at, place = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 30))
        noise = data.draw(st.binary(min_size=1, max_size=3))
        examples[at] = examples[at][:place] + noise + examples[at][place + len(noise) :]
    with pytest.MonkeyPatch.context() as patch:
        found = columns(examples)
        patch.setattr(example_entries, "_alike", lambda _: None)
        assert repr(found) == repr(columns(examples))


def test_examples_of_one_order_are_alike():
    """Were they not, the answer would be the same, and take longer."""
    rows = [(b"f", [float(at)], b"i", [at * 9], b"t", b"x" * at) for at in range(30)]
    entries = [field(1, field(1, row[at]) + field(2, feature(row[at + 1]))) for row in rows for at in (0, 2, 4)]
    examples = [field(1, b"".join(entries[at : at + 3])) for at in range(0, len(entries), 3)]
    by_name = features_by_name(Spans.joined(examples))
    kinds = {name: one.values.kind for name, one in by_name.items()}
    assert kinds == {"f": "float_list", "i": "int64_list", "t": "bytes_list"}
    assert [len(one) for one in by_name["t"].values.spans.pieces()] == list(range(30))


def stretched_by_one(number, content):
    """A field whose length takes two bytes where one is enough."""
    return varint(number << 3 | 2) + bytes([len(content) | 0x80, 0]) + content


@pytest.mark.parametrize(
    ("key", "size", "more", "inner"),
    [(b"k", 90, 60, field), (b"k", 90, 20, field), (b"kkkkkk", 3, 4, stretched_by_one)],
)
def test_sizes_that_grow_beyond_a_byte_are_no_sizes(key, size, more, inner):
    """Each byte of a size in the second example is as much greater as the example is longer, whatever that makes."""
    entry = bytearray(field(1, field(1, key) + field(2, field(1, inner(1, b"x" * size)))))
    head = len(entry) - size
    first = field(1, bytes(entry))
    for at in (1, 5 + len(key), 7 + len(key), head - 1):
        entry[at] = (entry[at] + more) % 256
    examples = [first, field(1, bytes(entry) + b"x" * more)]
    with pytest.MonkeyPatch.context() as patch:
        found = columns(examples)
        patch.setattr(example_entries, "_alike", lambda _: None)
        assert found == columns(examples)
    assert (found == "refused") == (more != 20)


def test_a_size_is_not_less_than_nothing():
    """The second example has a list without a text, and behind it an entry that begins where the text's field would."""
    text = field(1, field(1, b"kkkkkk") + field(2, feature(b"xxx")))
    none = field(1, field(1, b"kkkkkk") + field(2, field(1, b"")))
    other = field(1, field(1, b"z") + field(2, feature(b"y" * 242)))
    assert other[:2] == b"\x0a\xfe"
    assert columns([field(1, text), field(1, none + other)]) == {
        "kkkkkk": ([b"xxx"], [1, 0], 0),
        "z": ([b"y" * 242], [1], 1),
    }
