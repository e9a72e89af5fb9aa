"""Obstacle: why there is no plan. How near one came, what still differs, and what would open a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sigcheck.planning.growth import Growth, grow
from sigcheck.planning.meaning import displaces_batch
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.facts import Padding
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import Shape, TensorSpec
from sigcheck.transforms import BY_NAME, batch_min_max

# Steps looked at for each way that might open a path: a report waits for it.
MOST_TRIED = 120


@dataclass(frozen=True)
class Obstacle:
    """Why nothing leads from a provided spec to a required one within a policy.

    `nearest` is the plan that came nearest and `reached` the spec at its end; `differs` says in
    words what is still other there, and is empty where the plan is complete, beyond the policy
    only. `declare` names the facts that would open a path if they were declared.
    """

    nearest: Plan
    reached: TensorSpec
    differs: tuple[str, ...] = ()
    declare: tuple[str, ...] = ()


def find_obstacle(provided: TensorSpec, required: TensorSpec, policy: Policy) -> Obstacle:
    """Searches again with everything allowed, and with the facts declared that might be missing."""
    growth = grow(provided, required, _loosest(policy), MOST_TRIED)
    if growth.goals:
        nearest = min(map(growth.plan_to, growth.goals), key=lambda plan: (plan.cost, str(plan)))
        return Obstacle(nearest, nearest.steps[-1].result)
    nearest = _nearest(growth, required)
    reached = nearest.steps[-1].result if nearest.steps else provided
    declare = tuple(
        fact
        for fact, (ours, theirs) in _declared(provided, required).items()
        if grow(ours, theirs, policy, MOST_TRIED).goals
    )
    return Obstacle(nearest, reached, tuple(differences(reached, required)), declare)


def _loosest(policy: Policy) -> Policy:
    # Statistics of the batch are no way round a mismatch: where they are allowed, they are wanted.
    by_permission = (name for name, one in BY_NAME.items() if getattr(one, "BY_PERMISSION", False))
    allow = tuple(name for name in by_permission if name in policy.allow or name != batch_min_max.NAME)
    freed = {"pad_value": None, "pad_side": None}
    return policy.model_copy(update={"loss": "irreversible", "guard": True, "deny": (), "allow": allow, **freed})


def _declared(provided: TensorSpec, required: TensorSpec) -> dict[str, tuple[TensorSpec, TensorSpec]]:
    """The pair with a fact declared that could make a difference: names of the axes, a fill for short rows."""
    ways: dict[str, tuple[TensorSpec, TensorSpec]] = {}
    shape, wanted = provided.shape, required.shape
    has_other_size = shape is not None and wanted is not None and len(shape) == len(wanted) and shape != wanted
    if required.facts.padding is None and required.kind == "dense" and has_other_size:
        ways["padding"] = (provided, required.replace(facts=required.facts.replace(padding=Padding())))
    if shape is not None and wanted is not None and sorted(map(str, shape)) == sorted(map(str, wanted)):
        order = _order(shape, wanted)
        names = tuple(f"axis {axis}" for axis in range(len(shape)))
        ours = provided.replace(facts=provided.facts.replace(axes=names))
        theirs = required.replace(facts=required.facts.replace(axes=tuple(names[axis] for axis in order)))
        if provided.facts.axes is None or required.facts.axes is None:
            ways["axes"] = (ours, theirs)
    return ways


def _order(shape: tuple[int | None, ...], wanted: tuple[int | None, ...]) -> list[int]:
    """An order that makes the one shape the other, of which it is a permutation."""
    left = list(range(len(shape)))
    order = []
    for size in wanted:
        axis = next(axis for axis in left if shape[axis] == size)
        left.remove(axis)
        order.append(axis)
    return order


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
    ]
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
