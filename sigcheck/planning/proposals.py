"""Proposals: what the transforms propose toward one required spec, each asked once about each spec.

The searches that one pair takes differ in their policies. What a policy decides is which
transforms are asked and which of their steps are wanted, not what they propose. A transform is asked
only where one of the coordinates differs that it settles.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sigcheck.planning.goal import is_wanted
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.boxes import of_boxes
from sigcheck.transforms.parts.coordinates import Coordinates, differences
from sigcheck.transforms.parts.transform import Transform


class _Known:
    """What is known of one spec: its coordinates that differ, and the steps of each transform that was asked."""

    __slots__ = ("differing", "steps")

    def __init__(self, differing: Coordinates) -> None:
        self.differing = differing
        # Transforms are told apart by identity: one that prefers a filling is another one.
        self.steps: dict[Transform, tuple[Step, ...]] = {}


class Proposals:
    """What was proposed so far toward the required spec."""

    def __init__(self, required: TensorSpec) -> None:
        self.required = required
        self._known: dict[TensorSpec, _Known] = {}

    def differing(self, spec: TensorSpec) -> Coordinates:
        """The coordinates in which the spec is not yet what is required."""
        return self._of(spec).differing

    def of(self, spec: TensorSpec, transforms: tuple[Transform, ...], policy: Policy) -> Iterator[Step]:
        """Yields the steps from the spec that these transforms propose and the policy wants."""
        known = self._of(spec)
        for transform in asked_of(transforms, known.differing):
            steps = known.steps.get(transform)
            if steps is None:
                steps = known.steps[transform] = self._proposed(spec, transform)
            for step in steps:
                if step.instead_of is None or is_wanted(step, policy):
                    yield step

    def _of(self, spec: TensorSpec) -> _Known:
        known = self._known.get(spec)
        if known is None:
            known = self._known[spec] = _Known(differences(spec, self.required))
        return known

    def _proposed(self, spec: TensorSpec, transform: Transform) -> tuple[Step, ...]:
        found = transform.propose(spec, self.required)
        if spec.facts.boxes is None and self.required.facts.boxes is None:
            return tuple(found)
        return tuple(filter(None, (of_boxes(spec, self.required, step) for step in found)))


@lru_cache(maxsize=1024)
def asked_of(transforms: tuple[Transform, ...], differing: Coordinates) -> tuple[Transform, ...]:
    """Those of the transforms that are asked where these coordinates differ."""
    # What is used by permission only may have a reason of its own.
    return tuple(
        one for one in transforms if not differing.isdisjoint(one.SETTLES) or getattr(one, "BY_PERMISSION", False)
    )
