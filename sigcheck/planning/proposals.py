"""Proposals: what the transforms propose toward one required spec, each asked once about each spec.

The searches that one pair takes differ in their policies. What a policy decides is which
transforms are asked and which of their steps are wanted, not what they propose. A transform is asked
only where one of the coordinates differs that it settles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sigcheck.planning.goal import is_wanted
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.boxes import of_boxes
from sigcheck.transforms.parts.coordinates import Coordinates, differences
from sigcheck.transforms.parts.transform import Transform


class Proposals:
    """What was proposed so far toward the required spec."""

    def __init__(self, required: TensorSpec) -> None:
        self.required = required
        # Transforms are told apart by identity: one that prefers a filling is another one.
        self._made: dict[TensorSpec, dict[Transform, tuple[Step, ...]]] = {}
        self._differing: dict[TensorSpec, Coordinates] = {}

    def differing(self, spec: TensorSpec) -> Coordinates:
        """The coordinates in which the spec is not yet what is required."""
        found = self._differing.get(spec)
        if found is None:
            found = self._differing[spec] = differences(spec, self.required)
        return found

    def of(self, spec: TensorSpec, transforms: Iterable[Transform], policy: Policy) -> Iterator[Step]:
        """Yields the steps from the spec that these transforms propose and the policy wants."""
        made = self._made.setdefault(spec, {})
        differing = self.differing(spec)
        for transform in transforms:
            # What is used by permission only may have a reason of its own.
            if differing.isdisjoint(transform.SETTLES) and not getattr(transform, "BY_PERMISSION", False):
                continue
            if transform not in made:
                found = transform.propose(spec, self.required)
                made[transform] = tuple(filter(None, (of_boxes(spec, self.required, step) for step in found)))
            for step in made[transform]:
                if is_wanted(step, policy):
                    yield step
