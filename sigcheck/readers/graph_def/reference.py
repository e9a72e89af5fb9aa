"""Reference: the node and the output that a text names, as inputs of nodes and results of functions are written."""

from __future__ import annotations

from functools import lru_cache

# The second outputs of ops that have names for them; elsewhere the number counts.
_SECOND_OUTPUTS = frozenset({"indices", "batch_mean", "idx"})


def split_reference(text: str) -> tuple[str, int]:
    """Node and output of a reference: `node`, `node:1` in a graph, `node:output:1` in a function.

    >>> split_reference("x"), split_reference("x:1"), split_reference("x:indices:0")
    (('x', 0), ('x', 1), ('x', 1))
    """
    name, _, output = text.partition(":")
    return name, _index(output) if output else 0


# Few operations have outputs of other names than all have.
@lru_cache(maxsize=256)
def _index(output: str) -> int:
    name, *_, number = output.split(":") if ":" in output else (output, output)
    index = int(number) if number.isdecimal() and len(number) < 6 else 0  # noqa: PLR2004  # no op has 100,000
    return 1 if index == 0 and name in _SECOND_OUTPUTS else index
