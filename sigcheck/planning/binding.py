"""Binding: which output of the producer feeds which input of the consumer.

In this order: what the user binds, what is called the same, the cheapest assignment of the
rest. Equal specs under other names are never bound by chance: that is an ambiguity. Only what the
user binds is joined of several outputs, or shared by several inputs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

from sigcheck.planning.box_images import as_if_sized
from sigcheck.planning.names import is_counter, match_names, nearest
from sigcheck.planning.search import Outcome, search
from sigcheck.planning.taken_apart import in_parts, is_of_rows, sparse_parts
from sigcheck.planning.told import Told, read_told
from sigcheck.schema.bind import Bind
from sigcheck.schema.collection import without_collection
from sigcheck.schema.cost import Cost, Loss
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, Junction, valued
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

if TYPE_CHECKING:
    from sigcheck.planning.example import Example
    from sigcheck.planning.fans import Joined, Unjoined
    from sigcheck.schema.constraint import Constraint

# Steps looked at in all to find an assignment, over all pairs of different specs: some half a second.
MOST_LOOKED = 6_000
# What a pair counts for besides: facts that could be declared of it may be tried.
_EACH_PAIR = 8


@dataclass(frozen=True)
class Bound:
    """Who feeds whom, not planned yet.

    `chosen` maps inputs to the output that feeds each, `joined` those that are joined or parted as
    somebody bound them. `lengths` are those that rows of an output get where an input leaves it open. The rest is as
    `Match` has it.
    """

    outputs: tuple[Endpoint, ...]
    inputs: tuple[Endpoint, ...]
    policy: Policy = DEFAULT_POLICY
    example: Example | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, Joined] = field(default_factory=dict)
    missing: tuple[Endpoint, ...] = ()
    unused: tuple[Endpoint, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unjoined: tuple[Unjoined, ...] = ()
    lengths: Mapping[str, int] = field(default_factory=dict)


def bind(
    outputs: Sequence[Endpoint],
    inputs: Sequence[Endpoint],
    explicit: Bind | None = None,
    policy: Policy = DEFAULT_POLICY,
    example: Example | None = None,
    passed: Collection[str] = (),
    constraints: Sequence[Constraint] = (),
) -> Bound:
    """Binds outputs to inputs; `explicit` maps output names to input names.

    An input that several outputs are bound to is joined of them, in the order written; an output
    that is bound to several inputs is shared or parted. A key may name the junction:
    `concat(a, b, axis=1)`. `example` decides between ways to join that tie. `passed` names tensors of earlier
    models: those among the outputs feed what they are bound to and nothing else. A constant has the sizes that
    `constraints` on those of the inputs demand. Raises UsageError where
    `explicit` or a loss of the policy names an output or input that does not exist, where an input is bound
    in two ways, and where no way to join makes the example.
    """
    by_output = {endpoint.name: endpoint for endpoint in outputs}
    by_input = {endpoint.name: endpoint for endpoint in inputs}
    told = read_told(explicit or {}, by_output, by_input, passed)
    for name, _ in policy.losses:
        if name not in by_input:
            raise UsageError(f"loss of {shortened(name)}", f"the consumer has no such input; {nearest(name, by_input)}")
    chosen = dict(told.single)
    joined, unjoined = _join_told(told, by_output, (by_input, constraints), policy, chosen, example)
    settled = {*chosen, *joined, *(end.name for one in unjoined for end in one.inputs)}
    given = {end.name for one in unjoined for end in (valued(one.kind, one.outputs) if one.kind else one.outputs)}
    given |= {end.name for one in joined.values() for end in _valued(one)}

    # What tells how long rows are is no part of their values, and feeds what is called like it, too.
    lengths = {name for one in joined.values() for name in _lengths(one)}
    feeding = {*chosen.values(), *(given - lengths), *passed}
    matched = match_names(
        [name for name in by_output if name not in feeding],
        [name for name in by_input if name not in settled],
    )
    chosen |= {
        name: output for name, output in matched.items() if not is_of_rows(by_output[output], outputs, by_input[name])
    }
    settled |= chosen.keys()
    # A consumer of optional inputs only is still to be fed something: nothing bound is no fit.
    wanted = [e for e in inputs if not (e.optional or _is_spared(e, settled))] or ([] if settled else list(inputs))
    free_inputs = [e for e in wanted if e.name not in settled]
    taken_apart = sparse_parts(outputs)
    feeding = {*chosen.values(), *given, *taken_apart, *passed}
    free_outputs = [e for e in outputs if e.name not in feeding]
    tied: dict[str, tuple[str, ...]] = {}
    contested: dict[str, tuple[str, ...]] = {}
    if len(free_inputs) == len(free_outputs) == 1:
        # One output and one input left: nothing to choose between, fit or not. Beside what is fed already, an input
        # that a model before has by its name is meant to be passed on rather than fed by what cannot feed it.
        (required,), (provided,) = free_inputs, free_outputs
        is_before = bool(settled) and _is_before(required.name, passed)
        # Values whose lengths feed another input are no rows by themselves, either.
        is_apart = any(provided.name in names for _, names in in_parts(outputs, required))
        is_fed = not is_before or search(provided.spec, required.spec, policy).verdict != "blocked"
        if is_fed and not is_apart:
            chosen[required.name] = provided.name
    elif free_inputs and free_outputs:
        found, tied, contested = _by_cost(free_inputs, free_outputs, policy, outputs)
        chosen |= found
    # Inputs that all outputs could feed have the names of all in one tuple.
    tying = {id(names): names for names in tied.values()}
    used = {*chosen.values(), *given, *passed, *contested, *(name for names in tying.values() for name in names)}
    return Bound(
        outputs=tuple(outputs),
        inputs=tuple(inputs),
        policy=policy,
        example=example,
        chosen=chosen,
        joined=joined,
        missing=tuple(e for e in wanted if e.name not in settled and e.name not in chosen and e.name not in tied),
        unused=tuple(e for e in outputs if e.name not in used),
        ambiguous=tuple((e.name, tied[e.name]) for e in inputs if e.name in tied),
        contested=tuple(contested.items()),
        unjoined=unjoined,
    )


def _is_before(name: str, passed: Collection[str]) -> bool:
    """Whether a model before has a tensor of this name, where the name says something."""
    return not is_counter(name) and any(one.endswith(f".{name}") for one in passed)


def _valued(joined: Joined) -> Sequence[Endpoint]:
    """The outputs whose values are in it, and not only their sizes."""
    step = joined.binding.junction
    return () if step is None else valued(step.transform, joined.binding.sources)


def _lengths(joined: Joined) -> Sequence[str]:
    """The outputs that only tell how long its rows are."""
    step = joined.binding.junction
    is_by_lengths = step is not None and step.transform == "ragged_by_lengths"
    return [one.name for one in joined.binding.sources[1:]] if is_by_lengths else []


def _is_spared(endpoint: Endpoint, fed: Collection[str]) -> bool:
    """Whether an input is only there for the defaults of others, all of which are fed."""
    return bool(endpoint.unless_fed) and all(name in fed for name in endpoint.unless_fed)


def _join_told(
    told: Told,
    by_output: Mapping[str, Endpoint],
    taken: tuple[Mapping[str, Endpoint], Sequence[Constraint]],
    policy: Policy,
    chosen: dict[str, str],
    example: Example | None,
) -> tuple[dict[str, Joined], tuple[Unjoined, ...]]:
    """What each input is joined of or takes a piece of; an output that is shared is added to what is chosen."""
    if not (told.junctions or told.groups):
        return {}, ()
    from sigcheck.planning.constants import placed as place
    from sigcheck.planning.constants import sized
    from sigcheck.planning.fans import Fan, Unjoined, choose, join
    from sigcheck.planning.joined_example import choose_by_example, decide_joined

    joined: dict[str, Joined] = {}
    unjoined: list[Unjoined] = []
    by_input, constraints = taken
    constant = [name for one, names in told.junctions if one.kind == CONSTANT for name in names]
    by_input = {**by_input, **{name: sized(by_input[name], constraints) for name in constant}}
    named: list[tuple[Junction | Unjoined, tuple[str, ...], tuple[str, ...]]] = [
        (placed, placed.outputs, names)
        for junction, names in told.junctions
        for placed in [place(junction, [by_input[name] for name in names], by_output, by_input)]
    ]
    for sources, names in told.groups:
        way = choose([by_output[name] for name in sources], [by_input[name] for name in names], policy)
        named.append((way, sources, names))
    for way, sources, names in named:
        chosen_way = way if example is None else choose_by_example(way, example, policy)
        if isinstance(chosen_way, Junction) and chosen_way.kind == "share":
            chosen.update(dict.fromkeys(names, sources[0]))
            continue
        ends = [by_input[name] for name in names]
        given = [by_output[name] for name in sources]
        found = chosen_way if isinstance(chosen_way, Unjoined) else join(chosen_way, given, ends, policy)
        if isinstance(found, Unjoined):
            unjoined.append(found)
        elif example is not None and isinstance(chosen_way, Junction):
            fan = Fan(chosen_way, tuple(given), tuple(ends), policy)
            joined.update(zip(names, decide_joined(fan, found, example), strict=True))
        else:
            joined.update(zip(names, found, strict=True))
    return joined, tuple(unjoined)


def _by_cost(
    inputs: Sequence[Endpoint], outputs: Sequence[Endpoint], policy: Policy, given: Sequence[Endpoint]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """What is bound, the outputs that tie for an input, and the inputs that contend for an output.

    `given` are all outputs: those that feed something already may tell where the rows of the others are.
    """
    from sigcheck.planning.assignment import assign
    from sigcheck.planning.proposable import rank_inputs

    paid = _paid(inputs, outputs, policy)
    if paid is None:
        # Honest about what is not tried: each input could be fed by any of them.
        return {}, dict.fromkeys(_names(inputs), tuple(_names(outputs))), {}
    apart = {e.name: {name for _, names in in_parts(given, e) for name in names} for e in inputs}
    costs = {
        (provided.name, required.name): cost
        for required in inputs
        for provided in outputs
        if (cost := paid[provided.spec, required.spec, policy.of(required.name).loss]) is not None
        and provided.name not in apart[required.name]
    }
    found = assign(_names(inputs), _names(outputs), costs)
    tied = {name: outputs for name, outputs in found.tied.items() if len(outputs) > 1}
    contested = {}
    for output in dict.fromkeys(outputs[0] for outputs in found.tied.values() if len(outputs) == 1):
        # There are more inputs than outputs for them: whichever is fed, the others are not.
        least = min(costs[output, name].meaning for name, (first, *_) in found.tied.items() if first == output)
        contending = [
            e
            for e in inputs
            if e.name not in found.chosen
            and e.name not in tied
            and (output, e.name) in costs
            and costs[output, e.name].meaning == least
        ]
        contested[output] = tuple(_names(rank_inputs(contending)))
    return dict(found.chosen), tied, contested


def _paid(
    inputs: Sequence[Endpoint], outputs: Sequence[Endpoint], policy: Policy
) -> dict[tuple[TensorSpec, TensorSpec, Loss], Cost | None] | None:
    """What each pair of specs costs with the loss that is allowed.

    None where there are more of them, or it takes longer, than is looked at.
    """
    from sigcheck.planning.assignment import MOST_UNNAMED

    if len(inputs) > MOST_UNNAMED or len(outputs) > MOST_UNNAMED:
        return None
    paid: dict[tuple[TensorSpec, TensorSpec, Loss], Cost | None] = {}
    wanted = dict.fromkeys((e.spec, policy.of(e.name)) for e in inputs)
    looked = 0
    with without_collection():
        for provided, (required, own) in product(dict.fromkeys(e.spec for e in outputs), wanted):
            # What lacks but the size of an image feeds it once that is told, and is not to go elsewhere before.
            ours, theirs = as_if_sized(provided, required)
            outcome = search(ours, theirs, own)
            paid[provided, required, own.loss] = _cost(ours, theirs, outcome, own)
            looked += _EACH_PAIR + (0 if outcome.growth is None else outcome.growth.tried)
            if looked > MOST_LOOKED:
                return None
    return paid


def _cost(provided: TensorSpec, required: TensorSpec, outcome: Outcome, policy: Policy) -> Cost | None:
    """What it costs to feed the one to the other; None where that is not to be proposed."""
    from sigcheck.planning.proposable import is_proposable

    if not is_proposable(provided, required, outcome, policy):
        return None
    plans = (outcome.plan, *outcome.candidates)
    return next((plan.cost for plan in plans if plan is not None), None)


def _names(endpoints: Iterable[Endpoint]) -> list[str]:
    return [endpoint.name for endpoint in endpoints]
