"""Feed: which of a signature's constraints hold of what its inputs are fed, and which cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import Clauses, Tree, is_name, names_in, parse_constraint, parse_size
from sigcheck.schema.tensor_spec import Shape

# Beyond it a size overflows where it is run, and nothing is said.
_MOST = 2**63
# Sizes around the one that is fed which are tried for one that would do.
_MOST_TRIED = 2_000

# An axis of an input.
Place = tuple[str, int]


@dataclass(frozen=True)
class Unmet:
    """A constraint that the sizes fail: where they are fed, what they are, and the nearest that would do."""

    holds: str
    places: tuple[Place, ...]
    sizes: tuple[tuple[str, int], ...]
    because: tuple[str, ...] = ()
    nearest: tuple[int, ...] = ()


@dataclass(frozen=True)
class Judged:
    """The constraints that fail, and those of sizes that are open on both sides, each with the inputs that it is of."""

    unmet: tuple[Unmet, ...] = ()
    undecided: tuple[tuple[str, tuple[str, ...]], ...] = ()


NO_SIZES = Judged()


@dataclass
class _Fed:
    """The sizes by name, where each is fed first, and where each name stands at all."""

    sizes: dict[str, int] = field(default_factory=dict)
    first: dict[str, Place] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    unmet: list[Unmet] = field(default_factory=list)


def judge(inputs: Sequence[Endpoint], constraints: Sequence[Constraint], shapes: Mapping[str, Shape | None]) -> Judged:
    """Whether the inputs, fed with these shapes by name, meet the constraints; inputs that are not fed count for none.

    >>> from sigcheck.schema.notation import parse_spec
    >>> x = Endpoint(name="x", spec=parse_spec("float32[?, ?]"), sizes=("batch", "t"))
    >>> judge([x], [Constraint(holds="t % 4 == 0")], {"x": (None, 30)}).unmet[0].nearest
    (28, 32)
    """
    fed = _read(inputs, shapes)
    undecided = []
    asked = [(one.holds, parse_constraint(one.holds), one.because) for one in constraints]
    for holds, clauses, because in (*asked, *_expressions(inputs, shapes)):
        names = _names(clauses)
        if not names & fed.places.keys():
            continue
        places = tuple(place for name in sorted(names) for place in fed.places.get(name, ()))
        if not names <= fed.sizes.keys():
            undecided.append((holds, tuple(dict.fromkeys(source for source, _ in places))))
        elif _holds(clauses, fed.sizes) is False:
            sizes = tuple((name, fed.sizes[name]) for name in sorted(names))
            nearest = _nearest(next(iter(names)), fed.sizes, [one for _, one, _ in asked]) if len(names) == 1 else ()
            fed.unmet.append(Unmet(holds, places, sizes, because, nearest))
    return Judged(tuple(fed.unmet), tuple(undecided))


def _read(inputs: Sequence[Endpoint], shapes: Mapping[str, Shape | None]) -> _Fed:
    fed = _Fed()
    for endpoint, axis, named, size in _axes(inputs, shapes):
        if not is_name(named):
            continue
        place = (endpoint.name, axis)
        fed.places.setdefault(named, []).append(place)
        if size is None:
            continue
        source, at = fed.first.setdefault(named, place)
        if fed.sizes.setdefault(named, size) != size:
            sides = (f"axis {axis} of {endpoint.name}", f"axis {at} of {source}")
            given = ((sides[0], size), (sides[1], fed.sizes[named]))
            fed.unmet.append(Unmet(" == ".join(sides), (place, (source, at)), given))
    return fed


def _axes(
    inputs: Sequence[Endpoint], shapes: Mapping[str, Shape | None]
) -> Iterator[tuple[Endpoint, int, str, int | None]]:
    for endpoint in inputs:
        shape = shapes.get(endpoint.name)
        if shape is None or endpoint.sizes is None or len(shape) != len(endpoint.sizes):
            continue
        for axis, (named, size) in enumerate(zip(endpoint.sizes, shape, strict=True)):
            if isinstance(named, str):
                # Of tensors without elements nothing was claimed.
                yield endpoint, axis, named, size or None


def _expressions(
    inputs: Sequence[Endpoint], shapes: Mapping[str, Shape | None]
) -> Iterator[tuple[str, Clauses, tuple[str, ...]]]:
    """Yields what is demanded where an input's size is more than a name."""
    for endpoint, axis, named, size in _axes(inputs, shapes):
        if size is not None and not is_name(named):
            tree: Tree = parse_size(named)
            yield f"{named} == {size}", ((("==", tree, size),),), (f"axis {axis} of {endpoint.name}",)


def _names(clauses: Clauses) -> frozenset[str]:
    sides = (names_in(side) for clause in clauses for _, *pair in clause for side in pair)
    return frozenset().union(*sides)


def _nearest(name: str, sizes: Mapping[str, int], asked: Sequence[Clauses]) -> tuple[int, ...]:
    """The sizes next below and next above that meet all constraints on this one alone."""
    alone = [one for one in asked if _names(one) == {name}]
    given = sizes[name]

    def first(tried: range) -> list[int]:
        found = (size for size in tried if all(_holds(one, {name: size}) for one in alone))
        return [size for _, size in zip(range(1), found, strict=False)]

    below, above = range(given - 1, max(0, given - _MOST_TRIED), -1), range(given + 1, given + _MOST_TRIED)
    return tuple(first(below) + first(above))


def _holds(clauses: Clauses, sizes: Mapping[str, int]) -> bool | None:
    """None where that overflows, or divides by nothing."""
    try:
        return any(all(_compared(*one, sizes) for one in clause) for clause in clauses)
    except ArithmeticError:
        return None


def _compared(sign: str, left: Tree, right: Tree, sizes: Mapping[str, int]) -> bool:
    one, other = _value(left, sizes), _value(right, sizes)
    return {
        "==": one == other,
        ">=": one >= other,
        "<=": one <= other,
        "!=": one != other,
        "<": one < other,
        ">": one > other,
    }[sign]


def _value(tree: Tree, sizes: Mapping[str, int]) -> int:
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return sizes[tree]
    one, other = _value(tree[1], sizes), _value(tree[2], sizes)
    if max(abs(one), abs(other)) >= _MOST:
        raise OverflowError
    return _OPERATIONS[tree[0]](one, other)


_OPERATIONS: Mapping[str, Callable[[int, int], int]] = {
    "+": int.__add__,
    "-": int.__sub__,
    "*": int.__mul__,
    "//": int.__floordiv__,
    "%": int.__mod__,
    "**": int.__pow__,
    "min": min,
    "max": max,
}
