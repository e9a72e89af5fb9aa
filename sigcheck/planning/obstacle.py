"""Obstacle: why there is no plan. How near one came, what still differs, and what would open a path."""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.planning.advice import find_together, find_ways, is_cut_in_vain, is_helped, is_replacing, planned
from sigcheck.planning.astray import displaces_batch, leads_astray
from sigcheck.planning.effort import OF_SEARCH, spend
from sigcheck.planning.grow import grow
from sigcheck.planning.growth import Growth
from sigcheck.planning.opening import either, granted, loosest, opening
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.obstacle import Obstacle
from sigcheck.schema.plan import Plan, Verdict
from sigcheck.schema.policy import Policy
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# Steps looked at for the nearest plan: a report waits for it.
MOST_TRIED = 120
# Of more ways to open a path nobody reads on.
MOST_SHOWN = 3


def find_obstacle(
    provided: TensorSpec, policy: Policy, proposals: Proposals, verdict: Verdict = "blocked"
) -> tuple[Plan, Obstacle]:
    """The nearest plan to the spec that is proposed for, and why it is none.

    Searches again with everything allowed. What would open a path is tried: with it the pair has a better verdict
    than this one.
    """
    required = proposals.required
    growth = grow(provided, required, loosest(policy), MOST_TRIED, proposals)
    spend(OF_SEARCH + sum(map(len, growth.edges.values())))
    allow = ""
    plans = [plan for plan in map(growth.plan_to, growth.goals) if not _is_in_vain(plan, provided, required)]
    if plans:
        nearest = min(plans, key=lambda plan: (plan.cost, str(plan)))
        allow = ", or ".join(
            opening(steps, policy)
            for steps in either(nearest.steps)
            if is_helped(planned(provided, required, granted(steps, policy)), verdict)
        )
    else:
        # What comes near may be converted without being in order.
        mixed = grow(provided, required, loosest(policy), MOST_TRIED, proposals, postpones=False)
        nearest = _nearest(mixed, required)
    reached = nearest.steps[-1].result if nearest.steps else provided
    declare = tuple(led.way for led in find_ways(provided, required, policy, verdict))
    together = () if allow or declare else find_together(provided, required, policy, verdict)
    return nearest, Obstacle(
        reached=reached,
        differs=() if plans else tuple(differences(reached, required)),
        allow=allow,
        declare=declare[:MOST_SHOWN],
        together=together[:MOST_SHOWN],
    )


def _is_in_vain(plan: Plan, provided: TensorSpec, required: TensorSpec) -> bool:
    return is_replacing(plan) or is_cut_in_vain(plan, provided, required)


def differences(spec: TensorSpec, required: TensorSpec) -> Iterator[str]:
    """Yields in words what keeps a spec from being fed to the required one.

    >>> from sigcheck.schema.notation import parse_spec
    >>> list(differences(parse_spec("int64[?, 8]"), parse_spec("int32[?, 9]")))
    ['dtype int64, required int32', 'axis 1 has size 8, required 9']
    """
    if spec.kind != required.kind:
        yield f"it is {spec.kind}, required {required.kind}"
    if spec.dtype != required.dtype:
        yield f"dtype {spec.dtype or 'unknown'}, required {required.dtype}"
    if required.shape is not None:
        yield from _shape_differences(spec.shape, required.shape)
    rows, wanted = (spec.ragged_rank, spec.row_splits_dtype), (required.ragged_rank, required.row_splits_dtype)
    if spec.kind == required.kind and rows != wanted:
        yield f"ragged rank {rows[0]} with {rows[1]} row splits, required {wanted[0]} with {wanted[1]}"
    for fact in conflicts(spec, required):
        yield f"{fact} differs"


def _shape_differences(shape: Shape | None, required: Shape) -> Iterator[str]:
    if shape is None or len(shape) != len(required):
        yield f"the rank is {'unknown' if shape is None else len(shape)}, required {len(required)}"
        return
    for axis, (size, wanted) in enumerate(zip(shape, required, strict=True)):
        if wanted is not None and size != wanted:
            yield f"axis {axis} has {'an unknown size' if size is None else f'size {size}'}, required {wanted}"


def _nearest(growth: Growth, required: TensorSpec) -> Plan:
    """The path to the spec that differs least from the required one, cheapest first.

    Where the kind and the dtype cannot be met, no shape comes any nearer.
    """
    if not growth.is_met:
        return Plan()
    ranked = [
        (_distance(node.spec, required), cost, node)
        for node, cost in growth.costs.items()
        if not displaces_batch(node.meaning, growth.source.spec, required)
        and not leads_astray(node.meaning, growth.steps_to(node), growth.source.spec, required)
        and not _is_in_vain(growth.plan_to(node), growth.source.spec, required)
    ]
    if not ranked:
        # What stands in the wrong place as it is leads nowhere nearer.
        return Plan()
    least = min((distance, cost) for distance, cost, _ in ranked)
    return min((growth.plan_to(node) for distance, cost, node in ranked if (distance, cost) == least), key=str)


def _distance(spec: TensorSpec, required: TensorSpec) -> int:
    """In how many ways a spec still differs: kind, dtype, rank or sizes, facts."""
    shape, wanted = spec.shape, required.shape
    if shape is None or wanted is None or len(shape) != len(wanted):
        sizes = 0 if wanted is None else 10  # a wrong rank is worse than some wrong sizes
    else:
        sizes = sum(to is not None and size != to for size, to in zip(shape, wanted, strict=True))
    return (
        20 * (spec.kind != required.kind)
        + 5 * (spec.dtype != required.dtype)
        + sizes
        + 5 * len(conflicts(spec, required))
    )
