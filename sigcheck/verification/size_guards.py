"""Size guards: what an adapter asserts of the sizes that it gives, held against tensors, and sizes that pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sigcheck.planning.fed_sizes import fed_sizes
from sigcheck.schema.report import Binding
from sigcheck.schema.shape import Shape
from sigcheck.sizes.expression import Expression, Variable
from sigcheck.sizes.stated import Stated, are_met
from sigcheck.sizes.tensor import lifted
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor

# Sizes that are tried for all open axes alike, and how many of them are run.
_TRIED = range(1, 257)
_MOST_TAKEN = 2


def are_sizes_taken(bindings: Sequence[Binding], made: Mapping[str, Tensor]) -> bool:
    """Whether all guards on sizes of the bindings hold of what they give, by required name."""
    return all(_is_taken(guard.test, guard.places, made) for binding in bindings for guard in binding.asserts)


def _is_taken(test: str, places: Mapping[str, tuple[str, int]], made: Mapping[str, Tensor]) -> bool:
    sizes = {}
    for name, (source, axis) in places.items():
        value = made[source]
        if not isinstance(value, RaggedArray | SparseArray):
            sizes[Variable(name)] = value.shape[axis]
    try:
        return Stated.of(test).holds(sizes)
    except ZeroDivisionError:
        # TensorFlow refuses to divide by 0.
        return False


def guarding(binding: Binding, bindings: Sequence[Binding]) -> set[str]:
    """The outputs that the guards of a binding are about."""
    inputs = {source for guard in binding.asserts for source, _ in guard.places.values()}
    return {source.name for one in bindings if one.required in inputs for source in one.sources}


def taken_shapes(bindings: Sequence[Binding]) -> Iterator[Shape]:
    """Yields shapes of the provided outputs with which all guards on sizes hold: of most sizes none would.

    All open axes but the first are of one size.
    """
    guards = [guard for binding in bindings for guard in binding.asserts]
    if not guards:
        return
    sources = [source for binding in bindings for source in binding.sources]
    courses = fed_sizes(bindings, sources)
    try:
        demands = [
            Stated.of(
                one.test,
                names={name: lifted(_size(courses[at].sizes, axis)) for name, (at, axis) in one.places.items()},
            )
            for one in guards
        ]
    except (ValueError, LookupError, TypeError, ArithmeticError):
        return
    open_sizes = frozenset().union(*(one.variables for one in demands))
    taken = (n for n in _TRIED if are_met(demands, dict.fromkeys(open_sizes, n)))
    for _, size in zip(range(_MOST_TAKEN), taken, strict=False):
        for source in sources:
            yield tuple(
                size if one is None and Variable(f"?{source.name}.{axis}", is_known=False) in open_sizes else one
                for axis, one in enumerate(source.spec.shape or ())
            )


def _size(sizes: Sequence[int | Expression | None] | None, axis: int) -> int | Expression:
    size = None if sizes is None else sizes[axis]
    if size is None:
        raise LookupError("a size that is not followed")
    return size
