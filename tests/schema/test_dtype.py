from __future__ import annotations

import pytest

from sigcheck.schema.dtype import DTYPE_BY_NUMBER, DTYPES


@pytest.mark.tensorflow
def test_names_numbers_and_sizes_are_those_of_tensorflow():
    import tensorflow as tf

    for dtype in DTYPES.values():
        if dtype.kind in {"string", "opaque", "quantized"} or not hasattr(tf.dtypes, dtype.name):
            continue
        theirs = tf.as_dtype(dtype.name)
        assert theirs.as_datatype_enum == dtype.number, dtype
        if dtype.name not in {"int4", "uint4", "int2", "uint2", "float4_e2m1fn"}:
            assert theirs.size == dtype.bytes, dtype


@pytest.mark.tensorflow
def test_limits_are_those_of_tensorflow():
    import tensorflow as tf

    for dtype in DTYPES.values():
        if dtype.kind in {"int", "uint", "float"} and hasattr(tf.dtypes, dtype.name) and dtype.bytes > 1:
            theirs = tf.as_dtype(dtype.name)
            assert float(theirs.min) == float(dtype.lowest), dtype
            assert float(theirs.max) == float(dtype.highest), dtype


def test_a_number_stands_for_one_dtype():
    assert len(DTYPE_BY_NUMBER) == len(DTYPES)


@pytest.mark.parametrize(("name", "exact"), [("float32", 2**24), ("float64", 2**53), ("float16", 2**11)])
def test_whole_numbers_survive_up_to_the_digits(name, exact):
    import numpy as np

    assert 1 << DTYPES[name].digits == exact
    assert int(np.dtype(name).type(exact)) == exact
    assert int(np.dtype(name).type(exact + 1)) != exact + 1
