"""Temporaries: the variables that a step needs on its way, called so that none of them is another's."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from sigcheck.schema.distinct import free_name
from sigcheck.transforms.parts.transform import Code

_ASSIGNED = re.compile(r"^(\w+) = ")


def name_temporaries(code: Code, variable: str, taken: Collection[str]) -> list[str]:
    """The statements of a step, its temporary names made the variable's own, so that none collide."""
    text = [*code.lines]
    if code.expression != variable:
        text.append(f"{variable} = {code.expression}")
    names = {found[1] for line in code.lines if (found := _ASSIGNED.match(line))}
    if not names:
        return text
    own = {name: free_name(f"{variable}_{name}", taken) for name in names}
    # Text in quotes, attributes and keywords are no names of Python's: they stay.
    nodes = [one for one in ast.walk(ast.parse("\n".join(text))) if isinstance(one, ast.Name) and one.id in own]
    # Code is ASCII, so that places count characters; from the end of a line on, none moves.
    for node in sorted(nodes, key=lambda node: node.col_offset, reverse=True):
        line, start, end = text[node.lineno - 1], node.col_offset, node.col_offset + len(node.id)
        text[node.lineno - 1] = f"{line[:start]}{own[node.id]}{line[end:]}"
    return text
