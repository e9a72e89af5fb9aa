"""Rivals: whether two plans of no clear order give the same values, decided on numbers.

Both are run by their NumPy references on tensors of several sizes and kinds of values; one
difference is a proof that they differ. Where no tensor can be found on which both run, or one would
take too much memory, they count as different: the user is asked rather than guessed for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice, product
from math import prod
from typing import NamedTuple

from sigcheck.planning.samples import samples
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Atom, Plan, Step
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME, cast, lengths_to_mask
from sigcheck.transforms.parts.array import (
    Array,
    GuardError,
    RaggedArray,
    SparseArray,
    Tensor,
    max_array_rank,
    numpy_dtype,
)

# Sizes tried for each unknown axis. Not 1: an axis that a guard wants gone hides what the guard stands against.
SAMPLE_SIZES = (2, 3)

# So many tensors of each kind of values are compared at most.
MOST_SHAPES = 8

# No tensor of more elements is made, be it a sample or what a step makes of it: some 200 MB at once
# with copies in double precision.
MOST_ELEMENTS = 8_000_000
# No tensor of more texts is made of another one: each is an object, and takes some hundred times as long as a number.
MOST_TEXTS = 100_000

# Values of few bits, such as booleans, can look alike by chance: one shape is tried with several, until so many
# results were compared.
ENOUGH_OF_A_SHAPE = 5_000

# Of larger ones so many elements are compared at once.
MOST_AT_ONCE = 500_000

# Where steps say along which axis they work.
_AXIS_ARGUMENTS = ("axis", "from_axis", "to_axis")

# Beyond so many elements in all no further tensor is made.
MOST_IN_ALL = 16_000_000


def give_equal_values(provided: TensorSpec, first: Plan, second: Plan) -> bool:
    """Whether both plans give the same values wherever both run."""
    if provided.kind == "sparse" or provided.shape is None or not _has_values(provided, first, second):
        return False
    shapes = [provided.shape, *(step.result.shape for plan in (first, second) for step in plan.steps)]
    if max(len(shape or ()) for shape in shapes) > max_array_rank():
        return False
    provided, first, second = _with_open_batch(provided, first, second)
    made = compared = 0
    tried = _shapes(provided.shape or (), first, second)
    for seed, sizes in enumerate(islice(cycle(tried), MOST_SHAPES)):
        if made > MOST_IN_ALL or (seed >= len(tried) and compared > ENOUGH_OF_A_SHAPE):
            break
        trial = _compare(provided, first, second, sizes, seed)
        if trial.is_other:
            return False
        made, compared = made + trial.made, compared + trial.compared
    return made > 0


class _Trial(NamedTuple):
    """What one shape showed: whether values differ, how many were made, one at least where both plans ran, and how
    many of them are results, which alone were compared.
    """

    is_other: bool = False
    made: int = 0
    compared: int = 0


def _compare(provided: TensorSpec, first: Plan, second: Plan, sizes: tuple[int, ...], seed: int) -> _Trial:
    import numpy as np

    made = compared = 0
    steps = (*first.steps, *second.steps)
    for value in samples(provided, sizes, seed, steps) if _extent(sizes) <= MOST_ELEMENTS else ():
        try:
            with np.errstate(all="ignore"):
                results = [_run_within(provided, plan, value) for plan in (first, second)]
        except (GuardError, SkipError):
            continue
        finally:
            # Let go before the next one is drawn: each may take a large part of what there is.
            del value
        if not _is_equal(*results):
            return _Trial(is_other=True)
        made += max(1, prod(sizes) + sum(map(_count, results)))
        compared += _count(results[0])
        del results
    return _Trial(made=made, compared=compared)


def _shapes(shape: Shape, *plans: Plan) -> list[tuple[int, ...]]:
    made = [size for plan in plans for step in plan.steps for size in step.result.shape or ()]
    options = [
        (size,) if size is not None else (*SAMPLE_SIZES, *sorted({one for one in made if one is not None}))
        for size in shape
    ]
    # A size of none hides what it stands against, so that no more of them are tried than the result has.
    emptied = (plan.steps[-1].result.shape or () if plan.steps else shape for plan in plans)
    most_empty = max(shape.count(0), min(one.count(0) for one in emptied))
    return list(islice((sizes for sizes in product(*options) if sizes.count(0) <= most_empty), MOST_SHAPES))


class SkipError(Exception):
    """A step would make more elements than are made here, or something else on every processor."""


def _run_within(provided: TensorSpec, plan: Plan, value: Tensor) -> Tensor:
    """The value after all steps. Raises GuardError, and SkipError before one that makes too much or nothing sure."""
    spec = provided
    for step in plan.steps:
        if _most_made(step, value) > MOST_ELEMENTS or not _is_defined(spec, step, value):
            raise SkipError
        value, spec = BY_NAME[step.transform].reference(spec, step, value), step.result
    return value


def _is_defined(spec: TensorSpec, step: Step, value: Tensor) -> bool:
    """Whether the step gives the same everywhere: a float beyond the limits of whole numbers becomes any of them."""
    kinds = [DTYPES[one.dtype or "variant"].kind for one in (spec, step.result)]
    if step.transform != cast.NAME or kinds[0] != "float" or kinds[1] not in {"int", "uint"}:
        return True
    import numpy as np

    values, limits = _values(value).astype(np.float64), DTYPES[step.result.dtype or "variant"]
    # The limit of a wide type rounds up to a float that it does not hold.
    return bool(((values > float(limits.lowest or 0) - 1) & (values < float(limits.highest or 0))).all())


def _values(value: Tensor) -> Array:
    return value.values if isinstance(value, RaggedArray | SparseArray) else value


def _most_made(step: Step, value: Tensor) -> int:
    """How many elements the step makes of the value at most."""
    made, count = step.result.shape or (), _count(value)
    if step.result.dtype == "string" and count > MOST_TEXTS:
        return MOST_ELEMENTS + 1
    if step.layout is not None:
        return count
    if step.transform == lengths_to_mask.NAME and step.arguments["size"] is None:
        # As many places as the greatest of them says, whatever it is.
        longest = float(max(_values(value).astype(float), default=0))
        return count * int(longest) if longest <= MOST_ELEMENTS else MOST_ELEMENTS + 1
    shape = () if isinstance(value, RaggedArray | SparseArray) else value.shape
    if len(shape) == len(made):
        return _extent([had if size is None else size for size, had in zip(made, shape, strict=True)])
    return _extent([size for size in made if size is not None]) * (max(count, 1) if None in made else 1)


def _extent(sizes: Sequence[int]) -> int:
    """How many elements an array of these sizes has, or entries along its axes: rows without elements are counted."""
    return prod(max(size, 1) for size in sizes)


def _count(value: Tensor) -> int:
    return int(_values(value).size)


def _with_open_batch(provided: TensorSpec, *plans: Plan) -> tuple[TensorSpec, Plan, Plan]:
    """The spec and the plans as if the first size were not known, where all steps carry it on: it decides nothing."""
    shape = provided.shape or ()
    first, second = plans
    if provided.kind != "dense" or not shape or (shape[0] or 0) <= max(SAMPLE_SIZES):
        return provided, first, second
    if len(shape) == 1 and any(spec.facts.boxes for spec in (provided, *_results(*plans))):
        # The four numbers of one box are no batch.
        return provided, first, second
    if not all(_is_carried(step, shape[0]) for plan in plans for step in plan.steps):
        return provided, first, second
    first, second = (Plan(steps=tuple(map(_opened, plan.steps))) for plan in plans)
    return provided.replace(shape=(None, *shape[1:])), first, second


def _results(*plans: Plan) -> Iterator[TensorSpec]:
    return (step.result for plan in plans for step in plan.steps)


def _is_carried(step: Step, size: int | None) -> bool:
    """Whether the first axis goes on as it is."""
    if step.result.kind != "dense" or not step.result.shape or step.result.shape[0] != size:
        return False
    if step.layout is not None:
        return step.layout[0] == (Atom(0),)
    # Of an axis whose entries have numbers of their own each entry counts.
    return step.reach in {"element", "axis"} and not any(step.arguments.get(name) == 0 for name in _AXIS_ARGUMENTS)


def _opened(step: Step) -> Step:
    """The step, with the first size of its result open."""
    arguments = dict(step.arguments)
    if "shape" in arguments:
        arguments["shape"] = (None, *arguments["shape"][1:])
    result = step.result.replace(shape=(None, *(step.result.shape or ())[1:]))
    return step.model_copy(update={"arguments": arguments, "result": result})


def _has_values(provided: TensorSpec, *plans: Plan) -> bool:
    """Whether NumPy has a type for every spec on the way; the narrow floats come with TensorFlow only."""
    try:
        for dtype in {provided.dtype, *(step.result.dtype for plan in plans for step in plan.steps)}:
            numpy_dtype(dtype or "")
    except (TypeError, ModuleNotFoundError):
        return False
    return True


def run(provided: TensorSpec, plan: Plan, value: Tensor) -> Tensor:
    """The value after all steps of the plan, by their references.

    Raises GuardError, and SkipError before a step that makes more than is made here.
    """
    spec = provided
    for step in plan.steps:
        if _most_made(step, value) > MOST_ELEMENTS:
            raise SkipError
        value = BY_NAME[step.transform].reference(spec, step, value)
        spec = step.result
    return value


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
    if one.dtype == other.dtype and one.dtype.kind != "V" and bool((one == other).all()):
        # To see whether they are near takes ten times as long.
        return True
    # float16 keeps 11 bits; two orders of rounding steps may differ by a few of its units.
    return all(
        np.allclose(_wide(some), _wide(others), rtol=1e-2, atol=1e-3, equal_nan=True)
        for some, others in _parts(one, other)
    )


def _parts(one: Array, other: Array) -> Iterator[tuple[Array, Array]]:
    """Yields two arrays of one shape part by part along their longest axis: what compares them is larger than they."""
    import numpy as np

    if one.size <= MOST_AT_ONCE:
        yield one, other
        return
    longest = int(np.argmax(one.shape))
    one, other = np.moveaxis(one, longest, 0), np.moveaxis(other, longest, 0)
    count = max(1, MOST_AT_ONCE * len(one) // one.size)
    for start in range(0, len(one), count):
        yield one[start : start + count], other[start : start + count]


def _wide(array: Array) -> Array:
    import numpy as np

    # The narrow floats of ml_dtypes, which NumPy does not know, are exact in double precision.
    wide: Array = array if array.dtype.kind == "c" else array.astype(np.float64)
    return wide
