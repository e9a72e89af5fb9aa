"""The report of a check: everything that a format needs to print it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from sigcheck.schema.evidence import Seen
from sigcheck.schema.finding import Finding
from sigcheck.schema.length_choice import LengthChoice
from sigcheck.schema.obstacle import Obstacle
from sigcheck.schema.plan import Plan, Step, Verdict
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_guard import SizeGuard
from sigcheck.schema.state import State
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import SCHEMA_VERSION, MadeValue, Value
from sigcheck.schema.walls import Walls

VerificationLevel = Literal["typed", "traced", "executed", "end_to_end"]
# From the least that is proved to the most.
VERIFICATION_LEVELS: tuple[VerificationLevel, ...] = ("typed", "traced", "executed", "end_to_end")


# Between the sources, and the keys, of producers that feed one consumer together.
TOGETHER = " + "


@lru_cache
def _last_part(source: str) -> str:
    return PurePath(source).name or source


def _each(source: str, key: str) -> list[str]:
    """The sources of as many producers as keys were named."""
    sources = source.split(TOGETHER)
    return sources if len(sources) == len(key.split(TOGETHER)) else [source]


@lru_cache
def _named(source: str, key: str) -> str:
    sources = _each(source, key)
    keys = key.split(TOGETHER) if len(sources) > 1 else [key]
    named = (one if "#" in one or not key else f"{one}#{key}" for one, key in zip(sources, keys, strict=True))
    return TOGETHER.join(named)


class Side(MadeValue):
    """Which signature of which source stood on one side of the check."""

    source: str
    reader: str
    key: str
    # Each of those that feed one consumer together: a folder may have in its name what stands between them.
    together: tuple[Together, ...] = Field(default=(), exclude=True, repr=False)

    @property
    def named(self) -> str:
        """The source with its signature key, where one is meant; of several that feed together each with its own.

        >>> Side(source="encoder", reader="", key="serving_default").named
        'encoder#serving_default'
        >>> Side(source="words.toml + pixels#encode", reader="", key="default + encode").named
        'words.toml#default + pixels#encode'
        """
        if self.together:
            return TOGETHER.join(one.side.named for one in self.together)
        return _named(self.source, self.key)

    @property
    def without_folders(self) -> str:
        """The same of the last parts of the sources: the folders that they lie in differ from machine to machine.

        >>> Side(source="data/words.toml + models/pixels", reader="", key="default + encode").without_folders
        'words.toml#default + pixels#encode'
        >>> Side(source="mine + yours/pixels", reader="", key="encode").without_folders
        'pixels#encode'
        """
        if self.together:
            return TOGETHER.join(one.side.without_folders for one in self.together)
        return _named(TOGETHER.join(map(_last_part, _each(self.source, self.key))), self.key)


class Together(MadeValue):
    """One of several producers: `names` has what its tensors are called among those of all, and by itself."""

    side: Side
    names: Mapping[str, str]


class Binding(MadeValue):
    """One output bound to one input, with its plan and what else would have been possible.

    `plan` is None where the verdict is blocked or undecided. `candidates` are the tied
    plans of an undecided binding; `alternatives` are dearer plans. `nearest` is, for a
    blocked binding, the plan that came nearest, beyond the policy or short of the goal,
    and `obstacle` why there is none and what would open a path. `is_cut_short` says that a limit
    ended the search: a plan, or a rival of the one that was found, may have been missed.

    Where several outputs are joined, or an input takes a piece of one, `junction` is the step that
    does it and `parts` are the outputs it is made of, each as a binding of its own to what the
    junction takes. `provided` is then the junction as people write it, `concat(a, b, axis=1)`,
    and `provided_spec` what it gives, from where the plan goes on.

    `asserts` are constraints on the sizes of this input, and of those before it, that nobody can tell before
    the run. Where the sizes that are fed failed a constraint, `required_spec` has those that the plan leads to.
    """

    provided: str
    required: str
    verdict: Verdict
    provided_spec: TensorSpec
    required_spec: TensorSpec
    plan: Plan | None = None
    candidates: tuple[Plan, ...] = ()
    alternatives: tuple[Plan, ...] = ()
    nearest: Plan | None = None
    obstacle: Obstacle | None = None
    is_cut_short: bool = False
    parts: tuple[Binding, ...] = ()
    junction: Step | None = None
    asserts: tuple[SizeGuard, ...] = ()

    @property
    def ends(self) -> tuple[Binding, ...]:
        """One binding for each output that it is fed from: its parts, or itself."""
        return self.parts or (self,)

    @property
    def sources(self) -> tuple[Endpoint, ...]:
        """The outputs that it is fed from."""
        return tuple(Endpoint(name=one.provided, spec=one.provided_spec) for one in self.ends)

    @property
    def part_specs(self) -> tuple[TensorSpec, ...]:
        """What the junction takes: each part after its own plan."""
        return tuple(part.steps[-1].result if part.steps else part.provided_spec for part in self.parts)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step from the outputs to the input: those of the parts, the junction, and those of the plan."""
        own = self.plan.steps if self.plan is not None else ()
        joined = () if self.junction is None else (self.junction,)
        return (*(step for part in self.parts for step in part.steps), *joined, *own)

    @property
    def told_steps(self) -> tuple[Step, ...]:
        """Every step as a reader is told it, what is asserted of sizes behind them."""
        asserting = (
            Step(transform="assert_sizes", arguments={"holds": one.holds}, result=self.end, guard=one.holds)
            for one in self.asserts
        )
        return (*self.steps, *asserting)

    @property
    def end(self) -> TensorSpec:
        """What its plan leads to."""
        return self.plan.steps[-1].result if self.plan is not None and self.plan.steps else self.provided_spec

    @property
    def after_parts(self) -> Plan | None:
        """Its plan, the junction before it."""
        if self.plan is None or self.junction is None:
            return self.plan
        return Plan(steps=(self.junction, *self.plan.steps))

    @property
    def whole(self) -> Plan | None:
        """All its steps as one plan, where it has one."""
        return self.plan if self.plan is None or self.junction is None else Plan(steps=self.steps)

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.junction is None:
            # Most bindings have one output and no junction: nothing is said of it.
            written.pop("parts", None)
            written.pop("junction", None)
        if not self.asserts:
            written.pop("asserts", None)
        return written


class Adapter(MadeValue):
    """The adapter's source code, complete, as it would stand in a file."""

    source: str


class Counterexample(Value):
    """The smallest tensors found on which an adapter fails, by provided name: as text, and as they are.

    `npz` is a NumPy archive in base64; None where the tensors are too many to be sent along.
    """

    tensors: Mapping[str, str]
    npz: str | None = None


class Failure(Value):
    """One case in which an adapter did not do what its plan says, or a model not what its signature says.

    `subject` is what failed: the producer and the consumer only where models were run.
    """

    binding: str
    case: str
    message: str
    subject: Literal["adapter", "producer", "consumer"] = "adapter"
    counterexample: Counterexample | None = None


class Verification(MadeValue):
    """What was proved, how often, and why not more.

    The errors are the largest differences of all cases between the adapter's results and what
    its plan gives in double precision: `max_abs_error` in units of the values, `max_rel_error`
    as a share of them. None where no numbers were compared. `sizes` are the shapes that were
    run, by provided name, and `seeds` what the values were drawn from. `walls` are those of the
    process that ran it; None where nothing was run, or in this process.
    """

    level: VerificationLevel
    cases: int = 0
    failures: tuple[Failure, ...] = ()
    reason: str | None = None
    max_abs_error: float | None = None
    max_rel_error: float | None = None
    sizes: Mapping[str, tuple[tuple[int, ...], ...]] = Field(default_factory=dict)
    seeds: tuple[int, ...] = ()
    walls: Walls | None = None

    def reaches(self, level: VerificationLevel) -> bool:
        """Whether at least this much was proved."""
        return VERIFICATION_LEVELS.index(self.level) >= VERIFICATION_LEVELS.index(level)


class CheckResult(MadeValue):
    """The answer to one check: the JSON contract of `sigcheck check`.

    `holds_where` are the constraints on sizes that nobody can tell before the run: an adapter of some steps
    asserts them, else they stand under `unchecked` too. `choices` are lengths to choose from, for inputs whose rows are
    of an open length, or cut, by what data showed, and `observed` is what it showed of each tensor. `row_by_row` is how
    a model is called that is called once for each row; the specs of the bindings are then those of one call of the
    consumer. `states` are what the models feed to their own next calls.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    producer: Side
    consumer: Side
    verdict: Verdict
    bindings: tuple[Binding, ...] = ()
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()
    holds_where: tuple[str, ...] = ()
    choices: tuple[LengthChoice, ...] = ()
    observed: tuple[Seen, ...] = ()
    adapter: Adapter | None = None
    verification: Verification = Verification(level="typed")
    row_by_row: RowCall | None = None
    states: tuple[State, ...] = ()

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.row_by_row is None:
            written.pop("row_by_row", None)
        if not self.states:
            written.pop("states", None)
        return written

    @property
    def exit_code(self) -> int:
        """0 passed, 1 findings at level error, 2 could not be decided."""
        if any(finding.level == "error" for finding in self.findings) and self.verdict != "undecided":
            return 1
        return 2 if self.verdict == "undecided" else 0
