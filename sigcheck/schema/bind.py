"""Bind: which outputs, or junctions of outputs, feed which inputs, as people say it in a config, a call or options."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from math import isfinite
from typing import TypeAlias

from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, Constant
from sigcheck.schema.junction_text import parse_junction
from sigcheck.schema.printable import shortened

# Output names, or junctions, to the inputs that they feed: one name, or several.
Bind: TypeAlias = Mapping[str, str | Sequence[str]]

# No whole number of a tensor has more.
_MOST_BITS = 64
_EXPECTED = 'expected outputs with the inputs that they feed. Write it like {"a": "x"} or {"a": ["x", "y"]}.'


def bound_pairs(bind: Bind) -> Iterator[tuple[str, str]]:
    """Yields each output, or junction, with each input that it is bound to, in the order written.

    Raises UsageError for what is no mapping of names to names, as Python may give it.
    """
    if not isinstance(bind, Mapping):
        raise UsageError("bind", f"found a {type(bind).__name__}, {_EXPECTED}")
    for output, names in bind.items():
        several = (names,) if isinstance(names, str) else names
        is_list = isinstance(several, list | tuple) and several
        if not isinstance(output, str) or not is_list or not all(isinstance(name, str) for name in several):
            raise UsageError("bind", f"found {shortened(f'{output!r}: {names!r}')}, {_EXPECTED}")
        for name in several:
            yield output, name


def meant_outputs(output: str, names: Collection[str]) -> tuple[str, ...]:
    """The outputs that a key of `bind` speaks of: itself where it is one of the names, else those of the junction."""
    junction = None if output in names else parse_junction(output)
    return (output,) if junction is None else junction.outputs


def spoken_of(bind: Bind, names: Collection[str]) -> frozenset[str]:
    """All of the outputs that `bind` speaks of, of those that there are.

    >>> sorted(spoken_of({"share(a)": ["x", "y"], "b": "z", "c": "w"}, {"a", "b"}))
    ['a', 'b']
    """
    return frozenset(one for output, _ in bound_pairs(bind) for one in meant_outputs(output, names) if one in names)


def with_constants(bind: Bind | None, const: Mapping[str, Constant] | None) -> Bind | None:
    """`bind` with values for inputs that no output is for, as `{"is_training": False}`.

    >>> with_constants({"ids": "x"}, {"is_training": False, "t": 0, "u": 0})
    {'ids': 'x', 'constant(false)': 'is_training', 'constant(0)': ['t', 'u']}
    """
    if not const:
        return bind
    if not isinstance(const, Mapping):
        raise UsageError("const", f'found a {type(const).__name__}, expected values by input, such as {{"x": 0}}.')
    merged: dict[str, str | list[str]] = {}
    for output, name in bound_pairs(bind or {}):
        add_pair(merged, output, name)
    for name, value in const.items():
        place = f"const {shortened(str(name))}"
        if not isinstance(name, str):
            raise UsageError(place, f"found {name!r:.80}, expected the name of an input. Write it as text.")
        if wrong := constant_problem(value):
            raise UsageError(place, f"{wrong}. Tell another one.")
        add_pair(merged, f"{CONSTANT}({json.dumps(value)})", name)
    return merged


def constant_problem(value: object) -> str:
    """What is wrong with a value that no tensor holds; empty of one that may be a constant.

    >>> constant_problem(0.5), constant_problem(None)
    ('', 'found None, expected a finite number, true, false or a text')
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a whole number of {value.bit_length()} bits, expected at most {_MOST_BITS}"
    if not isinstance(value, bool | int | float | str) or (isinstance(value, float) and not isfinite(value)):
        return f"found {value!r:.80}, expected a finite number, true, false or a text"
    return ""


def add_pair(bind: dict[str, str | list[str]], output: str, name: str) -> None:
    """Adds one more input for an output, as written; a single one stays a plain name."""
    before = bind.get(output)
    bind[output] = name if before is None else [*([before] if isinstance(before, str) else before), name]
