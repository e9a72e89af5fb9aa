"""What a program of PyTorch checks of the sizes that it is fed, before it runs: bounds, and guards."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sigcheck.readers.live.parts.symbolic import Symbols
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import names_of

# PyTorch traces with sizes from 2 on, and lets smaller ones pass when it runs (torch/_export/utils.py).
_CHECKED = 3
# Above, PyTorch means that there is no bound.
_UNBOUNDED = 2**62
# What a guard calls all that the program is called with.
_ALL = "L"


def bounds_of(program: Any, symbols: Symbols, inputs: Sequence[Endpoint]) -> Iterator[Constraint]:
    """Yields the bounds of the sizes of inputs."""
    names = {size for end in inputs for size in end.sizes or () if isinstance(size, str)}
    for symbol, bounds in sorted(program.range_constraints.items(), key=lambda item: str(item[0])):
        name = symbols.size(symbol)
        if name not in names:
            continue
        for limit, order, least in ((bounds.lower, ">=", _CHECKED), (bounds.upper, "<=", 0)):
            # What is no number in digits is one of PyTorch's infinities.
            text = str(limit)
            if text.isdecimal() and least <= int(text) < _UNBOUNDED:
                yield Constraint(holds=f"{name} {order} {text}", because=("the range of a dynamic size",))


def guards_of(
    program: Any, symbols: Symbols, given: Iterable[tuple[Sequence[Any], Sequence[Any]]]
) -> tuple[tuple[Constraint, ...], tuple[str, ...]]:
    """The guards on sizes, and those that cannot be said here. `given` has the path and the sizes of each input.

    They are `_guards_code` of a program, of which it makes what it runs first (torch/export/_unlift.py, PyTorch 2.9).
    """
    names = getattr(program.module_call_graph[0].signature, "forward_arg_names", None) or ()
    by_path: dict[str, Sequence[Any]] = {}
    for path, sizes in given:
        called = _called(path, names)
        # Of two that are called alike no size is known.
        by_path[called] = () if called in by_path else sizes

    def named(part: ast.expr) -> str | None:
        """The size that `L['x'].size()[0]` is."""
        if not isinstance(part, ast.Subscript) or not isinstance(part.slice, ast.Constant):
            return None
        call, axis = part.value, part.slice.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "size":
            return None
        told = by_path.get("_".join(_path(call.func.value)), ())
        size = symbols.size(told[axis]) if isinstance(axis, int) and 0 <= axis < len(told) else None
        return None if size is None else str(size)

    held: dict[str, None] = {}
    unread: list[str] = []
    for guard in getattr(program, "_guards_code", None) or ():
        told = symbols.said(str(guard), named)
        if told is None:
            unread.append(str(guard))
            continue
        left, equal, right = told.partition(" == ")
        if names_of(told) and not (equal and left == right):
            held[told] = None
    return tuple(Constraint(holds=told, because=("a guard of the program",)) for told in held), tuple(unread)


def _path(part: ast.expr) -> list[str]:
    """The steps of `L['features'][0].scores`; none of what is no path from the arguments on."""
    steps: list[str] = []
    while isinstance(part, ast.Subscript | ast.Attribute):
        if isinstance(part, ast.Attribute):
            steps.append(part.attr)
        elif isinstance(part.slice, ast.Constant):
            steps.append(str(part.slice.value))
        else:
            return []
        part = part.value
    return steps[::-1] if isinstance(part, ast.Name) and part.id == _ALL else []


def _called(path: Sequence[Any], names: Sequence[str]) -> str:
    """The steps of what is fed, by position or by keyword: an argument of position has its name in `forward`.

    Of `*args` each has one, `args_0`, so that steps are told apart as PyTorch does (`_force_gm_signature_match`).
    """
    steps: list[Any] = [getattr(step, "idx", getattr(step, "key", getattr(step, "name", ""))) for step in path]
    side, first, *rest = steps
    head = first if side else names[first] if first < len(names) else ""
    return "_".join(map(str, (head, *rest)))
