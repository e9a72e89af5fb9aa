"""Cured: steps to the nearest sizes that a consumer takes, where those that it is fed fail its constraints.

A constraint on sizes is no shape, so that no search sees it. Once a size is fed that fails, the input
is required in the next sizes above, or below, that meet all constraints, and searched again: what
fills, resizes or cuts is proposed, priced, allowed or refused as for any other shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add

from sigcheck.planning.batch import keep_one_batch
from sigcheck.planning.ends import Ends
from sigcheck.planning.fed_sizes import fed_sizes
from sigcheck.planning.goal import is_beaten
from sigcheck.planning.matching import Match
from sigcheck.planning.search import MOST_ALTERNATIVES, Outcome
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.cost import FREE, Cost
from sigcheck.schema.plan import Plan, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import is_name
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.sizes.expression import Variable
from sigcheck.sizes.feed import nearest, stated_of
from sigcheck.sizes.judged import Unmet
from sigcheck.sizes.stated import Stated, are_met
from sigcheck.sizes.tensor import Size

# Searches a pair: `(provided, required, binding)`, as `matching.plan` does.
Search = Callable[[TensorSpec, TensorSpec, Binding], Outcome]
# For each name of a size what it is to be.
Target = Mapping[str, int]

_RANKS: Mapping[Verdict, int] = {"undecided": 1, "blocked": 2}


@dataclass(frozen=True)
class _Way:
    """The outcomes of the bindings that change, by their number, when sizes are what one target says."""

    outcomes: Mapping[int, tuple[Outcome, TensorSpec]]

    @property
    def rank(self) -> int:
        """How far it is from passing: what the worst binding is, each that has a plan as good as any other."""
        return max(0 if one.plan is not None else _RANKS[one.verdict] for one, _ in self.outcomes.values())

    @property
    def cost(self) -> Cost:
        """What the best plans pay together."""
        return reduce(add, (plans[0].cost for one, _ in self.outcomes.values() if (plans := _plans(one))), FREE)


def cure(match: Match, ends: Ends, policy: Policy, search: Search) -> Match:
    """The match with the bindings that feed sizes at which the consumer fails led to the nearest at which it runs.

    As it is where there are none.
    """
    unmet = ends.judge(match).unmet
    if not unmet:
        return match
    fed = {name: course.sizes or () for name, course in fed_sizes(match.bindings, ends.outputs).items()}
    targets = _targets(unmet, ends.inputs, fed, ends.constraints)
    ways = [way for target in targets if (way := _way(match, ends.inputs, fed, target, search)).outcomes]
    ways = [way for way in ways if not ends.judge(_taken(match, way, policy)).unmet]
    if not ways:
        return match
    best, *others = sorted(ways, key=lambda way: (way.rank, way.cost))
    return replace(_taken(match, best, policy, others), cured=unmet)


def _targets(
    unmet: Sequence[Unmet],
    inputs: Sequence[Endpoint],
    fed: Mapping[str, Sequence[Size | None]],
    constraints: Sequence[Constraint],
) -> list[Target]:
    """The next sizes above, and those below, that meet the constraints; without those that there are none of."""
    known = {one.name: one for one in inputs}
    failing = {size for one in unmet for source, axis in one.places for size in (known[source].sizes or ())[axis:][:1]}
    given: dict[str, list[int]] = {}
    for endpoint in inputs:
        for name, size in zip(endpoint.sizes or (), fed.get(endpoint.name, ()), strict=False):
            if isinstance(name, str) and isinstance(size, int):
                given.setdefault(name, []).append(size)
    names = sorted(name for name in failing if isinstance(name, str) and is_name(name) and name in given)
    demands = stated_of(constraints)
    found: list[Target] = []
    for is_above in (True, False):
        target = {name: _nearest(name, given[name], demands, is_above=is_above) for name in names}
        sizes = {name: size for name, size in target.items() if size is not None}
        told = {name: values[0] for name, values in given.items()} | sizes
        for one in ({} if len(sizes) < len(names) else sizes), _alike(names, sizes, is_above=is_above):
            if one and one not in found and are_met(demands, _known({**told, **one})):
                found.append(one)
                break
    return found


def _alike(names: Sequence[str], sizes: Target, *, is_above: bool) -> Target:
    """One size for all of them, where they were nearest apart: `height == width`."""
    return dict.fromkeys(names, max(sizes.values()) if is_above else min(sizes.values())) if sizes else {}


def _known(sizes: Target) -> dict[Variable, int]:
    return {Variable(name): size for name, size in sizes.items()}


def _nearest(name: str, given: Sequence[int], demands: Sequence[Stated], *, is_above: bool) -> int | None:
    end = max(given) if is_above else min(given)
    if are_met(demands, _known({name: end})):
        return end
    below, above = nearest(name, end, demands)
    return above if is_above else below


def _way(
    match: Match, inputs: Sequence[Endpoint], fed: Mapping[str, Sequence[Size | None]], target: Target, search: Search
) -> _Way:
    known = {one.name: one for one in inputs}
    found: dict[int, tuple[Outcome, TensorSpec]] = {}
    for number, binding in enumerate(match.bindings):
        endpoint, sizes = known[binding.required], fed.get(binding.required)
        if sizes is None or endpoint.sizes is None:
            continue
        wanted = _narrowed(endpoint, target, sizes)
        if wanted is None:
            continue
        if any(size is not None and size != one for size, one in zip(wanted.shape or (), sizes, strict=True)):
            found[number] = search(binding.provided_spec, wanted, binding), wanted
    return _Way(found)


def _narrowed(endpoint: Endpoint, target: Target, fed: Sequence[Size | None]) -> TensorSpec | None:
    """What the input takes at these sizes, all others as they are fed: a cure changes nothing else.

    None where it takes no tensor of these.
    """
    sizes = [
        target[name] if isinstance(name, str) and name in target else size if isinstance(size, int) else None
        for name, size in zip(endpoint.sizes or (), fed, strict=True)
    ]
    return endpoint.spec.replace_if_valid(shape=tuple(sizes))


def _taken(match: Match, way: _Way, policy: Policy, others: Sequence[_Way] = ()) -> Match:
    bindings = list(match.bindings)
    # Of a match that was kept from before the searches are not at hand.
    outcomes = list(match.outcomes) or [Outcome(one.verdict, one.plan) for one in bindings]
    rivals = [one for one in others if one.rank < _RANKS["blocked"] and not is_beaten(one.cost, way.cost)]
    for number, (found, required) in way.outcomes.items():
        beside = [plan for one in others if number in one.outcomes for plan in _plans(one.outcomes[number][0])]
        ties = [plan for one in rivals if number in one.outcomes for plan in _plans(one.outcomes[number][0])]
        outcome = _among(found, ties, beside)
        old = bindings[number]
        made = outcome.between(old.provided, old.provided_spec, old.required, required)
        bindings[number] = made.model_copy(update={"parts": old.parts, "junction": old.junction})
        outcomes[number] = outcome
    kept = keep_one_batch(bindings, outcomes, policy)
    unshared = (*kept.unshared, *(one for one in match.unshared if one.guard is not None))
    led = replace(match, bindings=kept.bindings, outcomes=kept.outcomes)
    return replace(led, unshared=unshared, misplaced=kept.misplaced)


def _among(outcome: Outcome, ties: Sequence[Plan], beside: Sequence[Plan]) -> Outcome:
    """The outcome, undecided where plans to other sizes pay no more; these are shown beside it else."""
    if ties and outcome.verdict != "blocked":
        own = outcome.candidates if outcome.plan is None else (outcome.plan,)
        outcome = replace(outcome, verdict="undecided", plan=None, candidates=(*own, *ties))
    shown = [plan for plan in beside if plan not in outcome.candidates]
    return replace(outcome, alternatives=(*outcome.alternatives, *shown)[:MOST_ALTERNATIVES])


def _plans(outcome: Outcome) -> tuple[Plan, ...]:
    """What was found, the best first: the plan, the candidates, or what came nearest."""
    if outcome.plan is not None:
        return (outcome.plan,)
    return outcome.candidates or (() if outcome.nearest is None else (outcome.nearest,))
