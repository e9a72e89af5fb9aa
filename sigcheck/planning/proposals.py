"""Proposals: what the transforms propose toward one required spec, each asked once about each spec.

The searches that one pair takes differ in their policies. What a policy decides is which
transforms are asked and which of their steps are wanted, not what they propose. A transform is asked
only where one of the coordinates differs that it settles, and not again where it proposed nothing and what it reads
is as it was.
"""

from __future__ import annotations

from functools import lru_cache

from sigcheck.planning.goal import is_wanted
from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.boxes import of_boxes
from sigcheck.transforms.parts.coordinates import Coordinates, Forms, differences, forms_of, touched
from sigcheck.transforms.parts.transform import Transform

_NO_FORMS: Forms = frozenset()


class _Known:
    """What is known of one spec: its coordinates that differ, and the steps of each transform that was asked."""

    __slots__ = ("differing", "forms", "steps")

    def __init__(self, differing: Coordinates, forms: Forms, steps: dict[Transform, tuple[Step, ...]]) -> None:
        self.differing, self.forms = differing, forms
        # Transforms are told apart by identity: one that prefers a filling is another one.
        self.steps = steps


class Proposals:
    """What was proposed so far toward the required spec."""

    def __init__(self, required: TensorSpec) -> None:
        self.required = required
        self._forms = forms_of(required)
        self._known: dict[TensorSpec, _Known] = {}

    def differing(self, spec: TensorSpec) -> Coordinates:
        """The coordinates in which the spec is not yet what is required."""
        return self._of(spec).differing

    def of(self, spec: TensorSpec, transforms: tuple[Transform, ...], policy: Policy) -> list[Step]:
        """The steps from the spec that these transforms propose and the policy wants."""
        known = self._of(spec)
        wanted: list[Step] = []
        for transform in asked_of(transforms, known.differing, known.forms, self._forms):
            steps = known.steps.get(transform)
            if steps is None:
                steps = known.steps[transform] = self._proposed(spec, transform)
            wanted += [step for step in steps if step.instead_of is None or is_wanted(step, policy)] if steps else ()
        return wanted

    def silent(self, spec: TensorSpec) -> tuple[Transform, ...]:
        """The transforms of which it is known that they propose nothing from the spec."""
        return tuple(one for one, steps in self._of(spec).steps.items() if not steps)

    def follow(self, spec: TensorSpec, step: Step) -> None:
        """Notes of what a step leads to, if it is not known yet, which transforms propose nothing there either."""
        result = step.result
        if result in self._known:
            return
        known = self._of(result)
        # What boxes are may keep a step from being one.
        if spec.facts.boxes is None and self.required.facts.boxes is None:
            steps = self._of(spec).steps
            unmoved = _unmoved(step.transform, is_encoded_alike=_is_encoded_alike(spec.facts, result.facts))
            known.steps = {one: () for one, proposed in steps.items() if not proposed and one in unmoved}

    def _of(self, spec: TensorSpec) -> _Known:
        known = self._known.get(spec)
        if known is None:
            known = self._known[spec] = _Known(differences(spec, self.required), forms_of(spec), {})
        return known

    def _proposed(self, spec: TensorSpec, transform: Transform) -> tuple[Step, ...]:
        found = transform.propose(spec, self.required)
        if spec.facts.boxes is None and self.required.facts.boxes is None:
            return tuple(found)
        return tuple(filter(None, (of_boxes(spec, self.required, step) for step in found)))


@lru_cache(maxsize=MOST_REMEMBERED)
def asked_of(
    transforms: tuple[Transform, ...], differing: Coordinates, forms: Forms, required: Forms
) -> tuple[Transform, ...]:
    """Those of the transforms that are asked where these coordinates differ, from a spec of these forms to another."""
    # What is used by permission only may have a reason of its own.
    return tuple(
        one
        for one in transforms
        if (not differing.isdisjoint(one.SETTLES) or getattr(one, "BY_PERMISSION", False))
        and getattr(one, "TAKES", _NO_FORMS) <= forms
        and getattr(one, "MEETS", _NO_FORMS) <= required
    )


def _is_encoded_alike(ours: Facts, theirs: Facts) -> bool:
    """Whether the encoding is the same one: moves of axes write it only where they move an axis that has scales."""
    return (
        ours.range is theirs.range
        and ours.normalization is theirs.normalization
        and ours.quantization is theirs.quantization
    )


@lru_cache(maxsize=256)
def _unmoved(name: str, *, is_encoded_alike: bool) -> frozenset[Transform]:
    """The transforms that read nothing of what steps of this one write."""
    written = BY_NAME[name].WRITES
    written = touched(written - {"encoding"} if is_encoded_alike else written)
    return frozenset(one for one in BY_NAME.values() if written.isdisjoint(one.READS))
