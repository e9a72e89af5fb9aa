"""Pair: both sides of a check, with the endpoints that are to be connected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sigcheck.schema.bind import Bind, spoken_of
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.distinct import model_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.passed import Passed
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.state import State
from sigcheck.stages.join import Producers
from sigcheck.stages.read_source import ReadSource

if TYPE_CHECKING:
    from sigcheck.schema.evidence import Evidence
    from sigcheck.schema.row_call import Map, RowCall
    from sigcheck.sizes.carried import Carried

# The states of the producer and those of the consumer.
StatesOfLink = tuple[tuple[State, ...], tuple[State, ...]]
NO_STATES: StatesOfLink = ((), ())


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A producer's outputs and a consumer's inputs, as they were read, or declared.

    `constraints` are what must hold of the sizes of the inputs. `feeds` are the producer's own inputs,
    over whose sizes its outputs' are said, and `given` what must hold of these. `giver` and `taker` are what was
    read of both sides; None where a config or its lock says what the models hold. `unfollowed`
    are the places of the consumer behind which nothing is known of sizes. `evidence` is what data showed, by side and
    name. `passed` are tensors of earlier models, the producer's own inputs first, that feed an input where somebody
    says so; those that are spoken of stand among the outputs, behind the producer's own. `results` are the consumer's
    outputs, `states` what the two models feed to their own next calls, which is no matter of the link. Where a model is
    called row by row, `rows` says which, and over what; the outputs are then those of one call of the consumer.
    """

    producer: Side
    consumer: Side
    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
    feeds: tuple[Endpoint, ...] = ()
    given: tuple[Constraint, ...] = ()
    unfollowed: tuple[str, ...] = ()
    giver: Producers | None = None
    taker: ReadSource | None = None
    evidence: Mapping[str, Mapping[str, Evidence]] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    results: tuple[Endpoint, ...] = ()
    rows: RowCall | None = None
    states: StatesOfLink = NO_STATES

    @property
    def sources(self) -> tuple[ReadSource, ...]:
        """What was read for it, the consumer last; nothing where nothing was."""
        return () if self.giver is None or self.taker is None else (*self.giver.sources, self.taker)

    def called(self, mapped: Map) -> Pair:
        """The pair with the consumer, or the producer, called row by row. Raises UsageError where it cannot be."""
        if mapped is False:
            return self
        from sigcheck.planning.row_by_row import all_rows, put_in_front, take_rows

        if kept := self.states[mapped != "producer"]:
            problem = f"{kept[0]}, and row by row no call is the next one; expected a model without states"
            raise UsageError("map", f"{problem}. Leave one of the two out.")
        if mapped == "producer" and self.taken:
            problem = (
                f"{self.taken[0].name} of an earlier model, beside a producer that has a batch in front of its own"
            )
            raise UsageError("map", f"{problem}; expected its outputs only. Leave one of the two out.")
        if mapped == "producer":
            outputs, rows = put_in_front(self.feeds, self.outputs)
            # What is known of sizes is said of one call.
            return replace(self, outputs=outputs, rows=rows, feeds=rows.over, given=())
        outputs, rows = take_rows(self.outputs, self.results)
        all_rows(self.inputs)
        return replace(self, outputs=outputs, rows=rows)

    @property
    def has_batched_producer(self) -> bool:
        """Whether the producer takes and gives batches, in front of which another one could stand."""
        from sigcheck.planning.row_by_row import put_in_front

        try:
            return bool(self.feeds) and bool(put_in_front(self.feeds, self.outputs))
        except UsageError:
            return False

    def behind(self, carried: Carried | None) -> Pair:
        """The pair as a link of a pipeline: the producer's sizes are said over the inputs of the first model."""
        if carried is None:
            return self
        own = [one.endpoint for one in self.passed]
        passed = tuple(
            one.model_copy(update={"endpoint": endpoint})
            for one, endpoint in zip(self.passed, carried.put_in(own), strict=True)
        )
        return replace(
            self,
            outputs=carried.put_in(self.outputs),
            feeds=carried.inputs,
            given=carried.constraints,
            passed=passed,
        )

    def beside(self, earlier: Sequence[Passed]) -> Pair:
        """The pair with tensors of models before its producer in scope, too."""
        if not earlier:
            return self
        taken = self.scope
        return replace(self, passed=(*self.passed, *(one for one in earlier if one.name not in taken)))

    def taking(self, bind: Bind | None) -> Pair:
        """The pair with those of the passed tensors among its outputs that the binding speaks of."""
        names = spoken_of(bind or {}, self.scope)
        taken = tuple(one.endpoint for one in self.passed if one.name in names)
        return replace(self, outputs=(*self.outputs, *taken)) if taken else self

    def giving_rows(self, rows: RowCall | None) -> Pair:
        """The pair whose producer was called row by row in the link before, and gives all rows."""
        return self if rows is None else replace(self, outputs=rows.results, passed=())

    def apart(self, states: StatesOfLink, bind: Bind | None) -> Pair:
        """The pair without the states of its two models; outputs that the binding speaks of stay."""
        if not any(states):
            return self
        given, taken = states
        spoken = spoken_of(bind or {}, {one.name for one in self.outputs})
        kept = {one.output for one in given} - spoken
        fed = {one.input for one in taken}
        return replace(
            self,
            outputs=tuple(one for one in self.outputs if one.name not in kept),
            inputs=tuple(one for one in self.inputs if one.name not in fed),
            states=states,
        )

    def told(self, state: Mapping[str, str], bind: Bind) -> tuple[StatesOfLink, Bind]:
        """The states of both models, and what is bound besides what they begin with. Raises as `told_states` does."""
        from sigcheck.planning.told_states import told_states

        giver = Signature(inputs=self.feeds, outputs=self.outputs)
        taker = Signature(inputs=self.inputs, outputs=self.results)
        names = model_names((self.producer.source, self.consumer.source))
        found = told_states(list(zip(names, (giver, taker), strict=True)), state, bind)
        return (found.states[0], found.states[1]), found.bind

    def looped(self, bind: Bind) -> tuple[Pair, Bind]:
        """The states of a model alone, and which feeds which. Raises UsageError as `states_of` does."""
        from sigcheck.planning.loop import states_of

        if (self.producer.source, self.producer.key) != (self.consumer.source, self.consumer.key):
            problem = f"{self.producer.source} and {self.consumer.source}, expected one model that feeds itself"
            raise UsageError("loop", f"{problem}. Name it twice.")
        outputs, inputs, states = states_of(self.outputs, self.inputs, bind)
        return replace(self, outputs=outputs, inputs=inputs, passed=()), states

    @property
    def scope(self) -> frozenset[str]:
        """The names of all that the link may take."""
        return frozenset(one.name for one in self.outputs) | {one.name for one in self.passed}

    @property
    def untaken(self) -> tuple[Passed, ...]:
        """The passed tensors that nothing speaks of."""
        names = {one.name for one in self.outputs}
        return tuple(one for one in self.passed if one.name not in names)

    @property
    def taken(self) -> tuple[Passed, ...]:
        """The passed tensors that stand among the outputs."""
        names = {one.name for one in self.outputs}
        return tuple(one for one in self.passed if one.name in names)
