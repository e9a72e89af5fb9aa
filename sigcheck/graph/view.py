"""Graph view: the small common form of a model's graph, whatever file it came from.

Nodes carry TensorFlow's names of operations; other formats are lowered to them. Attributes
and constants are decoded where they are asked for: most nodes are passed by.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sigcheck.schema.signature import Signature

Attributes = Mapping[str, Any]

# About 0.2 s. The largest published exports have some 20,000 nodes; what is larger is left alone.
MAX_NODES = 40_000


# The attribute `nan_becomes` of a node says what its kernels make of a NaN where it stays none: two ends, or this.
OTHER_OPERAND = "the other operand"


# Operations that call one function, which their attribute `f` names.
CALLS = frozenset({"PartitionedCall", "StatefulPartitionedCall"})


class Tensor(NamedTuple):
    """One output of one node, by numbers."""

    node: int
    output: int = 0


@dataclass(frozen=True)
class Constant:
    """A constant: its dtype, its shape, and its numbers where they are few enough to be looked at.

    `values` has one number for each element, row-major, or a single one that stands for all.
    `low` and `high` bound the numbers; all are None where there are too many, NaN among them, or no numbers.
    `texts` are those of strings, where they are few enough, each a text whatever its bytes are.
    """

    dtype: str | None
    shape: tuple[int, ...] | None
    values: tuple[float, ...] | None = None
    low: float | None = None
    high: float | None = None
    texts: tuple[str, ...] | None = None


# Not frozen: graphs have ten thousands of them, and a frozen one takes four times as long to make.
@dataclass(eq=False, slots=True)
class Node:
    """An operation, which nobody changes. An input of None is one that could not be followed.

    `stands_for` is what gives the sizes of its results, where that is not the operation itself: the
    layer or the operator of another runtime that was lowered to it, and maybe to nodes before it.
    """

    op: str
    inputs: tuple[Tensor | None, ...] = ()
    name: str = ""
    read_attributes: Callable[[], Attributes] = field(default=dict, repr=False)
    stands_for: Node | None = field(default=None, repr=False)
    _read: Attributes | None = field(default=None, init=False, repr=False)

    @property
    def attributes(self) -> Attributes:
        """The attributes by name: numbers, text, dtypes by name, shapes as tuples, a Constant. Empty where broken."""
        if self._read is None:
            try:
                self._read = self.read_attributes()
            except (ValueError, LookupError, TypeError, ArithmeticError):
                self._read = {}
        return self._read


def _no_functions(_: str) -> None:
    return None


def _no_other_graph() -> None:
    return None


@dataclass(frozen=True)
class Graph:
    """What leads from the inputs to the outputs of one signature; a cycle is possible.

    `problem` says why the graph was not lowered, in words; it has no nodes then. `left_out` says what of
    it was not lowered, where a limit was met: that part is one node. `function` gives the
    graph of a function that a node calls, its inputs and outputs named by their positions ("0"), or None
    where there is none; such a graph gives `results` tensors. Where it `is_folded`, calls of functions are nodes, to be
    looked into; else they are put in their place. `folded` gives the same graph with its calls of
    functions as nodes, None where it has none: one that calls the same functions again and again is small so.
    `asserted` gives a graph of the same inputs whose outputs, truths, must all hold where it runs; None where there are
    none: what only an assertion reads is no part of the graph itself.
    """

    nodes: Sequence[Node] = ()
    inputs: Mapping[str, Tensor] = field(default_factory=dict)
    outputs: Mapping[str, Tensor] = field(default_factory=dict)
    problem: str | None = None
    left_out: str | None = None
    function: Callable[[str], Graph | None] = field(default=_no_functions, repr=False, compare=False)
    results: int = 0
    is_folded: bool = False
    folded: Callable[[], Graph | None] = field(default=_no_other_graph, repr=False, compare=False)
    asserted: Callable[[], Graph | None] = field(default=_no_other_graph, repr=False, compare=False)


def _is_alone(_: Signature) -> None:
    return None


class Graphs(NamedTuple):
    """The graphs of the signatures of one open file.

    `lower` gives the graph of a signature. `call` says what makes its outputs of its inputs, without a name of either,
    before anything is lowered: two signatures of which it says the same have the same graph. None where nothing is
    known of it.
    """

    lower: Callable[[Signature], Graph]
    call: Callable[[Signature], Hashable | None] = _is_alone
