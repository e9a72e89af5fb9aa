"""Outlook: the least that a plan still has to pay, as far as the dtypes show it.

The search looks first where the least is paid in all. Without this, a conversion that cannot be
had without loss would be put off until every detour that loses nothing had been walked.
"""

from __future__ import annotations

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.casting import convert, is_naming
from sigcheck.transforms.rounding_cast import is_rounded

_NUMBERS = frozenset({"float", "int", "uint", "complex"})


def least_left(spec: TensorSpec, required: TensorSpec, policy: Policy) -> Cost:
    """What any plan from the spec to the required one pays at least; `FREE` where that is not known.

    Only where nothing but a cast can bring about the required dtype is its loss certain.
    """
    if spec.dtype == required.dtype or policy.allow or spec.facts.meaning != required.facts.meaning:
        return FREE
    if spec.facts.quantization or required.facts.quantization or VALUE_FACTS.intersection(conflicts(spec, required)):
        return FREE
    if any(DTYPES[dtype or "variant"].kind not in _NUMBERS for dtype in (spec.dtype, required.dtype)):
        return FREE
    if is_rounded(spec, required):
        return Cost(rounding=1)
    conversion = convert(spec, required.dtype or "variant", has_names=is_naming(required))
    if conversion is None:
        return FREE
    return Cost(
        truncating=int(conversion.loss == "truncating"),
        rounding=int(conversion.loss == "rounding"),
        # Where no guard may be used, values may be cut to the limits instead.
        guards=int(conversion.is_guarded and policy.guard),
    )
