"""Plan: what feeds what in every link, from the cache where the same was asked before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from sigcheck.config.config import Config
from sigcheck.config.entries import LinkEntry
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.inference.settle import settle
from sigcheck.planning.ends import Ends
from sigcheck.planning.example import Example, load_example, parse_example
from sigcheck.planning.loop import states_of
from sigcheck.planning.matching import Match, feed
from sigcheck.planning.texts import forms_of
from sigcheck.planning.with_sizes import with_sizes
from sigcheck.project.cache import Cache, key_of
from sigcheck.project.chained import Chained
from sigcheck.project.earlier import Earlier, passed_by
from sigcheck.project.kept_match import keep, restore
from sigcheck.project.model_data import EvidenceOf
from sigcheck.project.read_models import Reading
from sigcheck.project.states import without_states
from sigcheck.schema.bind import bound_pairs, spoken_of
from sigcheck.schema.errors import SigcheckError, UsageError
from sigcheck.schema.passed import of_own_sizes
from sigcheck.schema.project import LintedModel
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.stages.draft import Draft
from sigcheck.stages.lengths import chosen_lengths
from sigcheck.stages.pair import Pair

if TYPE_CHECKING:
    from sigcheck.sizes.carried import Carried


@dataclass(frozen=True)
class Ground:
    """What links are planned on: the folder that their examples lie in, the cache, and what may be read.

    `evidence` is what samples show of the tensors of models.
    """

    folder: Path
    cache: Cache
    permission: Permission = NO_PERMISSION
    evidence: EvidenceOf = field(default_factory=dict)

    def example_of(self, entry: LinkEntry) -> bytes | None:
        """What the example of a link holds on the disk; None where it has none. Raises SigcheckError."""
        return None if entry.example is None else load_example(self.permission.path(self.folder, entry.example))


class _Told(NamedTuple):
    """What an example file holds, and where it lies."""

    place: str
    content: bytes

    def parsed(self) -> Example:
        return parse_example(self.content, self.place)


@dataclass(frozen=True)
class PlannedLink:
    """One link with its draft, or with the problem for which it has none."""

    entry: LinkEntry
    draft: Draft | None = None
    problem: str | None = None


def plan_links(
    config: Config,
    links: Sequence[LinkEntry],
    readings: Mapping[str, Reading],
    order: Earlier,
    chained: Chained,
    cache: Cache,
    permission: Permission = NO_PERMISSION,
    evidence: EvidenceOf | None = None,
) -> tuple[PlannedLink, ...]:
    """These links of the config, in their order. What goes wrong is the `problem` of its link."""
    ground = Ground(config.folder, cache, permission, evidence or {})

    def planned(entry: LinkEntry, carried: Carried | None) -> PlannedLink:
        producer, consumer = (
            without_states(readings[name].linted, entry, config.entries.models[name].state)
            for name in (entry.producer, entry.consumer)
        )
        return _plan_link(entry, (producer, consumer), readings, ground, order, carried)

    def draft(entry: LinkEntry, carried: Carried | None) -> Draft | None:
        return planned(entry, carried).draft

    found = tuple(planned(entry, chained.carried(entry, draft)) for entry in links)
    cache.write()
    return found


def _plan_link(
    entry: LinkEntry,
    models: tuple[LintedModel, LintedModel],
    readings: Mapping[str, Reading],
    ground: Ground,
    order: Earlier,
    carried: Carried | None,
) -> PlannedLink:
    def read(names: Sequence[str]) -> list[LintedModel]:
        linted = [readings[name].linted for name in names]
        return [model for model in linted if model.signature is not None]

    producer, consumer = models
    planned = plan_link(entry, producer, consumer, ground, earlier=read(order.meant(entry)), carried=carried)
    if planned.draft is None or not planned.draft.match.missing:
        return planned
    # What else could be passed on is asked where something is missing.
    passed = passed_by(read(order.names(entry)), producer.signature or Signature())
    return replace(planned, draft=replace(planned.draft, passed=passed))


def plan_link(
    entry: LinkEntry,
    producer: LintedModel,
    consumer: LintedModel,
    ground: Ground,
    example: bytes | None = None,
    earlier: Sequence[LintedModel] = (),
    carried: Carried | None = None,
) -> PlannedLink:
    """One link between two models; `example` is what its example holds, where it is not the one on the disk.

    `earlier` are models before the producer, whose tensors it may take by name, `carried` the sizes of the chain up
    to the producer.
    """
    for model in (producer, consumer):
        if model.signature is None:
            return PlannedLink(entry, problem=f"{model.name} was not read")
    try:
        own = _side(producer, "outputs")
        given, taken = producer.signature or Signature(), consumer.signature or Signature()
        feeds, known = given.inputs, given.constraints
        passed = of_own_sizes(passed_by(earlier, given), len(earlier))
        if carried is not None:
            own, feeds, known = carried.put_in(own), carried.inputs, carried.constraints
            passed = tuple(one.model_copy(update={"endpoint": _put_in(carried, one.endpoint)}) for one in passed)
        spoken = spoken_of(entry.bind, {one.name for one in own} | {one.name for one in passed})
        outputs = (*own, *(one.endpoint for one in passed if one.name in spoken))
        inputs = _side(consumer, "inputs")
        if entry.loop:
            outputs, inputs, states = states_of(outputs, inputs, entry.bind)
            entry, passed = entry.model_copy(update={"bind": states}), ()
        outputs, inputs = settle(outputs, inputs)
        shown = {"producer": ground.evidence.get(producer.name, {}), "consumer": ground.evidence.get(consumer.name, {})}
        pair = Pair(
            producer=producer.side,
            consumer=consumer.side,
            outputs=outputs,
            inputs=inputs,
            constraints=taken.constraints,
            unfollowed=taken.unfollowed,
            feeds=feeds,
            given=known,
            passed=passed,
            results=taken.outputs,
            evidence=shown,
        ).called(entry.map)
        content = ground.example_of(entry) if example is None else example
        told = None if entry.example is None or content is None else _Told(str(ground.folder / entry.example), content)
        ends = Ends(pair.outputs, pair.inputs, pair.constraints, pair.given)
        names = [one.name for one in passed]
        match = _match(pair.outputs, pair.inputs, entry, told, ground.cache, names, _lengths(entry, shown))
        match = with_sizes(match, ends, entry.policy, lambda: None if told is None else told.parsed())
        # Nobody looks at the searches of a project, and their graphs are larger than all else.
        match = replace(match, outcomes=())
    except SigcheckError as error:
        return PlannedLink(entry, problem=str(error))
    return PlannedLink(entry, Draft.of(pair, match, entry.policy))


def _put_in(carried: Carried, endpoint: Endpoint) -> Endpoint:
    (found,) = carried.put_in([endpoint])
    return found


def _side(model: LintedModel, end: str) -> tuple[Endpoint, ...]:
    signature = model.signature or Signature()
    endpoints: tuple[Endpoint, ...] = getattr(signature, end)
    if not endpoints:
        raise UsageError(model.name, f"signature {signature.key!r} has no {end}. Link another model.")
    return endpoints


def _lengths(entry: LinkEntry, shown: EvidenceOf) -> Mapping[str, int]:
    """The lengths that rows get where the policy wants them to be found out. Raises UsageError where nothing tells."""
    wanted = entry.policy.max_length
    return chosen_lengths(shown["producer"], wanted) if isinstance(wanted, str) else {}


def _match(
    outputs: tuple[Endpoint, ...],
    inputs: tuple[Endpoint, ...],
    entry: LinkEntry,
    told: _Told | None,
    cache: Cache,
    passed: Sequence[str],
    lengths: Mapping[str, int],
) -> Match:
    sides = [[_content(endpoint) for endpoint in side] for side in (outputs, inputs)]
    # What decides is what the file holds now, wherever it lies.
    held = None if told is None else sha256(told.content).hexdigest()
    # The order in which outputs are joined is told by that of the pairs.
    key = key_of(*sides, list(bound_pairs(entry.bind)), list(passed), entry.policy.model_dump(mode="json"), held)
    # A plan to a length that was chosen is not one to what the input takes.
    is_kept = entry.policy.max_length is None
    kept = cache.get("plans", key) if is_kept else None
    if kept is not None:
        try:
            return restore(kept, outputs, inputs)
        except (ValidationError, KeyError, TypeError, ValueError):
            # Broken, or made by somebody else: planned again and overwritten.
            pass
    example = None if told is None else told.parsed()
    if example is not None:
        # Nobody looks at a lint that passes: an array that speaks of nothing is not to pass for a decision.
        example.require_names([one.name for one in outputs], [one.name for one in inputs])
    match = feed(outputs, inputs, entry.bind, entry.policy, example, passed=passed, lengths=lengths)
    if is_kept:
        cache.put("plans", key, keep(match))
    return match


def _content(endpoint: Endpoint) -> Any:
    """What a plan depends on; where facts come from is not of it, but that only data showed them."""
    spec = endpoint.spec
    # Most have none, and a serializer takes as long to say so as all else.
    facts = spec.facts.model_dump(mode="json") if spec.facts.origins or spec.facts.known() else {}
    facts["observed"] = sorted(name for name, origin in facts.pop("origins", {}).items() if origin == "observed")
    return [
        endpoint.name,
        endpoint.optional,
        endpoint.unless_fed,
        spec.kind,
        spec.dtype,
        spec.shape,
        spec.ragged_rank,
        spec.row_splits_dtype,
        facts,
        [claim.value for claim in forms_of(endpoint)],
    ]
