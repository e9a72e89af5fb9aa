from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import cast
from sigcheck.transforms.parts.array import GuardError

CASES = [
    *[("any[?, 3]", f"{to}[?, 3]", {"meaning": "class_ids"}) for to in ("int32", "uint8", "int64", "bfloat16")],
    *[("any[?, 3]", f"{to}[?, 3]", {"meaning": "lengths"}) for to in ("float16", "float32")],
    ("sparse float32[?, 9]", "sparse int32[?, 9]", {"meaning": "token_ids"}),
    ("any[?, 3]", "bool[?, 3]", {"meaning": "mask"}),
    ("float32[?]", "float32[?, 5]", {"meaning": "class_ids"}, {"meaning": "probabilities"}),
    *[("any[?, 3]", f"{to}[?, 3]") for to in ("float32", "float16", "bfloat16", "int32", "uint8", "uint64", "bool")],
    ("any[?, 3]", "complex64[?, 3]"),
    ("float16[?]", "complex64[?]", {"range": [0, 1], "normalization": {"mean": 0, "std": 0.5}}),
    ("any[?, 3]", "float8_e5m2[?, 3]"),
    ("int64[?]", "int32[?]", {"range": [0, 100]}),
    ("int64[*]", "int32[*]"),
    ("ragged int64[?, None]", "ragged int32[?, None]"),
    ("ragged float64[?, None, None, 2]", "ragged float32[?, None, None, 2]"),
    ("sparse int64[?, 9]", "sparse int32[?, 9]"),
    ("uint64[?]", "int64[?]"),
    ("float16[?]", "bfloat16[?]"),
]


@pytest.mark.parametrize(
    ("provided", "required", "loss", "is_guarded"),
    [
        ("uint8[?]", "float32[?]", "exact", False),
        ("uint8[?]", "float16[?]", "exact", False),
        ("uint16[?]", "float16[?]", "truncating", False),
        ("int64[?]", "float32[?]", "rounding", False),
        ("float64[?]", "float32[?]", "rounding", False),
        ("float16[?]", "bfloat16[?]", "rounding", False),
        ("float32[?]", "int32[?]", "truncating", False),
        ("complex64[?]", "float32[?]", "truncating", False),
        ("int64[?]", "int32[?]", "exact", True),
        ("int32[?]", "uint32[?]", "exact", True),
        ("uint8[?]", "int16[?]", "exact", False),
        ("bool[?]", "int32[?]", "exact", False),
        ("float32[?]", "complex64[?]", "exact", False),
        ("float64[?]", "complex64[?]", "rounding", False),
    ],
)
def test_the_loss_follows_from_the_limits_of_the_types(propose, provided, required, loss, is_guarded):
    (step,) = propose("cast", provided, required)
    assert (step.loss, step.guard is not None, step.cost.guards) == (loss, is_guarded, int(is_guarded))


@pytest.mark.parametrize("target", ["uint8", "int32", "bool"])
@pytest.mark.parametrize("facts", [{"meaning": "probabilities"}, {"range": [0, 1]}, {"range": [-0.5, 1]}])
def test_shares_of_one_are_no_whole_numbers(propose, facts, target):
    """All but the ends would be zeros, or all be true; a mask is said to be whole, and refused where it is not."""
    for transform in ("cast", "saturating_cast"):
        assert propose(transform, "float32[?]", f"{target}[?]", facts) == []
    assert propose("cast", "float32[?]", f"{target}[?]", {"range": [0, 2]})
    (step,) = propose("cast", "float32[?]", f"{target}[?]", {"meaning": "mask", "range": [0, 1]})
    assert step.guard is not None


@pytest.mark.parametrize("facts", [{"range": [0, 255]}, {"id_count": 1000}, {"meaning": "token_ids", "range": [0, 99]}])
def test_what_is_known_of_the_values_saves_the_guard(propose, facts):
    (step,) = propose("cast", "int64[?]", "int32[?]", facts)
    assert step.guard is None


def test_values_are_converted_before_they_are_narrowed(propose):
    assert propose("cast", "float32[?]", "float16[?]", {"range": [0, 255]}, {"range": [0, 1]}) == []
    (step,) = propose("cast", "uint8[?]", "float16[?]", {"range": [0, 255]}, {"range": [0, 1]})
    assert step.arguments == {"dtype": "float32"}


@pytest.mark.parametrize(
    "pair",
    [("string[?]", "int32[?]"), ("int32[?]", "string[?]"), ("qint8[?]", "float32[?]"), ("int8[?]", "int4[?]")],
)
def test_what_tensorflow_cannot_cast_is_not_cast(propose, pair):
    assert propose("cast", *pair) == []


def test_the_padding_is_cast_with_the_values_and_forgotten_where_it_does_not_fit(propose):
    (kept,) = propose("cast", "int64[?, 9]", "int32[?, 9]", {"padding": {"value": 0}})
    (lost,) = propose("cast", "int64[?, 9]", "int8[?, 9]", {"padding": {"value": 1000}})
    assert (kept.result.facts.padding.value, lost.result.facts.padding) == (0, None)


@pytest.mark.parametrize(
    ("provided", "required", "facts", "guard"),
    [
        # A rounded id is another id.
        ("int32[?]", "bfloat16[?]", {"meaning": "token_ids", "id_count": 300}, "every value is one of bfloat16"),
        ("int32[?]", "bfloat16[?]", {"meaning": "token_ids", "id_count": 256}, None),
        ("int64[?]", "float32[?]", {"meaning": "lengths"}, "every value is one of float32"),
        ("float32[?]", "float16[?]", {"id_count": 5000}, "every value is one of float16"),
        ("float32[?]", "int64[?]", {"meaning": "class_ids", "id_count": 91}, "every value is one of int64"),
        ("float32[?]", "bool[?]", {"meaning": "mask"}, "every value is one of bool"),
    ],
)
def test_what_names_or_counts_is_kept_or_refused(propose, provided, required, facts, guard):
    (step,) = propose("cast", provided, required, facts)
    assert (step.loss, step.guard) == ("exact", guard)


@pytest.mark.parametrize(
    ("provided", "required", "kept", "refused"),
    [
        ("float32[?]", "int32[?]", [0, 3, -5, 2147483520], [0.5, 2147483648.0, np.nan, np.inf, -np.inf, -2147483904.0]),
        ("float16[?]", "int32[?]", [0, 3, 65504], [0.5, np.nan, np.inf]),
        ("float32[?]", "uint8[?]", [0, 255], [-1, 256, 254.5]),
        ("int32[?]", "bfloat16[?]", [0, 256, 258], [257, 299]),
        ("int64[?]", "float16[?]", [0, 2048, 65504], [2049, 65505, 10**18]),
    ],
)
def test_a_number_that_the_target_has_not_is_refused(propose, provided, required, kept, refused):
    (step,) = propose("cast", provided, required, {"meaning": "class_ids"})
    spec = parse_spec(provided)
    given = np.asarray(kept, spec.dtype)
    assert cast.reference(spec, step, given).astype(np.float64).tolist() == given.astype(np.float64).tolist()
    for number in refused:
        with pytest.raises(GuardError):
            cast.reference(spec, step, np.asarray([number], spec.dtype))


@pytest.mark.parametrize("facts", [{}, {"quantization": {"scale": 0.5, "zero_point": 0}}])
def test_whole_numbers_that_are_not_known_to_be_real_are_no_values_to_quantize(propose, facts):
    stored = {"quantization": {"scale": 1 / 255, "zero_point": -128}}
    assert propose("cast", "uint8[?]", "int8[?]", facts, stored) == []
    (step,) = propose("cast", "uint8[?]", "int8[?]", {"range": [0, 255]}, stored)
    assert step.arguments == {"dtype": "float32"}


def test_the_range_of_stored_numbers_saves_the_guard(propose):
    facts = {"quantization": {"scale": 1 / 255, "zero_point": 0}, "range": [0, 0.4]}
    (step,) = propose("cast", "uint8[?]", "int8[?]", facts)
    assert (step.guard, step.result.facts.range) == (None, (0, 0.4))


def test_the_filling_of_rows_is_guarded_too(propose):
    """It is none of the ids, and wraps as well."""
    ids = {"meaning": "token_ids", "id_count": 10}
    (step,) = propose("cast", "int32[?, 9]", "uint8[?, 9]", {**ids, "padding": {"value": -1}})
    assert step.guard == "every value fits in uint8"
    (step,) = propose("cast", "int32[?, 9]", "uint8[?, 9]", {**ids, "padding": {"value": 0}})
    assert step.guard is None


def test_long_numbers_are_converted_in_the_type_that_holds_them(propose):
    """Seconds since 1970 are rounded to two minutes by float32, which is all that is left without their mean."""
    taken = {"normalization": {"mean": 1700000500, "std": 300, "raw_range": [1700000000, 1700001000]}}
    (step,) = propose("cast", "int64[?]", "float32[?]", {"range": [1700000000, 1700001000]}, taken)
    assert (step.arguments, step.loss) == ({"dtype": "float64"}, "exact")
    (step,) = propose("cast", "int64[?]", "float32[?]", {"range": [0, 1 << 24]}, {"range": [0, 1]})
    assert step.arguments == {"dtype": "float32"}


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_is_true_is_one_in_types_that_have_a_range(propose, dtype):
    steps = propose("cast", "bool[?]", f"{dtype}[?]", {"meaning": "mask"}, {"meaning": "mask"})
    is_number = DTYPES[dtype].kind in {"float", "int", "uint"}
    assert all(step.result.facts.range == ((0.0, 1.0) if is_number else None) for step in steps)
    assert steps or dtype not in {"float32", "int64", "complex64"}
