"""What a rule is, and what it sees: one match of a producer and a consumer, with its plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from sigcheck.schema.elsewhere import Elsewhere
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.passed import Passed
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Binding, Side, Verification, VerificationLevel
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.judged import NO_SIZES, Judged, Unmet

if TYPE_CHECKING:
    from sigcheck.planning.batch import Unshared
    from sigcheck.planning.fans import Unjoined
    from sigcheck.planning.row_places import Misplaced
    from sigcheck.rules.views.course import Course
    from sigcheck.schema.evidence import Evidence


@dataclass(frozen=True)
class MatchView:
    """Everything that rules look at.

    `missing` are the required inputs that no output feeds (optional ones do not count),
    `unused` the outputs that feed no input. `ambiguous` names for an input the outputs that
    could equally feed it, `contested` for an output the missing inputs that it could equally
    feed, `unjoined` are outputs that are bound together in no one way, and `unshared` inputs that get, or may get,
    another batch than the others, `misplaced` those whose rows come to lie elsewhere. `passed` are tensors of earlier
    models that nothing was bound to.
    `verification` is what running the adapter showed, where it was run, `wanted` the level that it
    was to reach, and `is_wanted_by_name` whether somebody asked for that level. `sizes` are the
    constraints on sizes that fail, or cannot be told, and `cured` those that failed before the bindings
    were led to other sizes. `evidence` is what data showed, by side (`producer`, `consumer`) and name.
    `contradictions` are those between the source of a side and a model that lies beside it. `elsewhere` are other
    signatures of either side that would do where these are blocked. `is_mapped` says that a model is called row by
    row, `has_batched_producer` that the producer could be, its own batch being that of one row.
    """

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...] = ()
    inputs: tuple[Endpoint, ...] = ()
    bindings: tuple[Binding, ...] = ()
    missing: tuple[Endpoint, ...] = ()
    unused: tuple[Endpoint, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unjoined: tuple[Unjoined, ...] = ()
    unshared: tuple[Unshared, ...] = ()
    misplaced: tuple[Misplaced, ...] = ()
    policy: Policy = DEFAULT_POLICY
    verification: Verification | None = None
    wanted: VerificationLevel | None = None
    is_wanted_by_name: bool = False
    sizes: Judged = NO_SIZES
    cured: tuple[Unmet, ...] = ()
    evidence: Mapping[str, Mapping[str, Evidence]] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    contradictions: tuple[Finding, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    is_mapped: bool = False
    has_batched_producer: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing to compare: all fits, no fact is known, nothing was run.

        Only a rule that says so is asked of such a match. What a graph shows of an output alone can be compared
        with nothing.
        """
        is_run = self.wanted == "end_to_end" or bool(self.verification and self.verification.failures)
        is_shown = any(self.evidence.values()) or bool(self.contradictions)
        if self.missing or self.unused or self.ambiguous or self.unjoined or is_run or self.sizes.unmet or is_shown:
            return False
        has_facts = any(endpoint.spec.facts.known() for endpoint in (*self.outputs, *self.inputs))
        has_claims = any(endpoint.inferred for endpoint in self.inputs)
        return not has_facts and not has_claims and all(binding.verdict == "fits" for binding in self.bindings)

    def cured_axes(self, required: str) -> frozenset[int]:
        """The axes of an input whose sizes `size_constraint` speaks of."""
        return frozenset(axis for unmet in self.cured for name, axis in unmet.places if name == required)

    @cached_property
    def courses(self) -> tuple[Course, ...]:
        """The bindings that do not fit as they are, each with the steps that it takes.

        Of one that is joined of several outputs, first those of its parts.
        """
        from sigcheck.rules.views.course import Course

        return tuple(
            Course.of(one, self.policy.of(one.required))
            for binding in self.bindings
            for one in _with_parts(binding)
            if one.verdict != "fits"
        )


def _with_parts(binding: Binding) -> Iterator[Binding]:
    """Yields the parts of a binding, and the binding where something follows the junction that can be spoken of."""
    yield from binding.parts
    is_open = any(part.verdict in {"blocked", "undecided"} for part in binding.parts)
    is_done = binding.junction is not None and binding.plan is not None and not binding.plan.steps
    if not is_open and not is_done:
        yield binding


class Rule(Protocol):
    """One kind of mismatch. Each is a module of this shape; its docstring is its help page.

    `LEVEL` is the level of a finding that a plan cures; where nothing cures it the level
    is error, whatever the default. `OF_EVERY_MATCH = True` may be there too: the rule is asked as well where all
    fits and no fact is known, as one must be that looks at names. It is then loaded at every check.
    """

    NAME: str
    ORDER: int
    LEVEL: Level

    def find(self, match: MatchView, /) -> Iterator[Finding]:
        """Yields what the rule finds in the match, in the order of its bindings."""
