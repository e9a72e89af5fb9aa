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
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations, islice
from math import prod
from typing import NamedTuple

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Axes
from sigcheck.schema.plan import Atom, Layout, Step
from sigcheck.schema.tensor_spec import Shape, TensorSpec, is_subshape
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.classes import SCORES, class_axis
from sigcheck.transforms.parts.layout import batch_axis, facts_moved
from sigcheck.transforms.parts.transform import Code

NAME = "reshape"
ORDER = 50

# More ways to line up two shapes than this are not looked at; a dozen axes have a handful.
MOST_ALIGNMENTS = 12

# The time grows with the square of the number of axes; models have some eight at most.
MOST_AXES = 16

# A split into more parts than this has no one meaning that people would agree on.
MOST_PARTS = 4


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the merges and splits that line the shape up with the required one.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 4, 8]"), parse_spec("int32[?, 32]"))]
    ['reshape(shape=[?, 32], groups=[[0], [1, 2]])']
    """
    if spec.kind != "dense" or spec.shape is None or required.shape is None or 0 in spec.shape:
        return
    aligned = align_in_order(spec, required, tuple(range(len(spec.shape))))
    parted: Iterator[Layout] = iter(())
    if not any(is_lined_up(layout, spec.shape, required.shape) for layout in aligned):
        parted = _splits(spec.shape, required.shape)
    seen = set()
    for layout in (*aligned, *parted):
        step = None if layout in seen else _step(spec, required, layout, is_aligned=layout in aligned)
        seen.add(layout)
        if step is not None:
            yield step


def leaves_out(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether there are more ways to line up the shapes than are looked at."""
    if spec.kind != "dense" or spec.shape is None or required.shape is None or 0 in spec.shape:
        return False
    return _in_order(spec, required, tuple(range(len(spec.shape)))).is_cut


Pairs = tuple[tuple[int, int], ...]


class Alignments(NamedTuple):
    """Layouts that line two shapes up, the likeliest first, and whether there are more of them."""

    layouts: tuple[Layout, ...]
    is_cut: bool = False


def pairs_by_name(axes: Axes | None, required: Axes | None) -> Pairs:
    """The places of each name that both sides have.

    >>> pairs_by_name(("batch", None, "feature"), ("batch", "feature"))
    ((0, 0), (2, 1))
    """
    if axes is None or required is None:
        return ()
    return tuple((at, required.index(name)) for at, name in enumerate(axes) if name is not None and name in required)


def align_in_order(spec: TensorSpec, required: TensorSpec, order: tuple[int, ...]) -> tuple[Layout, ...]:
    """The likeliest layouts that turn the axes in this order into the required ones, as far as names and sizes say."""
    return _in_order(spec, required, order).layouts


def _in_order(spec: TensorSpec, required: TensorSpec, order: tuple[int, ...]) -> Alignments:
    ours, theirs = spec.facts.axes, required.facts.axes
    shape, wanted = tuple((spec.shape or ())[axis] for axis in order), required.shape or ()
    pairs = tuple((order.index(axis), to) for axis, to in pairs_by_name(ours, theirs))
    return _align(shape, wanted, pairs, is_named=None not in (ours or (None,)) and None not in (theirs or (None,)))


def align(shape: Shape, required: Shape) -> tuple[Layout, ...]:
    """The likeliest layouts that turn the one shape into the other, where no names are known."""
    return _align(shape, required).layouts


@lru_cache(maxsize=4096)
def _align(shape: Shape, required: Shape, pairs: Pairs = (), *, is_named: bool = False) -> Alignments:
    """The likeliest layouts that turn the one shape into the other by merging or splitting runs of axes.

    An axis that has one partner only is carried over, whatever its size: other steps may pad,
    guard or repeat it. Size-1 axes come and go on both sides. Axes that are `pairs`, as names say,
    have one another as their only partner. Shapes of more than `MOST_AXES` axes are not lined up.
    """
    if max(len(shape), len(required)) > MOST_AXES:
        return Alignments((), is_cut=True)
    is_cut = False
    has_surplus = len(shape) > len(required)
    if is_named:
        # What has a name and no partner was flattened where there is not room for all of it.
        ours, theirs = ({pair[side] for pair in pairs} for side in (0, 1))
        has_surplus |= _wide(shape, ours) > _wide(required, theirs)

    @cache
    def walk(i: int, j: int) -> tuple[Layout, ...]:
        nonlocal is_cut
        if i == len(shape) and j == len(required):
            return ((),)
        # Merges and exact partners first: they are the likeliest, and the count is bounded.
        found = (
            (*group, *rest)
            for group, taken in _groups(shape, required, i, j, has_surplus=has_surplus)
            if _keeps(pairs, range(i, i + taken), range(j, j + len(group)))
            for rest in walk(i + taken, j + len(group))
        )
        layouts = tuple(islice(found, MOST_ALIGNMENTS + 1))
        is_cut |= len(layouts) > MOST_ALIGNMENTS
        return layouts[:MOST_ALIGNMENTS]

    return Alignments(walk(0, 0), is_cut)


def _wide(shape: Shape, partnered: set[int]) -> int:
    """How many axes without a partner hold more than one entry."""
    return sum(size != 1 and axis not in partnered for axis, size in enumerate(shape))


def _keeps(pairs: Pairs, sources: range, made: range) -> bool:
    """Whether the axes of a pair are left to one another: both of them beyond these axes, or all there is here."""
    if len(sources) == len(made) == 1:
        return all((ours in sources) == (theirs in made) for ours, theirs in pairs)
    return not any(ours in sources or theirs in made for ours, theirs in pairs)


def is_lined_up(layout: Layout, shape: Shape, required: Shape) -> bool:
    """Whether the layout leaves nothing to do: what it carries over has the required size.

    >>> [is_lined_up(layout, (4, 6), (24,)) for layout in align((4, 6), (24,))]
    [True]
    """
    return all(
        len(group) != 1 or group[0].size is not None or wanted is None or shape[group[0].axis] == wanted
        for group, wanted in zip(layout, required, strict=True)
    )


def can_line_up(shape: Shape, required: Shape) -> bool:
    """Whether some layout lines the shapes up, be it among the likeliest ones or not.

    >>> can_line_up((4, 6), (24,)), can_line_up((6, None), (4, None))
    (True, False)
    """
    reached, left = {(0, 0)}, [(0, 0)]
    while left:
        i, j = left.pop()
        if i == len(shape) and j == len(required):
            return True
        for taken, made in _runs(shape, required, i, j, has_surplus=len(shape) > len(required)):
            to = (i + taken, j + made)
            is_settled = taken != 1 or made != 1 or required[j] is None or shape[i] == required[j]
            if is_settled and to not in reached:
                reached.add(to)
                left.append(to)
    return False


def _groups(shape: Shape, required: Shape, i: int, j: int, *, has_surplus: bool) -> Iterator[tuple[Layout, int]]:
    """Ways to make the next result axes of the next source axes: the axes made, the sources taken."""
    for taken, made in _runs(shape, required, i, j, has_surplus=has_surplus):
        if taken == 1 < made:
            yield _split(i, tuple(part or 1 for part in required[j : j + made])), taken
        else:
            yield (tuple(Atom(i + k) for k in range(taken)),) * made, taken


def _runs(shape: Shape, required: Shape, i: int, j: int, *, has_surplus: bool) -> Iterator[tuple[int, int]]:
    """Yields how many source axes may become how many result axes next.

    One of one is carried over, several of one merged, one of several split; none comes or goes.
    """
    if i < len(shape) and j < len(required):
        yield 1, 1
        wanted = required[j]
        for count in range(2, len(shape) - i + 1):
            if _is_merge(shape[i : i + count], wanted, has_surplus=has_surplus):
                yield count, 1
        size = shape[i]
        for count in range(2, len(required) - j + 1):
            parts = required[j : j + count]
            if size is not None and size > 1 and None not in parts and prod(part or 0 for part in parts) == size:
                yield 1, count
    if i < len(shape) and shape[i] == 1:
        yield 1, 0
    # Of unknown sizes only the batch is ever meant to be a new axis of size 1.
    if j < len(required) and (required[j] == 1 or (j == 0 and required[j] is None)):
        yield 0, 1


def _is_merge(sizes: Shape, wanted: int | None, *, has_surplus: bool) -> bool:
    if 1 in {sizes[0], sizes[-1]}:
        return False
    if None not in sizes and wanted is not None:
        return prod(size or 1 for size in sizes) == wanted
    # Unknown sizes explain nothing: they are merged only where there are axes too many.
    return has_surplus


def _splits(shape: Shape, required: Shape) -> Iterator[Layout]:
    """Splits of one axis into required sizes that do not line up yet: a transpose may follow."""
    missing = [size for size in required if size is not None and size > 1 and size not in shape]
    for axis, size in enumerate(shape):
        if size is None or size < 4 or len(shape) >= len(required):  # noqa: PLR2004  # 4 = 2 * 2 is the least product
            continue
        for count in range(2, min(len(missing), MOST_PARTS) + 1):
            for parts in combinations(missing, count):
                if prod(parts) == size:
                    head = tuple((Atom(i),) for i in range(axis))
                    tail = tuple((Atom(i),) for i in range(axis + 1, len(shape)))
                    yield (*head, *_split(axis, parts), *tail)


def _split(axis: int, parts: tuple[int, ...]) -> Layout:
    if sum(part > 1 for part in parts) == 1:
        # Beside axes of size 1 an axis is whole.
        return tuple((Atom(axis),) if part > 1 else () for part in parts)
    return tuple((Atom(axis, part, prod(parts[at + 1 :])),) if part > 1 else () for at, part in enumerate(parts))


def _step(spec: TensorSpec, required: TensorSpec, layout: Layout, *, is_aligned: bool) -> Step | None:
    shape = spec.shape or ()
    identity = tuple((Atom(axis),) for axis in range(len(shape)))
    facts = facts_moved(spec, layout, required.facts, is_lined_up=is_aligned)
    merges = [group for group in layout if len(group) > 1]
    is_said = all(_is_said(spec, group, required, at) for at, group in enumerate(layout) if len(group) > 1)
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
    unsaid = {at: axes for at, axes in unsaid.items() if not _is_said(spec, layout[at], required, at)}
    open_ones = [axes for at, axes in unsaid.items() if batch not in axes and (required.shape or ())[at] is None]
    assumptions += [f"axes {' and '.join(map(str, sorted(axes)))} are one" for axes in open_ones]
    # To join or part examples is worse than to join what belongs to one.
    joined = sum(batch in axes for axes in unsaid.values()) * takes_batch + (batch in splits)
    inventions = len(open_ones) + 2 * joined
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


def _is_said(spec: TensorSpec, group: tuple[Atom, ...], required: TensorSpec, at: int) -> bool:
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


def made_size(shape: Shape, group: tuple[Atom, ...]) -> int | None:
    """The size of an axis that is made of these parts; None where it is not known."""
    sizes = [shape[atom.axis] if atom.size is None else atom.size for atom in group]
    return None if None in sizes else prod(size or 0 for size in sizes)


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
