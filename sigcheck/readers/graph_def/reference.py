"""Reference: the node and the output that a text names, as inputs of nodes and results of functions are written."""

from __future__ import annotations

from functools import lru_cache

# The second outputs of ops that have names for them; elsewhere the number counts.
_SECOND_OUTPUTS = frozenset({b"indices", b"batch_mean", b"idx"})


def split_reference(text: bytes) -> tuple[bytes, int]:
    """Node and output of a reference: `node`, `node:1` in a graph, `node:output:1` in a function.

    >>> split_reference(b"x"), split_reference(b"x:1"), split_reference(b"x:indices:0")
    ((b'x', 0), (b'x', 1), (b'x', 1))
    """
    name, _, output = text.partition(b":")
    return name, output_number(output) if output else 0


# Few operations have outputs of other names than all have.
@lru_cache(maxsize=256)
def output_number(output: bytes) -> int:
    """Which output is meant by what stands behind the name of a node.

    >>> output_number(b"1"), output_number(b"output:1"), output_number(b"indices:0")
    (1, 1, 1)
    """
    name, *_, number = output.split(b":") if b":" in output else (output, output)
    index = int(number) if number.isdigit() and len(number) < 6 else 0  # noqa: PLR2004  # no op has 100,000
    return 1 if index == 0 and name in _SECOND_OUTPUTS else index
