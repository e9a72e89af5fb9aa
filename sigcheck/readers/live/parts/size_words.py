"""Sizes in the words of JAX and of PyTorch, said in those of sigcheck: `floordiv(b, 2)`, `Max(1, s77)`, `b^2`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from sigcheck.schema.size_text import MOST_CHARACTERS, parse_constraint, parse_size

# jax/_src/export/shape_poly.py and torch/utils/_sympy/functions.py.
_DIVISIONS: Mapping[str, type[ast.operator]] = {
    "floordiv": ast.FloorDiv,
    "FloorDiv": ast.FloorDiv,
    "mod": ast.Mod,
    "Mod": ast.Mod,
    "PythonMod": ast.Mod,
}
_OPERATIONS = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp)
_KEPT = (ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context)
_CHOICES = {"max": "max", "Max": "max", "min": "min", "Min": "min"}
# What a part of an expression stands for, where it is more than a number or an operation; None where that is unknown.
Named = Callable[[ast.expr], "str | None"]


def said(told: str, named: Named) -> str | None:
    """A size, or a comparison of sizes, with its names by `named`; None where no words here say it."""
    if len(told) > MOST_CHARACTERS:
        return None
    try:
        tree = ast.parse(told.replace("^", "**"), mode="eval").body
        text = ast.unparse(_Words(named).visit(tree))
        (parse_constraint if isinstance(tree, ast.Compare | ast.BoolOp) else parse_size)(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return text


def linear(told: str, name: str) -> tuple[int, int] | None:
    """The two numbers c > 0 and d where a size is `c*name + d`; None where it is no such.

    >>> linear("2*h + 2 - 1", "h")
    (2, 1)
    """
    try:
        factor, offset = _linear(ast.parse(told, mode="eval").body, name)
    except ValueError:
        return None
    return (factor, offset) if factor > 0 else None


def _linear(tree: ast.AST, name: str) -> tuple[int, int]:
    """Raises ValueError where it is no such."""
    found: tuple[int, int] | None = None
    if isinstance(tree, ast.Constant):
        found = 0, int(str(tree.value))
    elif isinstance(tree, ast.Name) and tree.id == name:
        found = 1, 0
    elif isinstance(tree, ast.UnaryOp):
        factor, offset = _linear(tree.operand, name)
        found = -factor, -offset
    elif isinstance(tree, ast.BinOp):
        left, right = _linear(tree.left, name), _linear(tree.right, name)
        if isinstance(tree.op, ast.Add):
            found = left[0] + right[0], left[1] + right[1]
        elif isinstance(tree.op, ast.Sub):
            found = left[0] - right[0], left[1] - right[1]
        elif isinstance(tree.op, ast.Mult) and not (left[0] and right[0]):
            found = left[0] * right[1] + right[0] * left[1], left[1] * right[1]
    if found is None:
        raise ValueError("no line")
    return found


class _Words(ast.NodeTransformer):
    """Raises ValueError for what no words here say."""

    def __init__(self, named: Named) -> None:
        self._named = named

    def visit(self, node: ast.AST) -> Any:
        if isinstance(node, _KEPT) or (isinstance(node, ast.Constant) and type(node.value) is int):
            return node
        if isinstance(node, _OPERATIONS):
            return self.generic_visit(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
            return self._call(node.func.id, [self.visit(one) for one in node.args])
        name = self._named(node) if isinstance(node, ast.expr) else None
        if name is None:
            raise ValueError("no size")
        return ast.parse(name, mode="eval").body

    def _call(self, name: str, parts: list[ast.expr]) -> ast.expr:
        if name in _DIVISIONS and len(parts) == 2:  # noqa: PLR2004  # what is divided, and by what
            return ast.BinOp(parts[0], _DIVISIONS[name](), parts[1])
        if name in _CHOICES and parts:
            chosen = parts[0]
            for one in parts[1:]:
                chosen = ast.Call(ast.Name(_CHOICES[name], ast.Load()), [chosen, one], [])
            return chosen
        raise ValueError("no size")
