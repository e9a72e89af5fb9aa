"""Reshape: merge adjacent axes, split an axis, move axes of size 1. Never a scramble.

## What it does
Lines the shape up with the required one by merging runs of axes and splitting single ones.
One that would merge a part of an axis with its neighbour, or take a transpose's place, is not
offered: it would fit, and mix the values of examples.

## Example
    tf.reshape(x, [-1, 128])    float32[?, 4, 4, 8] -> float32[?, 128]

## What it loses or assumes
Nothing is lost. A merge into a size that is required is exact and assumes nothing. One that takes
the batch in, or that no size explains, may glue examples together or interleave channels: it is
shown, and passes only where the names of the axes say that they become another one. The axis of
the classes of scores is never merged with the batch. A split assumes row-major order, which the
numbers alone do not show. An axis that the consumer has by the same name is neither merged nor split.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import prod

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Axes
from sigcheck.schema.plan import Atom, Layout, Step
from sigcheck.schema.shape import MAX_SIZE, Shape, is_subshape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.alignment import align_in_order, alignments, axed, is_lined_up, made_size, split
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.classes import SCORES, class_axis
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.layout import batch_axis, facts_moved
from sigcheck.transforms.parts.transform import Code

NAME = "reshape"
ORDER = 50
SETTLES: Coordinates = frozenset({"sizes", "axes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "meaning", "ids", "padding"})
WRITES: Coordinates = frozenset({"sizes", "axes", "encoding"})

# A split into more parts than this has no one meaning that people would agree on.
MOST_PARTS = 4

# To join or part examples is worse than to join what belongs to one.
OF_EXAMPLES = 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the merges and splits that line the shape up with the required one.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 4, 8]"), parse_spec("int32[?, 32]"))]
    ['reshape(shape=[?, 32], groups=[[0], [1, 2]])']
    """
    if spec.kind != "dense" or spec.shape is None or required.shape is None or 0 in spec.shape:
        return
    if _stay_whole(spec.facts.axes, required.facts.axes):
        return
    aligned = align_in_order(axed(spec), axed(required), tuple(range(len(spec.shape))))
    lined_up = [layout for layout in aligned if is_lined_up(layout, spec.shape, required.shape)]
    parted = _turned(spec, required, lined_up) if lined_up else _splits(spec.shape, required.shape)
    seen = set()
    for layout in (*aligned, *parted):
        is_held = all((made_size(spec.shape, group) or 0) <= MAX_SIZE for group in layout)
        step = None if layout in seen or not is_held else _step(spec, required, layout, is_aligned=layout in aligned)
        seen.add(layout)
        if step is not None:
            yield step


def leaves_out(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are more ways to line up the shapes than are looked at."""
    if spec.kind != "dense" or spec.shape is None or required.shape is None or 0 in spec.shape:
        return False
    return alignments(axed(spec), axed(required), tuple(range(len(spec.shape)))).is_cut


@lru_cache(maxsize=MOST_REMEMBERED)
def _stay_whole(axes: Axes | None, required: Axes | None) -> bool:
    """Whether the consumer has each axis by its name: none is merged or split then, whatever the sizes are.

    >>> _stay_whole(("batch", "time"), ("time", "batch", "channel")), _stay_whole(("batch", None), ("batch", "time"))
    (True, False)
    """
    return axes is not None and required is not None and None not in axes and set(axes) <= set(required)


def _splits(shape: Shape, required: Shape) -> Iterator[Layout]:
    """Splits of one axis into required sizes that do not line up yet: a transpose may follow."""
    missing = [size for size in required if size is not None and size > 1 and size not in shape]
    for axis, size in enumerate(shape):
        if size is None or size < 4 or len(shape) >= len(required):  # noqa: PLR2004  # 4 = 2 * 2 is the least product
            continue
        for count in range(2, min(len(missing), MOST_PARTS) + 1):
            for parts in _parts(missing, size, count):
                head = tuple((Atom(i),) for i in range(axis))
                tail = tuple((Atom(i),) for i in range(axis + 1, len(shape)))
                yield (*head, *split(axis, parts), *tail)


def _parts(sizes: Sequence[int], size: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yields so many of the sizes, in their order, whose product is the size; those of equal sizes once.

    >>> list(_parts([2, 3, 2, 4], 12, 2)), list(_parts([2] * 254, 16, 4))
    ([(3, 4)], [(2, 2, 2, 2)])
    """
    if count == 0:
        if size == 1:
            yield ()
        return
    tried: set[int] = set()
    for at, part in enumerate(sizes):
        if size % part == 0 and part not in tried:
            tried.add(part)
            yield from ((part, *rest) for rest in _parts(sizes[at + 1 :], size // part, count - 1))


def _turned(spec: TensorSpec, required: TensorSpec, aligned: Iterable[Layout]) -> Iterator[Layout]:
    """Splits of one axis into two, in the other order: columns may have been written out one after the other.

    A transpose has to follow, which assumes more than a split into rows: it is an alternative, that an example decides.
    """
    if spec.facts.axes is not None or required.facts.axes is not None:
        return
    for layout in aligned:
        at = [place for place, group in enumerate(layout) if len(group) == 1 and group[0].size is not None]
        if len(at) == 2 and at[1] == at[0] + 1:  # noqa: PLR2004  # two parts
            (first,), (second,) = layout[at[0]], layout[at[1]]
            if first.axis == second.axis and first.size != second.size:
                parts = split(first.axis, (second.size or 1, first.size or 1))
                yield (*layout[: at[0]], *parts, *layout[at[1] + 1 :])


def _step(spec: TensorSpec, required: TensorSpec, layout: Layout, *, is_aligned: bool) -> Step | None:
    shape = spec.shape or ()
    identity = tuple((Atom(axis),) for axis in range(len(shape)))
    facts = facts_moved(spec, layout, required.facts, is_lined_up=is_aligned)
    merges = [group for group in layout if len(group) > 1]
    is_said = all(is_named_as_one(spec, group, required, at) for at, group in enumerate(layout) if len(group) > 1)
    if layout == identity or facts is None or (not is_said and _is_moved(shape, required.shape or ())):
        # The same sizes in another order are axes that moved: one is not merged for another to be split.
        return None
    splits = sorted({group[0].axis for group in layout if len(group) == 1 and group[0].size is not None})
    if not merges and not splits and len(layout) != len(shape):
        # Adding or removing axes of size 1 alone is what expand_dims and squeeze say better.
        return None
    result = tuple(made_size(shape, group) for group in layout)
    if not merges and not splits and _matches(result, required.shape) <= _matches(shape, required.shape):
        # Axes of size 1 that change places without need lead nowhere.
        return None
    batch = batch_axis(spec)
    # Of one example nothing is mixed.
    takes_batch = any(atom.axis == batch and shape[batch] != 1 for group in merges for atom in group)
    if takes_batch and not is_subshape(result, required.shape):
        # Mixing examples must at least be all that is needed: it is never a way round a wrong size.
        return None
    if takes_batch and any(_takes_classes(spec, group) for group in merges):
        # Scores of the classes of one example are no examples.
        return None
    assumptions = [f"axis {axis} is split in row-major order" for axis in splits]
    if takes_batch:
        assumptions.append("the batch axis may be merged with the one behind it")
    unsaid = {at: {atom.axis for atom in group} for at, group in enumerate(layout) if len(group) > 1}
    unsaid = {at: axes for at, axes in unsaid.items() if not is_named_as_one(spec, layout[at], required, at)}
    open_ones = [axes for at, axes in unsaid.items() if batch not in axes and (required.shape or ())[at] is None]
    assumptions += [f"axes {' and '.join(map(str, sorted(axes)))} are one" for axes in open_ones]
    joined = sum(batch in axes for axes in unsaid.values()) * takes_batch + (batch in splits)
    inventions = len(open_ones) + OF_EXAMPLES * joined
    return Step(
        transform=NAME,
        arguments={"shape": result, "groups": tuple(tuple(atom.axis for atom in group) for group in layout)},
        result=spec.replace(shape=result, facts=facts),
        assumption="; ".join(assumptions) or None,
        cost=Cost(inventions=inventions, assumptions=len(assumptions), steps=1),
        layout=layout,
    )


def _is_moved(shape: Shape, required: Shape) -> bool:
    """Whether both have the same sizes, beside those of 1; an unknown size may be any of the other side's.

    >>> _is_moved((2, 3, None), (3, 2, 9)), _is_moved((2, 3, None), (6, None, 5))
    (True, False)
    """
    ours, theirs = (Counter(size for size in one if size != 1) for one in (shape, required))
    if ours.total() != theirs.total():
        return False
    left, wanted = ours - theirs, theirs - ours
    return left.total() - left[None] <= wanted[None] and wanted.total() - wanted[None] <= left[None]


def _matches(shape: Shape, required: Shape | None) -> int:
    return sum(size is not None and size == wanted for size, wanted in zip(shape, required or (), strict=False))


def is_named_as_one(spec: TensorSpec, group: tuple[Atom, ...], required: TensorSpec, at: int) -> bool:
    """Whether the names of both sides say that these axes become another one: none of them is in use on both.

    None of them is the batch: what is one example to the producer is one to the consumer.
    """
    ours, theirs = spec.facts.axes, required.facts.axes
    if ours is None or theirs is None or len(theirs) <= at:
        return False
    merged = [ours[atom.axis] for atom in group]
    return theirs[at] is not None and theirs[at] not in ours and not {None, "batch", *theirs}.intersection(merged)


def _takes_classes(spec: TensorSpec, group: tuple[Atom, ...]) -> bool:
    """Whether a merge takes in the axis over which scores of classes are spread."""
    found = class_axis(spec) if spec.facts.meaning in SCORES else None
    return found is not None and found.axis in {atom.axis for atom in group}


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.reshape`, with -1 for one unknown size and the sizes of the value for several."""
    shape, groups = step.arguments["shape"], step.arguments["groups"]
    unknown = [index for index, size in enumerate(shape) if size is None]
    # -1 cannot be worked out where a known size is 0.
    if len(unknown) <= 1 and 0 not in shape:
        return Code(f"tf.reshape({value}, {[-1 if size is None else size for size in shape]})")
    sizes = [
        str(size) if size is not None else " * ".join(f"tf.shape({value})[{axis}]" for axis in group)
        for size, group in zip(shape, groups, strict=True)
    ]
    return Code(f"tf.reshape({value}, [{', '.join(sizes)}])")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The values in the same row-major order, under the new sizes."""
    array = dense(value)
    sizes = [
        prod(array.shape[axis] for axis in group) if size is None else size
        for size, group in zip(step.arguments["shape"], step.arguments["groups"], strict=True)
    ]
    return array.reshape(sizes)
