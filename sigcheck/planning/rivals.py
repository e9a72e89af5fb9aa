"""Rivals: whether two plans of no clear order give the same values, decided on numbers.

Both are run by their NumPy references on tensors of several sizes; one difference is a
proof that they differ. Where no size can be found on which both run, they count as different:
the user is asked rather than guessed for.
"""

from __future__ import annotations

from itertools import product
from math import prod

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Plan
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.array import Array, GuardError, RaggedArray, SparseArray, Tensor

# Sizes tried for each unknown axis, and how many combinations of them at most.
SAMPLE_SIZES = (2, 3)
MOST_SAMPLES = 8

# Larger tensors are not made for a comparison; the plans then count as different.
MOST_ELEMENTS = 2_000_000


def give_equal_values(provided: TensorSpec, first: Plan, second: Plan) -> bool:
    """Whether both plans give the same values wherever both run."""
    if provided.kind == "sparse" or provided.shape is None:
        return False
    known = {size for plan in (first, second) for step in plan.steps for size in step.result.shape or () if size}
    options = [(size,) if size is not None else (*SAMPLE_SIZES, *sorted(known)) for size in provided.shape]
    is_compared = False
    for count, sizes in enumerate(product(*options)):
        if count == MOST_SAMPLES or prod(sizes) > MOST_ELEMENTS:
            break
        value = _rows(provided, sizes) if provided.kind == "ragged" else _sample(provided, sizes)
        try:
            results = [run(provided, plan, value) for plan in (first, second)]
        except GuardError:
            continue
        if not _is_equal(*results):
            return False
        is_compared = True
    return is_compared


def run(provided: TensorSpec, plan: Plan, value: Tensor) -> Tensor:
    """The value after all steps of the plan, by their references. Raises GuardError."""
    spec = provided
    for step in plan.steps:
        value = BY_NAME[step.transform].reference(spec, step, value)
        spec = step.result
    return value


def _sample(spec: TensorSpec, sizes: tuple[int, ...]) -> Array:
    """Values that differ from place to place, inside what is known of their range."""
    import numpy as np

    from sigcheck.transforms.array import numpy_dtype

    count = prod(sizes)
    dtype = DTYPES[spec.dtype or "float32"]
    if dtype.kind == "string":
        return np.array([b"%d" % index for index in range(count)], object).reshape(sizes)
    low, high = spec.facts.range or (0.0, float(min(count, dtype.highest or count)))
    return np.linspace(low, high, count).astype(numpy_dtype(dtype.name)).reshape(sizes)


def _rows(spec: TensorSpec, sizes: tuple[int, ...]) -> RaggedArray:
    """Rows of falling length, the last one empty, below the sizes given."""
    import numpy as np

    count, splits = sizes[0], []
    for most in sizes[1 : 1 + (spec.ragged_rank or 0)]:
        lengths = [max(0, most - row) for row in range(count)][:-1] + [0] * (count > 0)
        splits.append(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
        count = int(splits[-1][-1])
    return RaggedArray(_sample(spec, (count, *sizes[1 + (spec.ragged_rank or 0) :])), tuple(splits))


def _is_equal(one: Tensor, other: Tensor) -> bool:
    if isinstance(one, RaggedArray) and isinstance(other, RaggedArray):
        pairs = zip((one.values, *one.row_splits), (other.values, *other.row_splits), strict=True)
        return len(one.row_splits) == len(other.row_splits) and all(_is_close(a, b) for a, b in pairs)
    if isinstance(one, RaggedArray | SparseArray) or isinstance(other, RaggedArray | SparseArray):
        return False
    return _is_close(one, other)


def _is_close(one: Array, other: Array) -> bool:
    import numpy as np

    if one.shape != other.shape:
        return False
    if object in {one.dtype, other.dtype}:
        return bool((one == other).all())
    wide = (one.astype(np.float64), other.astype(np.float64))
    # float16 keeps 11 bits; two orders of rounding steps may differ by a few of its units.
    return bool(np.allclose(*wide, rtol=1e-2, atol=1e-3, equal_nan=True))
