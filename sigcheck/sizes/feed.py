"""Feed: which of a signature's constraints hold of what its inputs are fed, and which cannot be told.

What is fed may be a number, an expression over the sizes that a producer's own inputs have, or
nothing that is known. A constraint is then one on the producer's inputs, and is decided as that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import is_name, names_in, names_of, parse_size
from sigcheck.sizes.bounds import LEAST_SIZE
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.decide import Given, decide
from sigcheck.sizes.expression import Expression, Variable, constant, unknown
from sigcheck.sizes.judged import Asserted, Judged, Open, Place, Unmet
from sigcheck.sizes.stated import Comparison, Stated, are_met
from sigcheck.sizes.tensor import Size

# Sizes around the one that is fed which are tried for one that would do.
_MOST_TRIED = 2_000
# Of how many names they are looked for.
_MOST_NEAR = 8
# And no more than these, times the conditions on it.
MOST_HELD = 40_000

# For each axis what it is fed, None where that is not known; None of an input that nothing feeds.
Sizes = Sequence[Size | None] | None


NOTHING: Mapping[str, Sequence[Asserted]] = MappingProxyType({})


class _Asked(NamedTuple):
    """One thing that must hold: in words, as a text over names at places, and of what is fed, None where too large.

    No text where a guard asserts it already.
    """

    holds: str
    test: str
    demand: Stated | None
    sizes: Mapping[str, Expression]
    places: tuple[Place, ...]
    at: Mapping[str, Place]
    because: tuple[str, ...] = ()


@dataclass
class _Fed:
    """What each name of a size is fed, and where; of a name that is fed at several places one that is known counts."""

    sizes: dict[str, Expression] = field(default_factory=dict)
    places: dict[str, list[tuple[Place, Expression]]] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, Expression]:
        return {name: size for name, size in self.sizes.items() if size.is_known}


def judge(
    inputs: Sequence[Endpoint],
    constraints: Sequence[Constraint],
    fed: Mapping[str, Sizes],
    given: Sequence[Constraint] = (),
    asserted: Mapping[str, Sequence[Asserted]] = NOTHING,
) -> Judged:
    """Whether the inputs, fed with these sizes by name, meet the constraints; inputs that are not fed count for none.

    `given` is what holds of the sizes that expressions speak of, and `asserted` what guards assert on the way.

    >>> from sigcheck.schema.notation import parse_spec
    >>> from sigcheck.sizes.stated import expressed
    >>> x = Endpoint(name="x", spec=parse_spec("float32[?, ?]"), sizes=("batch", "t"))
    >>> judge([x], [Constraint(holds="t % 4 == 0")], {"x": (None, 30)}).unmet[0].nearest
    (28, 32)
    >>> judge([x], [Constraint(holds="t % 4 == 0")], {"x": (None, expressed("8*(n // 8)"))}) == Judged()
    True
    """
    found = _read(inputs, fed)
    assumed, alone = Given.of(stated_of(given)), stated_of(constraints)
    near: dict[str, tuple[int, ...]] = {}
    unmet: list[Unmet] = []
    undecided: list[Open] = []
    guarded: list[Open] = []
    asked = (*_equal(found), *_constrained(constraints, found), *_expressions(inputs, fed, found))
    for one in (*_asserted(asserted), *_filled(fed), *asked):
        decided = None if one.demand is None else decide(one.demand, assumed)
        if decided is False and not one.places:
            continue
        if decided is False:
            sizes = tuple((name, _told(size)) for name, size in one.sizes.items())
            unmet.append(Unmet(one.holds, one.places, sizes, one.because, _nearest(one.test, sizes, alone, near)))
        elif decided is None:
            follows = one.demand if one.demand is not None and one.demand.is_known else None
            sources = tuple(dict.fromkeys(source for source, _ in one.places))
            (undecided if one.test else guarded).append(Open(one.holds, sources, one.test, one.at, follows))
            if follows is not None:
                # What comes after may contradict it.
                assumed.add(follows)
    return Judged(tuple(unmet), tuple(undecided), tuple(guarded), found.known)


def _read(inputs: Sequence[Endpoint], fed: Mapping[str, Sizes]) -> _Fed:
    found = _Fed()
    for place, named, size in _axes(inputs, fed):
        if not is_name(named):
            continue
        told = unknown(f"?{place[0]}.{place[1]}") if size is None else size
        found.places.setdefault(named, []).append((place, told))
        before = found.sizes.get(named)
        if before is None or _rank(told) < _rank(before):
            found.sizes[named] = told
    return found


def _rank(size: Expression) -> int:
    return 0 if size.number is not None else 1 if size.is_known else 2


def _axes(inputs: Sequence[Endpoint], fed: Mapping[str, Sizes]) -> Iterator[tuple[Place, str, Expression | None]]:
    """Yields each axis of an input that is fed and whose size has a name, or an expression, with what it is fed."""
    for endpoint in inputs:
        sizes = fed.get(endpoint.name)
        if sizes is None or endpoint.sizes is None or len(sizes) != len(endpoint.sizes):
            continue
        for axis, (named, size) in enumerate(zip(endpoint.sizes, sizes, strict=True)):
            if isinstance(named, str):
                told = constant(size) if isinstance(size, int) else size
                # Of tensors without elements nothing was claimed.
                yield (endpoint.name, axis), named, None if told is None or told.number == 0 else told


def _asserted(asserted: Mapping[str, Sequence[Asserted]]) -> Iterator[_Asked]:
    for name, sizes in asserted.items():
        for one in sizes:
            here = f"axis {one.axis} of {name}"
            demand = Stated.equal(one.size, constant(one.number))
            places = ((name, one.axis),)
            yield _Asked(f"{here} == {one.number}", "", demand, {here: one.size}, places, {}, (one.reason,))


def _filled(fed: Mapping[str, Sizes]) -> Iterator[_Asked]:
    """Yields that something is left of what a producer gives: of tensors without elements nothing is claimed."""
    for name, sizes in fed.items():
        for axis, size in enumerate(sizes or ()):
            if isinstance(size, Expression) and size.number is None and size.is_known:
                holds = f"something is left along axis {axis} of {name}"
                demand = Stated(((Comparison(Condition("at_least", size, constant(LEAST_SIZE))),),))
                yield _Asked(holds, "", demand, {}, (), {})


def _equal(found: _Fed) -> Iterator[_Asked]:
    """Yields that all places of one name are fed one size."""
    for name, places in found.places.items():
        whole = found.sizes[name]
        at, _ = next(one for one in places if one[1] == whole)
        for place, size in places:
            if size == whole or (place[1] == at[1] == 0 and not (size.is_known or whole.is_known)):
                # Of one consumer all inputs get one batch, which the planner looks after.
                continue
            sides = tuple(f"axis {axis} of {source}" for source, axis in (place, at))
            demand = Stated.equal(size, whole)
            sizes = dict(zip(sides, (size, whole), strict=True))
            yield _Asked(" == ".join(sides), "a == b", demand, sizes, (place, at), {"a": place, "b": at})


def _constrained(constraints: Sequence[Constraint], found: _Fed) -> Iterator[_Asked]:
    for one in constraints:
        names = sorted(names_of(one.holds))
        places = tuple(place for name in names for place, _ in found.places.get(name, ()))
        if not places:
            continue
        sizes = {name: found.sizes.get(name, unknown(f"?{name}")) for name in names}
        at = {name: found.places[name][0][0] for name in names if name in found.places}
        yield _Asked(one.holds, one.holds, _stated(one.holds, sizes), sizes, places, at, one.because)


def _expressions(inputs: Sequence[Endpoint], fed: Mapping[str, Sizes], found: _Fed) -> Iterator[_Asked]:
    """Yields what is demanded where an input's size is more than a name."""
    for place, named, size in _axes(inputs, fed):
        if size is None or is_name(named):
            continue
        names = sorted(names_in(parse_size(named)))
        sizes = {name: found.sizes.get(name, unknown(f"?{name}")) for name in names}
        here = f"axis {place[1]} of {place[0]}"
        at = {"_fed": place, **{name: found.places[name][0][0] for name in names if name in found.places}}
        demand = _stated(f"({named}) == _fed", {**sizes, "_fed": size})
        yield _Asked(f"{named} == {_told(size)}", f"({named}) == _fed", demand, sizes, (place,), at, (here,))


def _stated(holds: str, sizes: Mapping[str, Expression], because: tuple[str, ...] = ()) -> Stated | None:
    """None where what it says is too large to be kept."""
    try:
        return Stated.of(holds, because, sizes)
    except (ValueError, ArithmeticError):
        return None


def stated_of(constraints: Sequence[Constraint]) -> list[Stated]:
    """What constraints demand, over their own names; those that are too large to be kept are left out."""
    return [stated for one in constraints if (stated := _stated(one.holds, {}, one.because)) is not None]


def _told(size: Expression) -> int | str:
    return str(size) if size.number is None else size.number


def _nearest(
    test: str, sizes: Sequence[tuple[str, int | str]], alone: Sequence[Stated], near: dict[str, tuple[int, ...]]
) -> tuple[int, ...]:
    """Of a constraint on one size the sizes next below and above that meet all constraints on this one alone.

    `near` keeps those of each name; of more than a few names nobody reads them.
    """
    if not test or len(sizes) != 1:
        return ()
    [(name, given)] = sizes
    if not isinstance(given, int) or names_of(test) != {name}:
        return ()
    if name not in near and len(near) < _MOST_NEAR:
        near[name] = tuple(one for one in nearest(name, given, alone) if one is not None)
    return near.get(name, ())


def nearest(name: str, size: int, demands: Sequence[Stated]) -> tuple[int | None, int | None]:
    """The sizes next below and next above that meet all demands on this one alone; None where none is found."""
    one = Variable(name)
    alone = [demand for demand in demands if demand.variables == {one}]
    most = min(_MOST_TRIED, MOST_HELD // max(1, sum(len(demand.conditions) for demand in alone)))

    def first(tried: range) -> int | None:
        return next((n for n in tried if are_met(alone, {one: n})), None)

    return first(range(size - 1, max(0, size - most), -1)), first(range(size + 1, size + most))
