"""NumPy in place: a chain of operations on each value as statements that write into one array.

Each operation of a nested expression would have an array of its own to write into, and memory that is touched for the
first time costs more than the arithmetic. What the caller gave is never written into.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

_IN_PLACE = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}
# Functions of each value, by what stands behind the value in the call that writes into it.
_INTO = {"np.rint": 1, "np.clip": 3}


class Held(NamedTuple):
    """What is known of the array that a variable holds.

    `is_own` where it was made here and nobody else has it; `is_turned` where its axes lie in memory in another
    order than they are counted, so that numbers along one of them are met in short loops.
    """

    is_own: bool = False
    is_turned: bool = False


def write_in_place(expression: str, variable: str, held: Held) -> tuple[list[str], Held]:
    """The statements after which the variable holds the expression of it, and what is known of it then.

    The array must have an axis: without one NumPy gives scalars, which nothing is written into.

    >>> write_in_place("np.rint(x.astype(np.float32) * 2.0)", "x", Held())[0]
    ['x = x.astype(np.float32)', 'x *= 2.0', 'np.rint(x, out=x)']
    """
    chain = _chain(ast.parse(expression, mode="eval").body, variable)
    if not chain:
        is_kept = expression == variable
        return [] if is_kept else [f"{variable} = {expression}"], held if is_kept else _made(expression)
    lines: list[str] = []
    for node in chain:
        cast = _cast(node)
        if cast is not None:
            order = ', order="C"' if held.is_turned else ""
            lines.append(f"{variable} = {variable}.astype({cast[1]}{order})")
        elif held.is_turned:
            lines += [f'{variable} = np.array({variable}, order="C")', _written(node, variable, is_own=True)]
        else:
            lines.append(_written(node, variable, is_own=held.is_own))
        held = Held(is_own=True)
    return lines, held


def _made(expression: str) -> Held:
    """What is known of the value of any other expression: it may share its memory with what it was made of."""
    return Held(is_turned=".transpose(" in expression)


def _chain(node: ast.expr, variable: str) -> list[ast.expr]:
    """The operations from the variable on outward; none where something else is done to it."""
    found: list[ast.expr] = []
    while not isinstance(node, ast.Name):
        inner = _inner(node)
        others = [one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == variable]
        if inner is None or len(others) != 1:
            return []
        found.append(node)
        node = inner
    return found[::-1] if node.id == variable else []


def _inner(node: ast.expr) -> ast.expr | None:
    """The value that an operation is done to."""
    if isinstance(node, ast.BinOp) and type(node.op) in _IN_PLACE:
        return node.left
    cast = _cast(node)
    if cast is not None:
        return cast[0]
    if isinstance(node, ast.Call) and _INTO.get(ast.unparse(node.func)) == len(node.args) and not node.keywords:
        return node.args[0]
    return None


def _cast(node: ast.expr) -> tuple[ast.expr, str] | None:
    """What is cast, and the dtype that it is cast to."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
        return node.func.value, ast.unparse(node.args[0])
    return None


def _written(node: ast.expr, variable: str, *, is_own: bool) -> str:
    """The statement of one operation, into the variable's own array where it has one."""
    if isinstance(node, ast.BinOp):
        right = ast.unparse(node.right)
        if is_own:
            return f"{variable} {_IN_PLACE[type(node.op)]} {right}"
        operator = _IN_PLACE[type(node.op)].removesuffix("=")
        is_single = isinstance(node.right, ast.Name | ast.Constant | ast.Call)
        return f"{variable} = {variable} {operator} {right if is_single else f'({right})'}"
    if not isinstance(node, ast.Call):
        raise TypeError(f"{ast.unparse(node)} is no operation on each value")
    given = ", ".join([variable, *map(ast.unparse, node.args[1:])])
    written = f"{ast.unparse(node.func)}({given}{f', out={variable}' if is_own else ''})"
    return written if is_own else f"{variable} = {written}"
