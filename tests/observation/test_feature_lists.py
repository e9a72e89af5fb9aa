"""What NumPy reads of many features together is what protobuf reads of each."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sigcheck.observation import feature_lists
from sigcheck.observation.feature_lists import KINDS, kinds_of, lists_of
from sigcheck.observation.spans import PADDING, Spans
from tests.observation.records import field, varint

NUMBERS = {"bytes_list": 1, "float_list": 2, "int64_list": 3}
VALUES = {
    "bytes_list": st.binary(max_size=300),
    "float_list": st.floats(width=32),
    "int64_list": st.integers(-(2**63), 2**63 - 1) | st.integers(0, 300),
}


def packed(kind, values):
    if kind == "bytes_list":
        return b"".join(field(1, value) for value in values)
    if kind == "float_list":
        content = struct.pack(f"<{len(values)}f", *values)
    else:
        content = b"".join(varint(value % 2**64) for value in values)
    return field(1, content) if values else b""


def alone(kind, values):
    """Each value with a tag of its own, as writers without packing write them."""
    if kind == "float_list":
        return b"".join(b"\x0d" + struct.pack("<f", value) for value in values)
    return b"".join(b"\x08" + varint(value % 2**64) for value in values)


@given(st.sampled_from(sorted(NUMBERS)), st.data())
@settings(deadline=None)
def test_features_are_read_together_as_each_is_read(kind, data):
    rows = data.draw(st.lists(st.lists(VALUES[kind], max_size=6), min_size=1, max_size=8))
    is_packed = kind == "bytes_list" or data.draw(st.booleans())
    features = [field(NUMBERS[kind], (packed if is_packed else alone)(kind, row)) for row in rows]
    pieces = Spans.joined(features)
    assert [KINDS[at] for at in kinds_of(pieces)] == [kind] * len(rows)
    found, expected = lists_of(pieces, kind), feature_lists._parsed(features, kind)
    assert found.lengths.tolist() == [len(row) for row in rows]
    assert found.values.dtype == expected.values.dtype
    np.testing.assert_array_equal(found.values, expected.values)


@given(st.lists(st.binary(max_size=30), min_size=1, max_size=4), st.sampled_from(sorted(NUMBERS)))
@settings(deadline=None)
def test_any_bytes_are_values_or_no_feature(contents, kind):
    features = [varint(NUMBERS[kind] << 3 | 2) + content for content in contents]
    try:
        expected = feature_lists._parsed(features, kind)
    except ValueError:
        expected = None
    try:
        found = lists_of(Spans.joined(features), kind)
    except ValueError:
        found = None
    # Bytes that are only nearly those of a writer are protobuf's to judge.
    assert (found is None) == (expected is None)
    if found is not None:
        np.testing.assert_array_equal(found.values, expected.values)
        np.testing.assert_array_equal(found.lengths, expected.lengths)


def test_many_numbers_are_read_without_a_message_for_each(monkeypatch):
    monkeypatch.setattr(feature_lists, "_message", None)
    features = [field(3, packed("int64_list", [at, -at])) for at in range(1000)]
    values, lengths = lists_of(Spans.joined(features), "int64_list")
    assert values.tolist() == [sign * at for at in range(1000) for sign in (1, -1)]
    assert set(lengths.tolist()) == {2}


def test_two_lists_in_one_feature_are_no_feature():
    two = field(2, packed("float_list", [1.0])) + field(3, packed("int64_list", [1]))
    with pytest.raises(ValueError, match="several lists"):
        kinds_of(Spans.joined([b"\x22\x00" + two]))
    with pytest.raises(ValueError, match="several lists"):
        lists_of(Spans.joined([two]), "float_list")


@given(st.lists(st.binary(max_size=70), max_size=9))
@settings(deadline=None)
@example([b"a\0", b"b"])
@example([b"x" * 40, b""])
def test_texts_are_the_bytes_of_each(texts):
    assert Spans.joined(texts).objects().tolist() == texts


@given(st.lists(st.binary(max_size=20), max_size=9), st.integers(0, 300), st.booleans())
@settings(deadline=None)
def test_bytes_of_all_stand_behind_each_other(pieces, length, are_alike):
    pieces = [piece + bytes(0 if not are_alike else 20 - len(piece)) for piece in pieces] + [b"y" * length] * are_alike
    found = Spans.joined(pieces).together()
    assert found.tobytes() == b"".join(pieces) + PADDING


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 2**57), min_size=1, max_size=9), st.data())
@settings(deadline=None)
def test_one_number_in_each_feature_is_the_number(numbers, data):
    features = [bytearray(field(3, packed("int64_list", [number]))) for number in numbers]
    if data.draw(st.booleans()):
        feature = features[data.draw(st.integers(0, len(features) - 1))]
        feature[data.draw(st.integers(4, len(feature) - 1))] ^= 0x80
    features = [bytes(feature) for feature in features]
    try:
        expected = feature_lists._parsed(features, "int64_list")
    except ValueError:
        with pytest.raises(ValueError, match="no feature"):
            lists_of(Spans.joined(features), "int64_list")
        return
    found = lists_of(Spans.joined(features), "int64_list")
    assert [one.tolist() for one in found] == [one.tolist() for one in expected]
