"""Assignment: which output feeds which input, where names do not say, by what it costs.

The cheapest assignment is taken only where it is the only one: two equally good ones are
an ambiguity, because tensors of one spec may mean anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sigcheck.schema.cost import FREE, Cost

if TYPE_CHECKING:
    import networkx as nx

# Above this many inputs or outputs without a name in common, matching them by cost says
# nothing that a person would rely on, and takes long.
MOST_UNNAMED = 32

# One component of a cost never reaches this; an unreachable pair costs more than any sum.
_BASE = 1 << 16
UNREACHABLE = _BASE ** (len(FREE.meaning) + 1)

# The place of an input or of an output: its side and its number. Sides are filled up to one length.
_Place = tuple[str, int]


@dataclass(frozen=True)
class Assignment:
    """`chosen` maps inputs to outputs; `tied` maps inputs to all outputs that serve equally well."""

    chosen: Mapping[str, str]
    tied: Mapping[str, tuple[str, ...]]


def assign(inputs: Sequence[str], outputs: Sequence[str], costs: Mapping[tuple[str, str], Cost]) -> Assignment:
    """The cheapest assignment by meaning-cost; `costs` holds the pairs (output, input) that can be bound."""
    # Loaded where names leave something to choose only.
    import networkx as nx

    weights = {pair: _weight(cost) for pair, cost in costs.items()}
    size = max(len(inputs), len(outputs))
    table = [[UNREACHABLE] * size for _ in range(size)]
    for row, name in enumerate(inputs):
        table[row][: len(outputs)] = [weights.get((output, name), UNREACHABLE) for output in outputs]
    matching = _cheapest(table)
    exchanges = _exchanges(table, matching)
    rounds = {place: at for at, group in enumerate(nx.strongly_connected_components(exchanges)) for place in group}
    chosen: dict[str, str] = {}
    tied: dict[str, tuple[str, ...]] = {}
    for row, name in enumerate(inputs):
        place: _Place = ("in", row)
        columns = {matching[row], *(at for side, at in exchanges[place] if rounds[side, at] == rounds[place])}
        feeding = tuple(output for at, output in enumerate(outputs) if at in columns and table[row][at] < UNREACHABLE)
        if len(columns) > 1 and feeding:
            # With one output only: in one of the cheapest assignments the input is fed, in another it is not.
            tied[name] = feeding
        elif feeding:
            chosen[name] = feeding[0]
    return Assignment(chosen, tied)


def _weight(cost: Cost) -> int:
    """The meaning part of a cost as one number that compares and adds as the vector does."""
    weight = 0
    for part in cost.meaning:
        weight = weight * _BASE + part
    return weight


def _cheapest(table: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row in an assignment of least total."""
    import networkx as nx

    graph: nx.Graph[_Place] = nx.Graph()
    graph.add_weighted_edges_from(
        (("in", row), ("out", column), -weight) for row, line in enumerate(table) for column, weight in enumerate(line)
    )
    found = [0] * len(table)
    for one, other in nx.max_weight_matching(graph, maxcardinality=True):
        (_, column), (_, row) = sorted((one, other), reverse=True)
        found[row] = column
    return found


def _exchanges(table: Sequence[Sequence[int]], matching: Sequence[int]) -> nx.DiGraph[_Place]:
    """From each row the columns that it could be given, and from each column back to its row, in free rounds.

    Once the distances are taken off no arc costs less than 0, and all of a round that costs nothing are 0.
    """
    import networkx as nx

    arcs: nx.DiGraph[_Place] = nx.DiGraph()
    for row, line in enumerate(table):
        for column, weight in enumerate(line):
            if matching[row] == column:
                arcs.add_edge(("out", column), ("in", row), weight=-weight)
            else:
                arcs.add_edge(("in", row), ("out", column), weight=weight)
    start: _Place = ("start", 0)
    arcs.add_weighted_edges_from([(start, place, 0) for place in list(arcs)])
    distance = nx.single_source_bellman_ford_path_length(arcs, start)
    arcs.remove_node(start)
    slack = [(a, b) for a, b, weight in arcs.edges(data="weight") if distance[a] + weight > distance[b]]
    arcs.remove_edges_from(slack)
    return arcs
