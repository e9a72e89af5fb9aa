from __future__ import annotations

import pytest

from sigcheck.schema.shape import MAX_RANK, MAX_SIZE, is_subshape, is_valid_shape


def test_a_scalar_is_not_of_unknown_rank():
    assert is_subshape((), None)
    assert not is_subshape(None, ())


@pytest.mark.parametrize("shape", [(), (None, 0, MAX_SIZE), (1,) * MAX_RANK])
def test_a_shape_has_sizes_that_tensorflow_takes(shape):
    assert is_valid_shape(shape)


@pytest.mark.parametrize("shape", [None, [1], (-1,), (True,), (1.0,), (MAX_SIZE + 1,), (1,) * (MAX_RANK + 1)])
def test_anything_else_is_no_shape(shape):
    assert not is_valid_shape(shape)
