from __future__ import annotations

from random import Random

import pytest

from sigcheck.schema.notation import parse_spec
from tests.laws.random_specs import draw_spec


@pytest.mark.parametrize(
    "text",
    [
        "float32[?, 224, 224, 3]",
        "ragged string[?, None]",
        "ragged int64[?, None, 4]",
        "sparse float32[?, 1000]",
        "float32[*]",
        "float32[]",
        "unknown[?]",
        "int8[9223372036854775807]",
    ],
)
def test_a_spec_reads_as_it_prints(text):
    assert str(parse_spec(text)) == text


@pytest.mark.parametrize("seed", range(50))
def test_every_spec_is_read_back(seed):
    spec = draw_spec(Random(seed))
    read = parse_spec(str(spec))
    assert (read.kind, read.dtype, read.shape) == (spec.kind, spec.dtype, spec.shape)
    assert read.ragged_rank == spec.ragged_rank or spec.shape is None


def test_spaces_and_the_word_dense_change_nothing():
    assert parse_spec(" dense float32 [ ?,  3 ] ") == parse_spec("float32[?, 3]")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("float32", "is no spec"),
        ("float32[a]", "'a' is no size"),
        ("float32[-1]", "'-1' is no size"),
        ("float32[3,]", "'' is no size"),
        ("ragged float32[?, 3]", "write the ragged axes as None"),
        ("float31[3]", "is no TensorFlow dtype"),
        ("float32[9223372036854775808]", "less than or equal to"),
        ("float32[" + "9" * 5000 + "]", "a size of 5000 digits is none"),
    ],
)
def test_what_is_no_spec_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        parse_spec(text)
