"""Outlook: the least that a plan still has to pay, as far as the dtypes show it.

The search looks first where the least is paid in all. Without this, a conversion that cannot be
had without loss would be put off until every detour that loses nothing had been walked.
"""

from __future__ import annotations

from typing import Any

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.casting import convert, is_naming
from sigcheck.transforms.rounding_cast import is_rounded

_NUMBERS = frozenset({"float", "int", "uint", "complex"})

# What a mask is made of in one step only, by the ends of their rows, and none of them is kept.
_IDS = frozenset({"class_ids", "token_ids"})


class Outlook:
    """What is still to be paid at least, spec by spec, toward one required spec.

    `loss` is what the conversion of the values as they are provided loses, in any layout.
    """

    def __init__(self, provided: TensorSpec, required: TensorSpec, policy: Policy, loss: Cost = FREE) -> None:
        self._required, self._policy, self._loss = required, policy, loss
        self._values = _values_of(provided)

    def left(self, spec: TensorSpec) -> Cost:
        """What any plan from the spec to the required one pays at least."""
        if self._loss is not FREE and _values_of(spec) == self._values:
            return self._loss
        return least_left(spec, self._required, self._policy)


def _values_of(spec: TensorSpec) -> tuple[Any, ...]:
    """How the values of a spec are written, whatever axis they lie along."""
    facts = spec.facts
    numbers, stored = facts.normalization, facts.quantization
    return (
        spec.dtype,
        facts.range,
        numbers and (*sorted(numbers.mean), *sorted(numbers.std), numbers.raw_range),
        stored and (*sorted(stored.scale), *sorted(stored.zero_point)),
        facts.meaning,
        facts.id_count,
    )


def least_left(spec: TensorSpec, required: TensorSpec, policy: Policy) -> Cost:
    """What any plan from the spec to the required one pays at least; `FREE` where that is not known.

    Only where nothing but a cast can bring about the required dtype is its loss certain. Ids that tell how far their
    rows go are gone for certain, too.
    """
    if required.facts.meaning == "mask" and spec.facts.meaning in _IDS:
        return Cost(irreversible=1)
    if spec.dtype == required.dtype or policy.allow or spec.facts.meaning != required.facts.meaning:
        return FREE
    if spec.facts.quantization or required.facts.quantization or VALUE_FACTS.intersection(conflicts(spec, required)):
        return FREE
    if any(DTYPES[dtype or "variant"].kind not in _NUMBERS for dtype in (spec.dtype, required.dtype)):
        return FREE
    if is_rounded(spec, required):
        return Cost(rounding=1)
    conversion = convert(spec, required.dtype or "variant", has_names=is_naming(required))
    # Where no guard may be used, values may be cut to the limits instead.
    return (
        FREE
        if conversion is None
        else Cost(
            truncating=int(conversion.loss == "truncating"),
            rounding=int(conversion.loss == "rounding"),
            guards=int(conversion.is_guarded and policy.guard),
        )
    )
