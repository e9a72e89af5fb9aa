"""Obstacle: why there is no plan. How near one came, what still differs, and what would open a path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from string import ascii_lowercase
from typing import Any, Literal

from sigcheck.planning.growth import Growth, grow
from sigcheck.planning.meaning import displaces_batch
from sigcheck.planning.opening import opening
from sigcheck.planning.proposals import Proposals
from sigcheck.schema.agreement import conflicts
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.obstacle import Declaration, Obstacle
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import Shape, TensorSpec
from sigcheck.transforms import BY_NAME, batch_min_max
from sigcheck.transforms.parts.classes import SCORES
from sigcheck.transforms.parts.kernels import PARSED

# Steps looked at for each way that might open a path: a report waits for it.
MOST_TRIED = 120


def find_obstacle(provided: TensorSpec, policy: Policy, proposals: Proposals) -> tuple[Plan, Obstacle]:
    """The nearest plan to the spec that is proposed for, and why it is none.

    Searches again with everything allowed; where that leads nowhere either, with the facts
    declared that might be missing.
    """
    required = proposals.required
    growth = grow(provided, required, _loosest(policy), MOST_TRIED, proposals)
    if growth.goals:
        nearest = min(map(growth.plan_to, growth.goals), key=lambda plan: (plan.cost, str(plan)))
        allow = opening(nearest.steps, policy)
        return nearest, Obstacle(reached=nearest.steps[-1].result, allow=allow)
    nearest = _nearest(growth, required)
    reached = nearest.steps[-1].result if nearest.steps else provided
    declare = tuple(way for way in _declarations(provided, required) if _opens(way, provided, required, policy))
    return nearest, Obstacle(reached=reached, differs=tuple(differences(reached, required)), declare=declare)


def _loosest(policy: Policy) -> Policy:
    # Statistics of the batch are no way round a mismatch: where they are allowed, they are wanted.
    by_permission = (name for name, one in BY_NAME.items() if getattr(one, "BY_PERMISSION", False))
    allow = tuple(name for name in by_permission if name in policy.allow or name != batch_min_max.NAME)
    freed = {"pad_value": None, "pad_side": None}
    return policy.model_copy(update={"loss": "irreversible", "guard": True, "deny": (), "allow": allow, **freed})


Way = tuple[Declaration, ...]


def _opens(way: Way, provided: TensorSpec, required: TensorSpec, policy: Policy) -> bool:
    """Whether something leads there once the facts are declared, with as much lost as need be."""
    sides = {"producer": provided, "consumer": required}
    for one in way:
        spec = sides[one.side]
        read: Any = json.loads(one.value) if one.fact == "padding" else one.value
        value = getattr(Facts.model_validate({one.fact: read.split(",") if one.fact == "axes" else read}), one.fact)
        sides[one.side] = spec.replace(facts=spec.facts.replace(**{one.fact: value}))
    ours, theirs = sides["producer"], sides["consumer"]
    return bool(grow(ours, theirs, _loosest(policy), MOST_TRIED).goals)


def _declarations(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    """Yields what could make a difference if it were declared: a fill for short rows, names of axes, meanings."""
    shape, wanted = provided.shape, required.shape
    has_other_size = shape is not None and wanted is not None and len(shape) == len(wanted) and shape != wanted
    if required.facts.padding is None and required.kind == "dense" and has_other_size:
        yield (Declaration(side="consumer", fact="padding", value='{"value":0}'),)
    is_moved = shape is not None and wanted is not None and sorted(map(str, shape)) == sorted(map(str, wanted))
    is_unnamed = provided.facts.axes is None or required.facts.axes is None
    if is_moved and is_unnamed and shape and wanted and len(shape) <= len(ascii_lowercase):
        theirs = ",".join(ascii_lowercase[axis] for axis in _order(shape, wanted))
        ours = ",".join(ascii_lowercase[: len(shape)])
        yield (
            Declaration(side="producer", fact="axes", value=ours),
            Declaration(side="consumer", fact="axes", value=theirs),
        )
    yield from _meanings(provided, required)


def _meanings(provided: TensorSpec, required: TensorSpec) -> Iterator[Way]:
    ours, theirs = provided.facts.meaning, required.facts.meaning
    if ours in SCORES and theirs is None:
        for meaning in (ours, "class_ids"):
            yield (Declaration(side="consumer", fact="meaning", value=meaning),)
    is_written = "string" in {provided.dtype, required.dtype} and provided.dtype != required.dtype
    number = required.dtype if provided.dtype == "string" else provided.dtype
    if ours is None and theirs is None and is_written and number in PARSED:
        meaning = "logits" if DTYPES[number or "variant"].kind == "float" else "class_ids"
        sides: tuple[Literal["producer"], Literal["consumer"]] = ("producer", "consumer")
        yield tuple(Declaration(side=side, fact="meaning", value=meaning) for side in sides)


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
