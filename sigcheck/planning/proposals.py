"""Proposals: what the transforms propose toward one required spec, each asked once about each spec.

The searches that one pair takes differ in their policies. What a policy decides is which
transforms are asked and which of their steps are wanted, not what they propose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sigcheck.planning.goal import is_wanted
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.transform import Transform


class Proposals:
    """What was proposed so far toward the required spec."""

    def __init__(self, required: TensorSpec) -> None:
        self.required = required
        # Transforms are told apart by identity: one that prefers a filling is another one.
        self._made: dict[TensorSpec, dict[Transform, tuple[Step, ...]]] = {}

    def of(self, spec: TensorSpec, transforms: Iterable[Transform], policy: Policy) -> Iterator[Step]:
        """Yields the steps from the spec that these transforms propose and the policy wants."""
        made = self._made.setdefault(spec, {})
        for transform in transforms:
            if transform not in made:
                made[transform] = tuple(transform.propose(spec, self.required))
            for step in made[transform]:
                if is_wanted(step, policy):
                    yield step
