"""Precision: by how much an adapter's numbers differ from what its plan gives in double precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, map_values
from sigcheck.transforms.parts.transform import Transform
from sigcheck.verification.reference import UndefinedCaseError, is_rounding, run_binding, values_of

_WIDEST = {"float": "float64", "complex": "complex128"}
_NUMERIC = frozenset({"float", "complex", "int", "uint", "bool"})


class Precision(NamedTuple):
    """The largest differences: in units of the values, and as a share of them."""

    absolute: float
    relative: float

    def joined(self, other: Precision | None) -> Precision:
        """The larger of each."""
        if other is None:
            return self
        return Precision(max(self.absolute, other.absolute), max(self.relative, other.relative))


def measure_binding(
    catalog: Mapping[str, Transform], binding: Binding, values: Mapping[str, Tensor], actual: Tensor
) -> Precision | None:
    """The error of what an adapter made for a binding of the values by provided name.

    None where there are no numbers, or no double precision for them. Values that are not finite on either side do not
    count: that a narrower float overflows is told by the plan. A share is taken of normal numbers only, for smaller
    ones have fewer digits.
    """
    result = DTYPES[binding.end.dtype or "variant"]
    if result.kind not in _NUMERIC:
        return None
    if not any(is_rounding(step) for step in binding.steps):
        # Such a result was found equal, bit by bit.
        return Precision(0.0, 0.0)
    wide = {one.name: _widened(one.spec, values[one.name]) for one in binding.sources}
    try:
        ideal = run_binding(catalog, _widened_binding(binding), wide)
    except (GuardError, UndefinedCaseError, ArithmeticError, LookupError, TypeError, ValueError):
        # A step that has no meaning in double precision; a measurement must not fail a proof.
        return None
    return _largest(values_of(ideal), values_of(actual), _smallest_normal(result.name))


def _largest(ideal: Array, actual: Array, normal: float) -> Precision | None:
    import numpy as np

    if ideal.shape != actual.shape or "O" in {ideal.dtype.kind, actual.dtype.kind}:
        return None
    wide = np.complex128 if "c" in {ideal.dtype.kind, actual.dtype.kind} else np.float64
    want, got = ideal.astype(wide), actual.astype(wide)
    with np.errstate(all="ignore"):
        difference = np.abs(want - got)
        size = np.abs(want)
        share = np.where(size >= normal, difference / size, 0.0)
    absolute, relative = difference[np.isfinite(difference)], share[np.isfinite(difference) & np.isfinite(share)]
    return Precision(float(absolute.max(initial=0.0)), float(relative.max(initial=0.0)))


def _smallest_normal(name: str) -> float:
    if DTYPES[name].kind not in _WIDEST:
        return 1.0
    import ml_dtypes

    from sigcheck.transforms.parts.array import numpy_dtype

    limits: Any = ml_dtypes.finfo
    return float(limits(numpy_dtype(name)).smallest_normal)


def _wide_name(name: str | None) -> str | None:
    return None if name is None else _WIDEST.get(DTYPES[name].kind, name)


def _widened_spec(spec: TensorSpec) -> TensorSpec:
    # Unlike `replace` this does not check the facts again, which are about the narrow values.
    return spec.model_copy(update={"dtype": _wide_name(spec.dtype)})


def _widened_binding(binding: Binding) -> Binding:
    plan, junction = binding.plan, binding.junction
    return binding.model_copy(
        update={
            "provided_spec": _widened_spec(binding.provided_spec),
            "plan": None if plan is None else Plan(steps=tuple(map(_widened_step, plan.steps))),
            "parts": tuple(map(_widened_binding, binding.parts)),
            "junction": None if junction is None else _widened_step(junction),
        }
    )


def _widened_step(step: Step) -> Step:
    arguments = {
        name: _wide_name(value) if name == "dtype" and isinstance(value, str) else value
        for name, value in step.arguments.items()
    }
    return step.model_copy(update={"arguments": arguments, "result": _widened_spec(step.result)})


def _widened(spec: TensorSpec, value: Tensor) -> Tensor:
    import numpy as np

    wide = {"float": np.float64, "complex": np.complex128}.get(DTYPES[spec.dtype or "variant"].kind)
    return value if wide is None else map_values(value, lambda array: array.astype(wide))
