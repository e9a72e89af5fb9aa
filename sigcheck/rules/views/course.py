"""The course of a binding: the steps that it takes, and where it stands after them.

A rule compares the two specs of a binding, then looks here for what cures the difference.
The steps are those of the plan; of the nearest plan where the binding is blocked; and those
that all candidates share where the candidates tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sigcheck.planning.advice import find_ways
from sigcheck.planning.opening import accepting, opening
from sigcheck.rules.views.tried import follow, is_leading, keep_leading, told
from sigcheck.rules.words.option import declare_of_outputs
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec

CASTS = frozenset({"cast", "rounding_cast", "saturating_cast"})


class Change(NamedTuple):
    """One step and the spec that it is applied to."""

    before: TensorSpec
    step: Step


@dataclass(frozen=True)
class Course:
    """One binding that does not fit as it is, under one policy.

    `end` is the spec after the last change; a subtype of the required one where a plan exists.
    """

    binding: Binding
    policy: Policy
    changes: tuple[Change, ...]
    end: TensorSpec
    conflicts: frozenset[str]

    @classmethod
    def of(cls, binding: Binding, policy: Policy) -> Course:
        """The course of the binding, whatever its verdict."""
        changes = _shared(binding.candidates) if binding.candidates else None
        if changes is None:
            changes = (binding.plan or binding.nearest or Plan()).steps
        walked = []
        spec = binding.provided_spec
        for step in changes:
            walked.append(Change(spec, step))
            spec = step.result
        known = frozenset(conflicts(binding.provided_spec, binding.required_spec))
        return cls(binding, policy, tuple(walked), spec, known)

    @property
    def provided(self) -> TensorSpec:
        """The spec of the output."""
        return self.binding.provided_spec

    @property
    def required(self) -> TensorSpec:
        """The spec of the input."""
        return self.binding.required_spec

    @property
    def is_ambiguous(self) -> bool:
        """Whether candidates tie: then the shapes are their question, told by ambiguous_plan."""
        return bool(self.binding.candidates)

    @property
    def is_planned(self) -> bool:
        """Whether a plan within the policy exists, one or several."""
        return self.binding.plan is not None or self.is_ambiguous

    def where(self, holds: Callable[[Change], bool]) -> tuple[Change, ...]:
        """The changes of which this holds."""
        return tuple(change for change in self.changes if holds(change))

    @property
    def casts(self) -> tuple[Change, ...]:
        """The changes that convert the dtype value by value."""
        return self.where(lambda change: change.step.transform in CASTS)

    def is_settled(self, fact: str) -> bool:
        """Whether the fact no longer disagrees with the required one at the end."""
        return fact not in conflicts(self.end, self.required)

    def changing(self, fact: str) -> tuple[Change, ...]:
        """The changes after which the fact is another one."""
        return self.where(lambda change: getattr(change.before.facts, fact) != getattr(change.step.result.facts, fact))

    def level(self, default: Level, cures: Iterable[Change], *, is_cured: bool) -> Level:
        """The default where the policy allows the cure, else error."""
        if self.is_planned:
            return default
        return default if is_cured and not self.opening(cures) else "error"

    def opening(self, cures: Iterable[Change]) -> str:
        """What the policy lacks for these changes, in words; empty where it allows them."""
        return opening((change.step for change in cures), self.policy)

    def cure(self, cures: Iterable[Change], otherwise: str) -> str:
        """What to do: the steps that cure the difference, or the other advice where none does."""
        cures = tuple(cures)
        if not cures:
            return otherwise
        steps = ", then ".join(str(change.step) for change in cures)
        if self.binding.plan is not None:
            return f"the adapter does it: {steps}"
        lacking = self.opening(cures)
        if self.is_ambiguous and lacking == accepting((change.step for change in cures), self.policy):
            # What is made up is told by invented_values, with what accepts it.
            return f"{steps} would do it"
        if lacking and not self.leads_on(lacking):
            # Beside others that the policy does not allow either.
            lacking = self.opening(self.changes)
        return f"{steps} would do it; allow it with {lacking}" if self.leads_on(lacking) else f"{steps} would do it"

    def leads_on(self, advice: str) -> bool:
        """Whether a text names options, and the pair is better off once they are followed together."""
        return is_leading(advice, self.binding, self.policy)

    def is_sure_of(self, step: Step, advice: str) -> bool:
        """Whether a text names options, and no plan assumes what this step does once they are followed together."""
        outcome = follow(advice, self.binding, self.policy)
        if outcome is None or outcome.plan is None:
            return False
        return all((one.transform, one.assumption) != (step.transform, step.assumption) for one in outcome.plan.steps)

    @property
    def ways(self) -> tuple[str, ...]:
        """The options that declare what leads on, what settles most first."""
        binding = self.binding
        led = find_ways(self.provided, self.required, self.policy, binding.verdict)
        return tuple(told(one.way, binding) for one in led)

    def mismatch(self, fact: str, rule: str, level: Level, message: str, otherwise: str) -> Finding:
        """A finding on a fact that differs, with the steps that change it as its cure, else the other advice."""
        cures = self.changing(fact)
        found = self.level(level, cures, is_cured=self.is_settled(fact))
        return self.finding(rule, found, message, self.cure(cures, otherwise))

    def finding(self, rule: str, level: Level, message: str, advice: str) -> Finding:
        """A finding at the input of this binding, with both endpoints whole."""
        if self.binding.plan is None and self.binding.junction is None:
            advice = keep_leading(advice, self.binding, self.policy, level)
        elif self.binding.junction is not None:
            outputs = [one.provided for one in self.binding.ends]
            advice = declare_of_outputs(advice, self.binding.provided, outputs)
        return Finding(
            rule=rule,
            level=level,
            place=self.binding.required,
            message=message,
            help=advice,
            required=f"{self.binding.required}: {self.required}",
            provided=f"{self.binding.provided}: {self.provided}",
        )


def _shared(candidates: tuple[Plan, ...]) -> tuple[Step, ...]:
    """The steps that every candidate takes, in the order of the first."""
    others = [{(step.transform, str(step.arguments)) for step in plan.steps} for plan in candidates[1:]]
    return tuple(
        step for step in candidates[0].steps if all((step.transform, str(step.arguments)) in taken for taken in others)
    )
