"""Symbolic sizes: those that JAX and PyTorch leave open, and call by a name or by an expression.

An axis of an input that has a name to itself gives it its size. One whose size is an expression, `2*b`, gets a name of
its own, and what must hold of it: `x_size_0 % 2 == 0`; `b` is then half of it wherever it stands.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from sigcheck.readers.live.parts.size_words import Named, linear, said
from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import is_name, names_in, parse_size
from sigcheck.schema.tensor_spec import TensorSpec


class Symbolic(NamedTuple):
    """A tensor with the sizes that its maker says: whole numbers or symbols."""

    name: str
    dtype: str
    sizes: Sequence[Any]
    kind: Literal["dense", "sparse"] = "dense"


class Symbols:
    """What the symbols of a program stand for, and what must hold of the sizes that it is fed."""

    def __init__(self, inputs: Iterable[Symbolic], least: int) -> None:
        """`least` is the smallest size that a symbol stands for."""
        self._least = least
        # Of each symbol what says it by the names of sizes; of each expression the name of the axis that has it.
        self._stands_for: dict[str, str] = {}
        self._axes: dict[str, str] = {}
        self.constraints: list[str] = []
        waiting: list[tuple[str, str]] = []
        unsaid: list[str] = []
        for one in inputs:
            for axis, size in enumerate(one.sizes):
                told = _told(size)
                if told is None:
                    unsaid += [] if isinstance(size, int) else [str(size)]
                elif is_name(told):
                    if told not in self._stands_for and least:
                        self.constraints.append(f"{told} >= {least}")
                    self._stands_for[told] = told
                elif not told.isdecimal():
                    waiting.append((re.sub(r"\W", "_", f"{one.name}_size_{axis}"), told))
        self._symbols = frozenset(name for _, told in waiting for name in names_in(parse_size(told)))
        # Each names a symbol that later ones may need, or none does any more.
        while waiting:
            left = [one for one in waiting if not self._settles(*one)]
            if len(left) == len(waiting):
                break
            waiting = left
        # Sizes of which nothing is known but that they are not.
        self.unread: tuple[str, ...] = (*unsaid, *(told for _, told in waiting))

    def _settles(self, own: str, told: str) -> bool:
        """Whether the name of an axis settles what its size stands for."""
        if told in self._axes:
            return True
        own = self._free(own if is_name(own) else f"size_{own}")
        unknown = [name for name in names_in(parse_size(told)) if name not in self._stands_for]
        if not unknown:
            whole = self.said(told)
            if whole is not None:
                self.constraints.append(f"{own} == {whole}")
        else:
            line = linear(told, unknown[0]) if len(unknown) == 1 else None
            if line is None:
                return False
            self._stands_for[unknown[0]] = self._solved(own, *line)
        self._axes[told] = own
        return True

    def _free(self, name: str) -> str:
        """The name, or one beside it that no symbol and no other axis has: `a.b` and `a/b` are written alike."""
        taken = {*self._stands_for, *self._axes.values(), *self._symbols}
        beside = (f"{name}_{number}" for number in itertools.count(2))
        return name if name not in taken else next(one for one in beside if one not in taken)

    def _solved(self, own: str, factor: int, offset: int) -> str:
        """What `factor*symbol + offset == own` says of the symbol."""
        moved = own if not offset else f"({own} {'-' if offset > 0 else '+'} {abs(offset)})"
        if factor > 1:
            self.constraints.append(f"{moved} % {factor} == 0")
        if factor * self._least + offset > 0:
            self.constraints.append(f"{own} >= {factor * self._least + offset}")
        return moved if factor == 1 else f"{moved} // {factor}"

    def said(self, told: str, named: Named | None = None) -> str | None:
        """A size, or a comparison, by the names of sizes; None where it cannot be said. `named` reads other words."""

        def name_of(part: ast.expr) -> str | None:
            if isinstance(part, ast.Name):
                return self._stands_for.get(part.id, part.id)
            return None if named is None else named(part)

        return self._axes.get(told) or said(told, name_of)

    def size(self, size: Any) -> int | str | None:
        """What an axis has for its size."""
        if isinstance(size, int) and not isinstance(size, bool):
            return size
        told = _told(size)
        if told is not None and told.isdecimal():
            return int(told)
        return None if told is None else self.said(told)

    def endpoint(self, one: Symbolic) -> Endpoint:
        """The tensor as one of sigcheck."""
        named: NamedSizes = tuple(map(self.size, one.sizes))
        shape = tuple(size if isinstance(size, int) else None for size in named)
        spec = TensorSpec(kind=one.kind, dtype=one.dtype if one.dtype in DTYPES else None, shape=shape)
        return Endpoint(name=one.name, spec=spec, sizes=named if any(isinstance(size, str) for size in named) else None)


def _told(size: Any) -> str | None:
    """The text of a size that is no number; None where no words here say it."""
    if isinstance(size, int) and not isinstance(size, bool):
        return None
    return said(str(size), lambda part: part.id if isinstance(part, ast.Name) else None)
