"""Named: the open sizes of a signature's inputs as variables, and back as words.

An axis that has a name gives it to its size; the first one of an input is the batch; any other is
`INPUT.AXIS`. Sizes that the graph makes equal get one name, and where a size must be a multiple of
another number, what follows from it is said without the division.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import is_name
from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, TooLargeError, Variable, single, variable
from sigcheck.sizes.substitution import substitute
from sigcheck.sizes.tensor import Sizes, settled
from sigcheck.sizes.walk import Found

BATCH = "batch"
# A longer name fills a line.
_MOST_CHARACTERS = 40
# Multiples of more than that are none that anybody feeds.
_MOST_DIVISOR = 4_096


class Named(NamedTuple):
    """What was found, under the names that people read: sizes of inputs and outputs, and the conditions."""

    inputs: Mapping[str, Sizes]
    outputs: Mapping[str, Sizes | None]
    conditions: tuple[Condition, ...]


def fed(inputs: Iterable[Endpoint], ranks: Mapping[str, int] | None = None) -> dict[str, Sizes | None]:
    """A variable for each open size of each dense input; None for one of unknown rank, unless `ranks` has it."""
    return {one.name: _variables(one, (ranks or {}).get(one.name)) for one in inputs}


def _variables(endpoint: Endpoint, rank: int | None) -> Sizes | None:
    shape = endpoint.spec.shape if endpoint.spec.shape is not None or rank is None else (None,) * rank
    if shape is None or endpoint.spec.kind != "dense":
        return None
    return tuple(variable(f"{endpoint.name}.{axis}") if size is None else size for axis, size in enumerate(shape))


def name_sizes(inputs: Sequence[Endpoint], given: Mapping[str, Sizes | None], found: Found) -> Named:
    """The findings with equal sizes made one, and every size under its name."""
    known = tuple(one for one in found.conditions if one.is_known)
    classes = _merge(known)
    names = _names(inputs, given, classes)
    # Of the conditions those that made two sizes one say nothing any more.
    left = [one for one in _replaced(known, names) if one.left != one.right]
    whole = _multiples(left)
    return Named(
        inputs={name: _told(sizes, names) for name, sizes in given.items() if sizes is not None},
        outputs={
            name: None if sizes is None else tuple(_simplified(size, whole) for size in _told(sizes, names))
            for name, sizes in found.outputs.items()
        },
        conditions=tuple(dict.fromkeys(left)),
    )


def _merge(conditions: Iterable[Condition]) -> dict[Variable, Variable]:
    """For each size the one that stands for all that must be equal to it."""
    parents: dict[Variable, Variable] = {}

    def root(one: Variable) -> Variable:
        while one in parents:
            one = parents[one]
        return one

    for condition in conditions:
        sides = [_lone(side) for side in (condition.left, condition.right)]
        if condition.relation == "equal" and sides[0] is not None and sides[1] is not None:
            first, second = root(sides[0]), root(sides[1])
            if first != second:
                parents[second] = first
    return {one: root(one) for one in parents}


def _lone(expression: Expression) -> Variable | None:
    if len(expression.terms) != 1:
        return None
    product, number = expression.terms[0]
    is_lone = number == 1 and len(product) == 1 and product[0][1] == 1
    return product[0][0] if is_lone and isinstance(product[0][0], Variable) else None


def _names(
    inputs: Sequence[Endpoint], given: Mapping[str, Sizes | None], classes: Mapping[Variable, Variable]
) -> dict[Variable, Expression]:
    """For each size its name as an expression. Of several names for one the first that is a word counts."""
    wanted: dict[Variable, str] = {}
    places: list[Variable] = []
    for endpoint in inputs:
        sizes = given.get(endpoint.name) or ()
        for axis, size in enumerate(sizes):
            one = _lone(size) if isinstance(size, Expression) else None
            if one is None:
                continue
            places.append(one)
            stands = classes.get(one, one)
            word = _word(endpoint, axis, len(sizes))
            if word is not None:
                wanted.setdefault(stands, word)
    told: dict[Variable, str] = {}
    taken: set[str] = set()
    for stands in dict.fromkeys(classes.get(one, one) for one in places):
        # Two sizes of one word that need not be equal are told apart by their inputs.
        name = next(one for one in _candidates(wanted.get(stands), stands.name) if one not in taken)
        taken.add(name)
        told[stands] = name
    return {one: variable(told[classes.get(one, one)]) for one in places}


def _candidates(word: str | None, place: str) -> Iterator[str]:
    """Yields what a size may be called, the best first: all can be read back."""
    if word is not None and is_name(word):
        yield word[:_MOST_CHARACTERS]
    source, _, axis = place.rpartition(".")
    plain = re.sub(r"\W", "_", source)[-_MOST_CHARACTERS:]
    plain = plain if is_name(plain) else f"_{plain}"
    yield f"{plain}.{axis}"
    for number in count(2):
        yield f"{plain}_{number}.{axis}"


def _word(endpoint: Endpoint, axis: int, rank: int) -> str | None:
    axes = endpoint.spec.facts.axes or next((one.value for one in endpoint.inferred if one.name == "axes"), None)
    if axes is not None and axis < len(axes):
        return axes[axis] and str(axes[axis])
    return BATCH if axis == 0 and rank > 1 else None


def _replaced(conditions: Iterable[Condition], names: Mapping[Variable, Expression]) -> list[Condition]:
    return [one.replaced(names) for one in conditions]


def _told(sizes: Sizes, names: Mapping[Variable, Expression]) -> Sizes:
    return tuple(settled(substitute(size, names)) if isinstance(size, Expression) else size for size in sizes)


def _multiples(conditions: Iterable[Condition]) -> dict[Variable, int]:
    """Of which number each size must be a multiple, as far as one condition alone says it."""
    found: dict[Variable, int] = {}
    for one in conditions:
        if one.relation == "equal" and len(one.variables) == 1:
            (size,) = one.variables
            for divisor in _divisors(one.left - one.right):
                if divisor <= _MOST_DIVISOR and _demands(one, size, divisor):
                    found[size] = max(found.get(size, 1), divisor)
    return found


def _divisors(expression: Expression) -> set[int]:
    found: set[int] = set()
    for atom in expression.atoms():
        if not isinstance(atom, Variable) and atom.kind == "floordiv" and atom.right.number:
            found |= {atom.right.number} | _divisors(atom.left)
    return found


def _demands(condition: Condition, size: Variable, divisor: int) -> bool:
    """Whether only multiples meet it, by the first rounds of numbers."""
    return all(n % divisor == 0 for n in range(1, 4 * divisor + 1) if condition.holds({size: n}))


def _simplified(size: int | Expression, multiples: Mapping[Variable, int]) -> int | Expression:
    """The size without divisions, where those are exact for all sizes that run."""
    if isinstance(size, int) or not multiples:
        return size
    try:
        parts = {one: variable(one.name) * number for one, number in multiples.items()}
        line = substitute(size, parts)
        if any(not isinstance(atom, Variable) for atom in line.atoms()):
            return size
        # The same line in the size itself: each part is the size divided by its number.
        back = {one: single(one) // number for one, number in multiples.items()}
        plain = line
        for one, number in multiples.items():
            shared = [count for product, count in line.terms if any(atom == one for atom, _ in product)]
            if all(count % number == 0 for count in shared):
                plain = _divided(plain, one, number)
            else:
                plain = substitute(plain, {one: back[one]})
        return settled(plain)
    except (TooLargeError, ValueError):
        return size


def _divided(line: Expression, size: Variable, number: int) -> Expression:
    terms = {}
    for product, times in line.terms:
        powers = dict(product)
        if powers.get(size, 0) > 1:
            raise ValueError("no line")
        terms[product] = times // number if size in powers else times
    return Expression.of(terms)
