"""What an adapter must give: the steps of its plan run one after another in NumPy.

A step that rounds may be computed by TensorFlow in another order of operations, or with
another exponential: its result may then differ in the last digits, and later steps may
magnify that. How much is found by running the reference again with every rounding step's
input and result off by a few units in the last place, of that step's own dtype: what
the outcome moves by is what is allowed, together or, of several steps, one by one and added up: errors of
several steps may cancel by chance in the one run, and not in the other. Plans that do not round must give
equal values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, SparseArray, Tensor, map_values
from sigcheck.transforms.parts.transform import Transform

# Units in the last place. TensorFlow's vectorized exponential and its division by a constant as
# a product are each within two of the correctly rounded result.
ROUNDING_UNITS = 4
# As many as one generated tensor may have at most: a pad or a repeat makes more of them.
MAX_RESULT_ELEMENTS = 2**24
# TensorFlow's threads flush float32 numbers below the smallest normal one to zero, and the exponential of oneDNN,
# which halves before it doubles, some up to twice that.
_FLUSHED = 2.0**-125
_ROUNDING_LOSSES = frozenset({"rounding", "irreversible"})


class UndefinedCaseError(Exception):
    """What TensorFlow gives for this value depends on the processor, so that nothing can be expected."""


class TooLargeError(UndefinedCaseError):
    """A result of the plan has more values than a proof may hold."""


class _Nudge(NamedTuple):
    """By how many units each value entering and leaving a rounding step is off; neighbours may alternate.

    Where builds differ in what is NaN, `without_nan` is a run in which it is 0, at every other place or at all.
    `only` is the one step that is nudged.
    """

    before: int = 0
    after: int = 0
    is_alternating: bool = False
    without_nan: bool = False
    only: Step | None = None


_NUDGES = (
    *(
        _Nudge(before * ROUNDING_UNITS, after * ROUNDING_UNITS, is_alternating)
        for before, after in ((1, 1), (-1, -1), (1, -1), (-1, 1))
        for is_alternating in (False, True)
    ),
    *(_Nudge(is_alternating=is_alternating, without_nan=True) for is_alternating in (False, True)),
)


def run_binding(catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor]) -> Tensor:
    """What a binding makes of the values by provided name: its parts, the junction, its plan.

    Raises GuardError where a step's guard does not hold, UndefinedCaseError where a float
    beyond an integer's limits, or NaN, would become that integer, and TooLargeError before a
    result of more than MAX_RESULT_ELEMENTS values is made.
    """
    return _run_binding(catalog, binding, values, None)


def allowed_of_binding(
    catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor], expected: Tensor
) -> Array | None:
    """For each value that a binding makes of those by provided name, by how much it may differ; None where not at all.

    Infinite where builds of TensorFlow differ in whether it is NaN.
    """
    import numpy as np

    rounding = [step for step in binding.steps if is_rounding(step)]
    if not rounding:
        return None

    def run(nudge: _Nudge) -> Tensor:
        return _run_binding(catalog, binding, values, nudge)

    exact = values_of(expected)
    allowed = np.full(exact.shape, 0.0 if exact.dtype.kind in "biu" else _FLUSHED)
    for nudge in _NUDGES:
        difference = _moved_by(run, nudge, exact)
        if difference is None:
            continue
        if nudge.without_nan:
            allowed = np.where(difference > 0, np.inf, allowed)
            continue
        allowed = np.maximum(allowed, difference)
    if len(rounding) > 1:
        alone = (
            _Nudge(before * ROUNDING_UNITS, (1 - before) * ROUNDING_UNITS, only=step)
            for step in rounding
            for before in (0, 1)
        )
        moved = [difference for one in alone if (difference := _moved_by(run, one, exact)) is not None]
        allowed = np.maximum(allowed, np.sum(moved, axis=0)) if moved else allowed
    return allowed


def _moved_by(run: Callable[[_Nudge], Tensor], nudge: _Nudge, exact: Array) -> Array | None:
    """By how much the outcome moves; None where the nudge crosses a limit that the value itself keeps to."""
    import numpy as np

    try:
        moved = values_of(run(nudge))
    except (GuardError, UndefinedCaseError):
        return None
    if moved.shape != exact.shape or moved.dtype.kind in "OS":
        return np.full(exact.shape, np.inf)
    with np.errstate(all="ignore"):
        difference: Array = np.abs(_wide(moved) - _wide(exact))
    if nudge.without_nan:
        return np.where(np.isnan(difference) & ~np.isnan(_wide(moved)), np.inf, difference)
    # Where only the nudged value overflows, both outcomes are within rounding.
    return np.where(np.isnan(difference), 0, difference)


def values_of(tensor: Tensor) -> Array:
    """The values of a dense, ragged or sparse tensor, without rows or indices."""
    return tensor.values if isinstance(tensor, RaggedArray | SparseArray) else tensor


def estimate_elements(spec: TensorSpec, result: TensorSpec, value: Tensor) -> int:
    """How many values one step makes of a value, from the sizes alone.

    An unknown size of the result is that of the same axis, as after a pad; or the unknown sizes
    are those of what it is made of, in whatever order, as after a transposition: the smaller holds.
    """
    sizes = _box(value)
    if result.shape is None or result.kind != "dense" or spec.shape is None or len(spec.shape) != len(sizes):
        return math.prod(sizes)
    known = math.prod(size for size in result.shape if size is not None)
    unknown = math.prod(size for size, own in zip(sizes, spec.shape, strict=True) if own is None)
    if len(result.shape) != len(sizes):
        return known * unknown
    by_axis = math.prod(own if size is None else size for size, own in zip(result.shape, sizes, strict=True))
    return min(by_axis, known * unknown)


def _box(value: Tensor) -> tuple[int, ...]:
    """The sizes of the dense tensor that holds the value."""
    import numpy as np

    if isinstance(value, SparseArray):
        return tuple(int(size) for size in value.dense_shape)
    if isinstance(value, RaggedArray):
        longest = (int(np.diff(splits).max(initial=0)) for splits in value.row_splits)
        return (len(value.row_splits[0]) - 1, *longest, *value.values.shape[1:])
    return tuple(value.shape)


def is_rounding(step: Step) -> bool:
    """Whether the step may change the last digits of a value."""
    # A step that drops values may round the others too, as a smaller picture does.
    return step.loss in _ROUNDING_LOSSES or step.cost.rounding > 0


def _wide(array: Array) -> Array:
    import numpy as np

    return np.asarray(array, dtype=np.complex128 if array.dtype.kind == "c" else np.float64)


def _run_binding(
    catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor], nudge: _Nudge | None
) -> Tensor:
    steps = binding.plan.steps if binding.plan is not None else ()
    if binding.junction is None:
        return _run(catalog, binding.provided_spec, steps, values[binding.provided], nudge)
    from sigcheck.junctions import JUNCTIONS

    parts = [_run_binding(catalog, part, values, nudge) for part in binding.parts]
    joined = JUNCTIONS[binding.junction.transform].reference(binding.part_specs, binding.junction, parts)
    return _run(catalog, binding.provided_spec, steps, joined, nudge)


def _run(
    catalog: Mapping[str, Transform], spec: TensorSpec, steps: Sequence[Step], value: Tensor, nudge: _Nudge | None
) -> Tensor:
    import numpy as np

    for step in steps:
        count = estimate_elements(spec, step.result, value)
        if count > MAX_RESULT_ELEMENTS:
            raise TooLargeError(f"{step}: {count} values")
        _check_defined(spec, step, value)
        is_nudged = (
            nudge is not None
            and (nudge.only is None or nudge.only is step)
            and not nudge.without_nan
            and is_rounding(step)
        )
        is_mixing = _is_so(catalog, step, "is_mixing")
        before, after = _added(catalog, step)
        with np.errstate(all="ignore"):
            if nudge is not None and is_nudged:
                if is_mixing and DTYPES[spec.dtype or "variant"].kind in {"int", "uint"}:
                    # Whole numbers are not nudged: what they are rounded to on the way in is.
                    after = max(after, _largest(value))
                value = _off_by(value, spec, nudge.before, nudge.is_alternating, before, is_mixing=is_mixing)
            value = catalog[step.transform].reference(spec, step, value)
            if nudge is not None and is_nudged:
                value = _off_by(value, step.result, nudge.after, nudge.is_alternating, after, is_mixing=is_mixing)
        if nudge is not None and nudge.without_nan and _is_so(catalog, step, "leaves_nan_open"):
            value = _without_nan(value, is_alternating=nudge.is_alternating)
        spec = step.result
    return value


def _is_so(catalog: Mapping[str, Transform], step: Step, name: str) -> bool:
    """What a transform that need not have it says of a step."""
    says: Callable[[Step], bool] | None = getattr(catalog[step.transform], name, None)
    return says is not None and says(step)


def _without_nan(value: Tensor, *, is_alternating: bool) -> Tensor:
    import numpy as np

    def filled(array: Array) -> Array:
        is_open = np.isnan(_wide(array))
        if is_alternating:
            is_open.reshape(-1)[1::2] = False
        return np.where(is_open, np.zeros((), array.dtype), array)

    return map_values(value, filled)


def _added(catalog: Mapping[str, Transform], step: Step) -> tuple[float, float]:
    """The constants that a step adds to what enters it and to what leaves it."""
    added: Callable[[Step], tuple[float, float]] | None = getattr(catalog[step.transform], "added", None)
    return (0.0, 0.0) if added is None else added(step)


def _off_by(
    value: Tensor, spec: TensorSpec, units: int, is_alternating: bool, added: float, *, is_mixing: bool = False
) -> Tensor:
    import numpy as np

    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.kind not in {"float", "complex"}:
        return value
    # Nudged in double precision, a narrow value moves by whole units or not at all when it is 0.
    unit = 2.0 ** (1 - dtype.digits)

    def off(array: Array) -> Array:
        factor = np.full(array.shape, 1 + units * unit)
        if is_alternating:
            factor.reshape(-1)[1::2] = 1 - units * unit
        with np.errstate(all="ignore"):
            wide = _wide(array)
            # A sum of several values is off by units of the largest of them, however small it is itself.
            largest = max(added, _largest(array)) if is_mixing else added
            return np.asarray(wide * factor + (factor - 1) * np.copysign(largest, wide.real), dtype=array.dtype)

    return map_values(value, off)


def _largest(value: Tensor) -> float:
    """The largest magnitude of a finite number, 0 where there is none."""
    import numpy as np

    numbers = _wide(values_of(value))
    return float(np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0))


def _check_defined(spec: TensorSpec, step: Step, value: Tensor) -> None:
    import numpy as np

    source, result = DTYPES[spec.dtype or "variant"], DTYPES[step.result.dtype or "variant"]
    if source.kind not in {"float", "complex"} or result.kind not in {"int", "uint"} or step.guard is not None:
        # What a guard refuses is refused on every processor.
        return
    numbers = _wide(values_of(value)).real
    if np.isnan(numbers).any():
        raise UndefinedCaseError(f"{step}: NaN as {result.name}")
    whole = np.trunc(numbers)
    # The highest 64-bit integers are rounded up by the comparison in double precision.
    highest = float(result.highest or 0)
    is_beyond = whole >= highest if result.digits > DTYPES["float64"].digits else whole > highest
    if step.transform == "cast" and (is_beyond | (whole < float(result.lowest or 0))).any():
        raise UndefinedCaseError(f"{step}: values beyond the limits of {result.name}")
