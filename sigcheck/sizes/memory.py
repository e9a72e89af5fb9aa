"""Memory: what operations gave that hang on nothing but their operands and attributes: most nodes of a graph are alike.

Tensors of which the same is known are one object, so that operands are compared by their identity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sigcheck.graph.view import Node
from sigcheck.sizes.tensor import Sized

# An operation, what reads its attributes, and its operands.
_Key: TypeAlias = tuple[object, ...]


class Numbers(Iterator[int]):
    """Numbers from 0 on, which no unknown size has yet; `given` counts them."""

    def __init__(self) -> None:
        """None is given yet."""
        self.given = 0

    def __next__(self) -> int:
        self.given += 1
        return self.given - 1


class Memory:
    """What was found of operations that demanded nothing, looked into no function and met no new unknown size."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        # With the operands, so that none of them goes and another object gets its identity.
        self._known: dict[_Key, tuple[Sequence[Sized], Sequence[Sized]]] = {}
        self._alike: dict[Sized, Sized] = {}

    def one(self, tensor: Sized) -> Sized:
        """The one object for all tensors of which the same is known."""
        return self._alike.setdefault(tensor, tensor)

    def results(self, node: Node, operands: Sequence[Sized]) -> Sequence[Sized] | None:
        """What a node gives as another one did; None where none did."""
        found = self._known.get((node.op, node.read_attributes, *map(id, operands)))
        return None if found is None else found[1]

    def keep(self, node: Node, operands: Sequence[Sized], results: Sequence[Sized]) -> Sequence[Sized]:
        """The results, which are those of all nodes alike from now on."""
        found = list(map(self.one, results))
        self._known[(node.op, node.read_attributes, *map(id, operands))] = operands, found
        return found

    def forget(self) -> None:
        """More is known of sizes than when these results were found."""
        self._known.clear()
