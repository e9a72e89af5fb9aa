"""What an adapter must give: the steps of its plan run one after another in NumPy.

A step that rounds may be computed by TensorFlow in another order of operations, or with
another exponential: its result may then differ in the last digits, and later steps may
magnify that. How much is found by running the reference again with every rounding step's
input and result off by a few units in the last place, of that step's own dtype: what
the outcome moves by is what is allowed. Plans that do not round must give equal values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, GuardError, RaggedArray, SparseArray, Tensor, map_values
from sigcheck.transforms.transform import Transform

# Units in the last place. TensorFlow's vectorized exponential and its division by a constant as
# a product are each within two of the correctly rounded result.
ROUNDING_UNITS = 4
# TensorFlow's threads flush float32 numbers below the smallest normal one to zero, and the exponential of oneDNN,
# which halves before it doubles, some up to twice that.
_FLUSHED = 2.0**-125
_ROUNDING_LOSSES = frozenset({"rounding", "irreversible"})


class UndefinedCaseError(Exception):
    """What TensorFlow gives for this value depends on the processor, so that nothing can be expected."""


class _Nudge(NamedTuple):
    """By how many units each value entering and leaving a rounding step is off; neighbours may alternate.

    Where builds differ in what is NaN, `without_nan` is a run in which it is 0, at every other place or at all.
    """

    before: int = 0
    after: int = 0
    is_alternating: bool = False
    without_nan: bool = False


_NUDGES = (
    *(
        _Nudge(before * ROUNDING_UNITS, after * ROUNDING_UNITS, is_alternating)
        for before, after in ((1, 1), (-1, -1), (1, -1), (-1, 1))
        for is_alternating in (False, True)
    ),
    *(_Nudge(is_alternating=is_alternating, without_nan=True) for is_alternating in (False, True)),
)


def run_plan(catalog: Mapping[str, Transform], spec: TensorSpec, steps: Sequence[Step], value: Tensor) -> Tensor:
    """The value after all steps.

    Raises GuardError where a step's guard does not hold, and UndefinedCaseError where a float
    beyond an integer's limits, or NaN, would become that integer.
    """
    return _run(catalog, spec, steps, value, None)


def run_binding(catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor]) -> Tensor:
    """What a binding makes of the values by provided name: its parts, the junction, its plan. Raises as `run_plan`."""
    return _run_binding(catalog, binding, values, None)


def allowed_difference(
    catalog: Mapping[str, Transform], spec: TensorSpec, steps: Sequence[Step], value: Tensor, expected: Tensor
) -> Array | None:
    """For each value of the result, by how much it may differ; None where it must be equal.

    Infinite where builds of TensorFlow differ in whether it is NaN.
    """
    return _allowed(lambda nudge: _run(catalog, spec, steps, value, nudge), steps, expected)


def allowed_of_binding(
    catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor], expected: Tensor
) -> Array | None:
    """The same for what a binding makes of the values by provided name."""
    return _allowed(lambda nudge: _run_binding(catalog, binding, values, nudge), binding.steps, expected)


def _allowed(run: Callable[[_Nudge], Tensor], steps: Sequence[Step], expected: Tensor) -> Array | None:
    import numpy as np

    if not any(is_rounding(step) for step in steps):
        return None
    exact = values_of(expected)
    allowed = np.full(exact.shape, 0.0 if exact.dtype.kind in "biu" else _FLUSHED)
    for nudge in _NUDGES:
        try:
            moved = values_of(run(nudge))
        except (GuardError, UndefinedCaseError):
            # The nudge crossed a limit that the value itself keeps to.
            continue
        if moved.shape != exact.shape or moved.dtype.kind in "OS":
            return np.full(exact.shape, np.inf)
        with np.errstate(all="ignore"):
            difference = np.abs(_wide(moved) - _wide(exact))
        if nudge.without_nan:
            allowed = np.where(np.isnan(difference) & ~np.isnan(_wide(moved)) | (difference > 0), np.inf, allowed)
            continue
        # Where only the nudged value overflows, both outcomes are within rounding.
        allowed = np.maximum(allowed, np.where(np.isnan(difference), 0, difference))
    return allowed


def values_of(tensor: Tensor) -> Array:
    """The values of a dense, ragged or sparse tensor, without rows or indices."""
    return tensor.values if isinstance(tensor, RaggedArray | SparseArray) else tensor


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
        _check_defined(spec, step, value)
        is_nudged = nudge is not None and not nudge.without_nan and is_rounding(step)
        is_mixing = _is_so(catalog, step, "is_mixing")
        with np.errstate(all="ignore"):
            if nudge is not None and is_nudged:
                value = _off_by(value, spec, nudge.before, nudge.is_alternating, is_mixing=is_mixing)
            value = catalog[step.transform].reference(spec, step, value)
            if nudge is not None and is_nudged:
                value = _off_by(value, step.result, nudge.after, nudge.is_alternating, is_mixing=is_mixing)
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


def _off_by(value: Tensor, spec: TensorSpec, units: int, is_alternating: bool, *, is_mixing: bool = False) -> Tensor:
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
            largest = np.abs(wide[np.isfinite(wide)]).max(initial=0) if is_mixing else 0
            return np.asarray(wide * factor + (factor - 1) * np.copysign(largest, wide.real), dtype=array.dtype)

    return map_values(value, off)


def _check_defined(spec: TensorSpec, step: Step, value: Tensor) -> None:
    import numpy as np

    source, result = DTYPES[spec.dtype or "variant"], DTYPES[step.result.dtype or "variant"]
    if source.kind not in {"float", "complex"} or result.kind not in {"int", "uint"}:
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
