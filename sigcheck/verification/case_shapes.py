"""Case shapes: the sizes of the tensors that an adapter is run on.

Each unknown axis is empty, one, and several primes (no two axes equal, so that swapped axes show), and the sizes
that the plan speaks of, so that guards let some through.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# The sizes that stand for "any": different for each axis, and other than 0 and 1.
_PRIMES = (3, 5, 2, 7, 11, 13)
_OTHER_PRIMES = (7, 2, 5, 3, 13, 11)
# The ranks tried where the rank is unknown.
_RANKS = range(5)
# Bounds of time and memory: a job must take a fraction of a second, whatever its specs.
MAX_SIZE_CASES = 24
MAX_TELLING = 3
MAX_ELEMENTS_IN_ALL = 2**21
MAX_ELEMENTS = 2**24


def case_shapes(spec: TensorSpec, wanted: Sequence[Shape]) -> list[tuple[int, ...]]:
    """Shapes of the spec, the most telling first; none where every tensor is beyond the bounds.

    `wanted` are the shapes that a plan leads through. The ragged axes of a shape stand for nothing yet.
    """
    return _within_bounds(_concrete_shapes(spec, wanted))


def telling_shapes(spec: TensorSpec, shapes: list[tuple[int, ...]], wanted: Sequence[Shape]) -> list[tuple[int, ...]]:
    """The shapes on which all kinds of values are tried: the usual one, and those that guards of sizes let through."""
    own = spec.shape

    def is_let_through(shape: tuple[int, ...]) -> bool:
        return any(
            len(other) == len(shape)
            and all(size in {None, made} for made, size in zip(shape, other, strict=True))
            and any(size is not None and (own is None or own[axis] is None) for axis, size in enumerate(other))
            for other in wanted
        )

    return [shapes[0], *(shape for shape in shapes[1:] if is_let_through(shape))][:MAX_TELLING]


def _concrete_shapes(spec: TensorSpec, wanted: Sequence[Shape]) -> Iterator[tuple[int, ...]]:
    if spec.shape is not None:
        yield from _filled(spec.shape, wanted)
        return
    least = (spec.ragged_rank or 0) + 1 if spec.kind != "dense" else 0
    for shape in (*wanted, *((None,) * rank for rank in _RANKS)):
        if len(shape) >= least:
            yield next(_filled(shape, ()))


def _filled(shape: Shape, wanted: Sequence[Shape]) -> Iterator[tuple[int, ...]]:
    unknown = [axis for axis, size in enumerate(shape) if size is None]

    def fill(sizes: Sequence[int]) -> tuple[int, ...]:
        filled = list(shape)
        for axis, size in zip(unknown, sizes, strict=True):
            filled[axis] = size
        return tuple(size for size in filled if size is not None)

    usual = [_PRIMES[index % len(_PRIMES)] for index in range(len(unknown))]
    yield fill(usual)
    if not unknown:
        return
    for other in wanted:
        if len(other) == len(shape):
            yield fill([usual[index] if (size := other[axis]) is None else size for index, axis in enumerate(unknown)])
    for sizes in _beside(shape, usual, wanted):
        yield fill(sizes)
    yield fill([1] * len(unknown))
    for size in (0, 1, *_spoken_sizes(shape, wanted)):
        for index in range(len(unknown)):
            yield fill([*usual[:index], size, *usual[index + 1 :]])
    yield fill([_OTHER_PRIMES[index % len(_OTHER_PRIMES)] for index in range(len(unknown))])


def _beside(shape: Shape, usual: Sequence[int], wanted: Sequence[Shape]) -> Iterator[list[int]]:
    """Yields sizes of the unknown axes of which one is off by one: what only the guard of that axis stops."""
    unknown = [axis for axis, size in enumerate(shape) if size is None]
    for other in wanted:
        if len(other) != len(shape):
            continue
        sizes = [usual[index] if (size := other[axis]) is None else size for index, axis in enumerate(unknown)]
        for index, axis in enumerate(unknown):
            if other[axis] is not None:
                for off in (1, -1):
                    yield [*sizes[:index], max(0, sizes[index] + off), *sizes[index + 1 :]]


def _spoken_sizes(shape: Shape, wanted: Sequence[Shape]) -> list[int]:
    """The sizes in `wanted`, and what remains of them when the known axes are merged into one."""
    known = math.prod(size for size in shape if size) or 1
    sizes: dict[int, None] = {}
    for other in wanted:
        for size in other:
            if size is not None:
                sizes[size] = None
                if size % known == 0:
                    sizes[size // known] = None
    return list(sizes)


def _within_bounds(shapes: Iterator[tuple[int, ...]]) -> list[tuple[int, ...]]:
    kept: dict[tuple[int, ...], None] = {}
    total = 0
    smallest: tuple[int, ...] | None = None
    for shape in shapes:
        count = math.prod(shape)
        if count and (smallest is None or count < math.prod(smallest)):
            smallest = shape
        if shape in kept or len(kept) == MAX_SIZE_CASES or total + count > MAX_ELEMENTS_IN_ALL:
            continue
        total += count
        kept[shape] = None
    if not any(math.prod(shape) for shape in kept) and smallest is not None:
        # Only empty tensors are within the usual bound: one large tensor tells more.
        return [smallest, *kept] if math.prod(smallest) <= MAX_ELEMENTS else []
    return list(kept)
