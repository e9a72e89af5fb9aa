"""Feed words: which sizes a pipeline may be fed, as a person would say it.

`image` with height a multiple of 8 and at least 20, width likewise
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sigcheck.schema.feed import Feed
from sigcheck.schema.size_text import Clauses, Tree, names_in, names_of, parse_constraint, parse_size

# Of all inputs of a model there is one batch: that needs no words.
_BATCH = "batch"


def feed_words(feed: Feed) -> list[str]:
    """A line for each input that something is demanded of, then one for each demand on several sizes together."""
    alone: dict[str, list[str]] = {}
    together: list[str] = []
    for one in feed.constraints:
        clauses = parse_constraint(one.holds)
        names = names_of(one.holds)
        if len(names) == 1:
            name = next(iter(names))
            alone.setdefault(name, []).append(_said(clauses, name) or f"such that {one.holds}")
        else:
            together.append(one.holds)
    places = _places(feed)
    lines = [line for name in dict.fromkeys(at for at, _ in places.values()) if (line := _line(name, places, alone))]
    shared = [(size, inputs) for size, inputs in _shared(feed) if size != _BATCH]
    lines += [f"{' and '.join(f'`{name}`' for name in inputs)} with one {_called(size)}" for size, inputs in shared]
    return [*lines, *(f"sizes of which {one}" for one in together)]


def _places(feed: Feed) -> Mapping[str, tuple[str, int]]:
    """For each name of a size the first input and axis that has it."""
    found: dict[str, tuple[str, int]] = {}
    for endpoint in feed.inputs:
        for axis, size in enumerate(endpoint.sizes or ()):
            for name in sorted(names_in(parse_size(size))) if isinstance(size, str) else ():
                found.setdefault(name, (endpoint.name, axis))
    return found


def _shared(feed: Feed) -> Iterator[tuple[str, Sequence[str]]]:
    names = {size: None for one in feed.inputs for size in one.sizes or () if isinstance(size, str)}
    for name in names:
        inputs = [one.name for one in feed.inputs if name in (one.sizes or ())]
        if len(inputs) > 1:
            yield name, inputs


def _line(source: str, places: Mapping[str, tuple[str, int]], alone: Mapping[str, Sequence[str]]) -> str:
    parts: list[str] = []
    before = None
    for name, (at, _) in sorted(places.items(), key=lambda one: one[1]):
        if at != source or name not in alone:
            continue
        said = " and ".join(alone[name])
        parts.append(f"{_called(name)} {'likewise' if said == before else said}")
        before = said
    return f"`{source}` with {', '.join(parts)}" if parts else ""


def _called(size: str) -> str:
    """A size without a name of its own is called by its input and its axis."""
    axis = size.rpartition(".")[2]
    return f"axis {axis}" if axis.isdecimal() else size


def _said(clauses: Clauses, name: str) -> str:
    """What must hold of one size, where there are words for it."""
    if len(clauses) > 1:
        return _near_multiple(clauses, name)
    words = [_compared(*one, name) for one in clauses[0]]
    return " and ".join(words) if all(words) else ""


def _near_multiple(clauses: Clauses, name: str) -> str:
    """Of a number that is a multiple, or a few more."""
    found = [_remainder(*clause[0], name) if len(clause) == 1 else None for clause in clauses]
    rests = [rest for one in found if one is not None for rest in one[1:]]
    divisors = {None if one is None else one[0] for one in found}
    if len(divisors) != 1 or None in divisors or rests != list(range(len(found))):
        return ""
    more = "1 more" if rests[-1] == 1 else f"up to {rests[-1]} more"
    return f"a multiple of {divisors.pop()} or {more}"


def _compared(sign: str, left: Tree, right: Tree, name: str) -> str:
    if left == name and isinstance(right, int):
        return {"==": f"of {right}", ">=": f"at least {right}", "<=": f"at most {right}"}.get(sign, "")
    found = _remainder(sign, left, right, name)
    if found is None:
        return ""
    divisor, rest = found
    return f"{rest} more than a multiple of {divisor}" if rest else f"a multiple of {divisor}"


def _remainder(sign: str, left: Tree, right: Tree, name: str) -> tuple[int, int] | None:
    """The divisor, and what it leaves of the size."""
    if sign != "==" or not isinstance(right, int) or not isinstance(left, tuple) or left[:2] != ("%", name):
        return None
    return (left[2], right) if isinstance(left[2], int) else None
