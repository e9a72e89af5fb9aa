"""Rivals: whether two plans of no clear order give the same values, decided on numbers.

Both are run by their NumPy references on tensors of several sizes; one difference is a
proof that they differ. Where no size can be found on which both run, they count as different:
the user is asked rather than guessed for.
"""

from __future__ import annotations

from itertools import cycle, islice, product
from math import prod

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import CATEGORICAL
from sigcheck.schema.plan import Plan
from sigcheck.schema.tensor_spec import TensorSpec, stored_range
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, SparseArray, Tensor, numpy_dtype
from sigcheck.transforms.parts.png import write_png

# Sizes tried for each unknown axis, and how many tensors at most: values of few bits, such as
# booleans, can look alike by chance, so that one size is tried with several values.
SAMPLE_SIZES = (2, 3)
MOST_SAMPLES = 8

# Beyond so many elements in all no further tensor is made, and none for a larger one: the plans
# then count as different where nothing was compared.
MOST_ELEMENTS = 2_000_000

# Values beyond these tell no more, and overflow where they are drawn.
MOST_DRAWN = 2.0**62

# From so many elements for one example on, one example is looked at before two are.
LARGE = 50_000


def give_equal_values(provided: TensorSpec, first: Plan, second: Plan) -> bool:
    """Whether both plans give the same values wherever both run."""
    if provided.kind == "sparse" or provided.shape is None or not _has_values(provided, first, second):
        return False
    known = {size for plan in (first, second) for step in plan.steps for size in step.result.shape or () if size}
    is_large = prod(size for size in provided.shape if size is not None) > LARGE
    tried = (1, *SAMPLE_SIZES) if is_large else SAMPLE_SIZES
    options = [(size,) if size is not None else (*tried, *sorted(known)) for size in provided.shape]
    is_compared, elements = False, 0
    for seed, sizes in enumerate(islice(cycle(islice(product(*options), MOST_SAMPLES)), MOST_SAMPLES)):
        elements += prod(sizes)
        if elements > MOST_ELEMENTS:
            break
        value = _rows(provided, sizes, seed) if provided.kind == "ragged" else _sample(provided, sizes, seed)
        try:
            results = [run(provided, plan, value) for plan in (first, second)]
        except GuardError:
            continue
        if not _is_equal(*results):
            return False
        is_compared = True
    return is_compared


def _has_values(provided: TensorSpec, *plans: Plan) -> bool:
    """Whether NumPy has a type for every spec on the way; the narrow floats come with TensorFlow only."""
    try:
        for dtype in {provided.dtype, *(step.result.dtype for plan in plans for step in plan.steps)}:
            numpy_dtype(dtype or "")
    except (TypeError, ModuleNotFoundError):
        return False
    return True


def run(provided: TensorSpec, plan: Plan, value: Tensor) -> Tensor:
    """The value after all steps of the plan, by their references. Raises GuardError."""
    spec = provided
    for step in plan.steps:
        value = BY_NAME[step.transform].reference(spec, step, value)
        spec = step.result
    return value


def _sample(spec: TensorSpec, sizes: tuple[int, ...], seed: int) -> Array:
    """Values that differ from place to place, inside what is known of their range."""
    import numpy as np

    count = prod(sizes)
    dtype = DTYPES[spec.dtype or "float32"]
    random = np.random.default_rng(seed)
    if spec.facts.meaning == "encoded_image":
        pictures = [write_png(random.integers(0, 256, (4, 5, 3)).astype(np.uint8)) for _ in range(count)]
        files: Array = np.empty(count, object)
        files[:] = pictures
        return files.reshape(sizes)
    if dtype.kind == "string":
        return np.array([b"%d" % index for index in range(count)], object).reshape(sizes)
    low, high = stored_range(spec) or (0.0, float(min(max(count, 1), dtype.highest or count)))
    low, high = max(low, -MOST_DRAWN), min(high, MOST_DRAWN)
    # Guards let through what names or counts something as whole numbers only.
    is_naming = spec.facts.meaning in CATEGORICAL or spec.facts.id_count is not None
    is_whole = dtype.kind in {"int", "uint", "bool"} or is_naming
    drawn: Array = (
        random.integers(int(low), int(high), sizes, endpoint=True) if is_whole else random.uniform(low, high, sizes)
    )
    return drawn.astype(numpy_dtype(dtype.name))


def _rows(spec: TensorSpec, sizes: tuple[int, ...], seed: int) -> RaggedArray:
    """Rows of falling length, the last one empty, below the sizes given."""
    import numpy as np

    count, splits = sizes[0], []
    for most in sizes[1 : 1 + (spec.ragged_rank or 0)]:
        lengths = [max(0, most - row) for row in range(count)][:-1] + [0] * (count > 0)
        splits.append(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))
        count = int(splits[-1][-1])
    return RaggedArray(_sample(spec, (count, *sizes[1 + (spec.ragged_rank or 0) :]), seed), tuple(splits))


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
    if "O" in {one.dtype.kind, other.dtype.kind}:
        return bool((one == other).all())
    # float16 keeps 11 bits; two orders of rounding steps may differ by a few of its units.
    return bool(np.allclose(_wide(one), _wide(other), rtol=1e-2, atol=1e-3, equal_nan=True))


def _wide(array: Array) -> Array:
    import numpy as np

    # The narrow floats of ml_dtypes, which NumPy does not know, are exact in double precision.
    wide: Array = array if array.dtype.kind == "c" else array.astype(np.float64)
    return wide
