"""Matching: a plan for each input of a consumer that something feeds; inputs of one consumer get one batch."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sigcheck.planning import explained
from sigcheck.planning.batch import Unshared, keep_one_batch, undecided
from sigcheck.planning.binding import Bound, bind
from sigcheck.planning.effort import OF_CONSUMER, bounded_effort
from sigcheck.planning.max_length import with_length
from sigcheck.planning.search import Outcome, search
from sigcheck.planning.texts import find_unread
from sigcheck.schema.bind import Bind
from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.sizes.judged import Unmet

if TYPE_CHECKING:
    from sigcheck.planning.example import Example
    from sigcheck.planning.fans import Unjoined
    from sigcheck.planning.row_places import Misplaced
    from sigcheck.transforms.parts.array import Array


@dataclass(frozen=True)
class Match:
    """What feeds what, and what does not.

    `missing` are required inputs that nothing feeds, `unused` outputs that feed nothing;
    `ambiguous` maps an input to the outputs that could feed it equally well; `contested` maps an
    output to the missing inputs that it could feed equally well, where there are not enough for
    them, the likeliest first; `unjoined` are outputs that are bound together without one way to
    join them; `unshared` are inputs that get another batch than the others, or might; `misplaced` those whose
    rows come to lie elsewhere. `outcomes` are the searches behind the bindings, one each. `cured` are the
    constraints on sizes that the bindings failed before they were led to other sizes.
    """

    bindings: tuple[Binding, ...] = ()
    missing: tuple[Endpoint, ...] = ()
    unused: tuple[Endpoint, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unjoined: tuple[Unjoined, ...] = ()
    unshared: tuple[Unshared, ...] = ()
    misplaced: tuple[Misplaced, ...] = ()
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False)
    cured: tuple[Unmet, ...] = ()


def feed(
    outputs: Sequence[Endpoint],
    inputs: Sequence[Endpoint],
    explicit: Bind | None = None,
    policy: Policy = DEFAULT_POLICY,
    example: Example | None = None,
    *,
    is_explained: bool = True,
    passed: Collection[str] = (),
    lengths: Mapping[str, int] | None = None,
) -> Match:
    """Binds and plans at once. Raises as `bind` and `plan` do."""
    bound = bind(outputs, inputs, explicit, policy, example, passed)
    return plan(replace(bound, lengths=lengths) if lengths else bound, is_explained=is_explained)


def plan(bound: Bound, *, is_explained: bool = True) -> Match:
    """The cheapest steps for each input; its example decides between plans that tie.

    Why a pair has no plan, which takes the longest to find, is left out unless it `is_explained`.
    Raises UsageError where no plan makes the example.
    """
    with bounded_effort(OF_CONSUMER):
        return _plan(bound, is_explained=is_explained)


def _plan(bound: Bound, *, is_explained: bool) -> Match:
    outputs = {endpoint.name: endpoint for endpoint in bound.outputs}

    searched: dict[tuple[TensorSpec, TensorSpec, Policy, bool], Outcome] = {}
    bindings, outcomes = [], []
    for endpoint in bound.inputs:
        if endpoint.name in bound.joined:
            bindings.append(bound.joined[endpoint.name].binding)
            outcomes.append(bound.joined[endpoint.name].outcome)
        elif endpoint.name in bound.chosen:
            provided = outputs[bound.chosen[endpoint.name]]
            policy = bound.policy.of(endpoint.name)
            required = with_length(provided.spec, endpoint.spec, _length(bound, provided.name))
            asked = (provided.spec, required, policy, _is_observed(provided.spec))
            found = searched.get(asked)
            if found is None:
                found = searched[asked] = (explained.search if is_explained else search)(*asked[:3])
            wanted = endpoint if required is endpoint.spec else endpoint.model_copy(update={"spec": required})
            outcome = decided(found, provided, wanted, policy, bound.example)
            outcomes.append(outcome)
            bindings.append(outcome.between(provided.name, provided.spec, endpoint.name, required))
    unread = {one.required for one in find_unread(bindings, bound.inputs)}
    pairs = [
        undecided(binding, outcome) if binding.required in unread else (binding, outcome)
        for binding, outcome in zip(bindings, outcomes, strict=True)
    ]
    if len(bound.inputs) > 1:
        pairs = [(_told_of_input(binding), outcome) for binding, outcome in pairs]
    kept = keep_one_batch([one for one, _ in pairs], [one for _, one in pairs], bound.policy)
    return Match(
        bindings=kept.bindings,
        missing=bound.missing,
        unused=bound.unused,
        ambiguous=bound.ambiguous,
        contested=bound.contested,
        unjoined=bound.unjoined,
        unshared=kept.unshared,
        misplaced=kept.misplaced,
        outcomes=kept.outcomes,
    )


def _length(bound: Bound, output: str) -> int | None:
    most = bound.policy.max_length
    return bound.lengths.get(output, most if isinstance(most, int) else None)


def _told_of_input(binding: Binding) -> Binding:
    """The binding with a loss that would open a path told of its input, and not of all."""
    obstacle = binding.obstacle
    if obstacle is None:
        return binding
    from sigcheck.planning.opening import of_input

    name = binding.required
    together = tuple(one.model_copy(update={"allow": of_input(one.allow, name)}) for one in obstacle.together)
    changed = {"allow": of_input(obstacle.allow, name), "together": together}
    return binding.model_copy(update={"obstacle": obstacle.model_copy(update=changed)})


def _is_observed(spec: TensorSpec) -> bool:
    """Specs are equal wherever their facts come from, and the plans for what was observed are not."""
    return "observed" in spec.facts.origins.values()


def decided(
    outcome: Outcome, provided: Endpoint, required: Endpoint, policy: Policy, example: Example | None
) -> Outcome:
    """The outcome, with the plan that makes the example, where there is one for this pair.

    Where none of those that were found does, what only an example can tell is looked for.
    """
    pair = example.pair(provided.name, required.name) if example is not None else None
    if example is None or pair is None:
        return outcome
    from sigcheck.planning.example import check_provided, decide

    place = f"{example.place} for {required.name}"
    # An array of another spec says nothing of this pair, even where some plan would make the other one of it.
    check_provided(pair[0], provided.spec, place)
    try:
        found = decide(outcome, provided.spec, pair, policy, place)
    except UsageError:
        made = _by_example(outcome, provided.spec, required.spec, policy, pair)
        if made is None:
            raise
        return made
    if outcome.plan is not None or outcome.candidates:
        return found
    return _by_example(outcome, provided.spec, required.spec, policy, pair) or found


def _by_example(
    outcome: Outcome, provided: TensorSpec, required: TensorSpec, policy: Policy, pair: tuple[Array, Array]
) -> Outcome | None:
    from sigcheck.planning.by_example import decide_by_example

    made = decide_by_example(outcome, provided, required, policy, pair)
    if made is None or not _is_observed(provided):
        return made
    from sigcheck.planning.observed import behind_guard

    return behind_guard(made, provided, policy)
