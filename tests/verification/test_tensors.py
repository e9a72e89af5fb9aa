from __future__ import annotations

import numpy as np
import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.verification.comparison import find_difference
from sigcheck.verification.value_cases import value_cases

pytestmark = pytest.mark.tensorflow

SPECS = [
    "float32[?, 3]",
    "float32[]",
    "string[?]",
    "string[]",
    "bfloat16[?, 2]",
    "bool[?]",
    "complex64[?]",
    "uint64[?]",
    "float8_e4m3fn[?]",
    "float32[*]",
    "ragged int32[?, None]",
    "ragged string[?, None, None]",
    "ragged float32[?, None, 4]",
    "sparse float32[?, 6]",
    "sparse string[?, ?]",
]


@pytest.mark.parametrize("text", SPECS)
def test_generated_values_are_tensors_of_the_spec_and_come_back_equal(text):
    import tensorflow as tf

    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow, type_spec

    spec = parse_spec(text)
    for case in value_cases(spec):
        tensor = to_tensorflow(case.value, spec)
        assert tf.type_spec_from_value(tensor).is_subtype_of(type_spec(spec)), case.name
        assert find_difference(case.value, from_tensorflow(tensor)) is None, case.name


def test_a_ragged_spec_of_rank_0_holds_dense_tensors():
    from sigcheck.schema.tensor_spec import TensorSpec
    from sigcheck.verification.tensors import from_tensorflow, to_tensorflow, type_spec

    spec = TensorSpec(kind="ragged", dtype="int32", shape=(None, 2), ragged_rank=0)
    value = next(iter(value_cases(spec))).value
    assert type_spec(spec).ragged_rank == 0
    assert from_tensorflow(to_tensorflow(value, spec)).shape[1:] == (2,)


def test_what_is_no_tensor_is_refused():
    from sigcheck.verification.tensors import from_tensorflow

    with pytest.raises(TypeError, match="a list, expected a tensor"):
        from_tensorflow([np.zeros(3)])
