"""Assignment: which output feeds which input, where names do not say, by what it costs.

The cheapest assignment is taken only where it is the only one: two equally good ones are
an ambiguity, because tensors of one spec may mean anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sigcheck.schema.cost import FREE, Cost

# Above this many inputs or outputs without a name in common, matching them by cost says
# nothing that a person would rely on, and takes long.
MOST_UNNAMED = 32

# One component of a cost never reaches this; an unreachable pair costs more than any sum.
_BASE = 1 << 16
UNREACHABLE = _BASE ** (len(FREE.meaning) + 1)


@dataclass(frozen=True)
class Assignment:
    """`chosen` maps inputs to outputs; `tied` maps inputs to all outputs that serve equally well."""

    chosen: Mapping[str, str]
    tied: Mapping[str, tuple[str, ...]]


def assign(inputs: Sequence[str], outputs: Sequence[str], costs: Mapping[tuple[str, str], Cost]) -> Assignment:
    """The cheapest assignment by meaning-cost; `costs` holds the pairs (output, input) that can be bound."""
    weights = {pair: _weight(cost) for pair, cost in costs.items()}
    chosen, total = _cheapest(inputs, outputs, weights)
    tied: dict[str, set[str]] = {}
    for name, output in chosen.items():
        other, other_total = _cheapest(inputs, outputs, {**weights, (output, name): UNREACHABLE})
        if other_total == total:
            for at in inputs:
                found = {mapping[at] for mapping in (chosen, other) if at in mapping}
                if len(found) > 1 or (at in chosen) != (at in other):
                    tied.setdefault(at, set()).update(found)
    return Assignment(
        {name: output for name, output in chosen.items() if name not in tied},
        {name: tuple(output for output in outputs if output in tied[name]) for name in inputs if name in tied},
    )


def _weight(cost: Cost) -> int:
    """The meaning part of a cost as one number that compares and adds as the vector does."""
    weight = 0
    for part in cost.meaning:
        weight = weight * _BASE + part
    return weight


def _cheapest(
    inputs: Sequence[str], outputs: Sequence[str], weights: Mapping[tuple[str, str], int]
) -> tuple[dict[str, str], int]:
    """The assignment of least total weight (Hungarian method, O(n^3)), without its unreachable pairs."""
    size = max(len(inputs), len(outputs))
    table = [
        [
            weights.get((outputs[column], inputs[row]), UNREACHABLE)
            if row < len(inputs) and column < len(outputs)
            else UNREACHABLE
            for column in range(size)
        ]
        for row in range(size)
    ]
    columns = _hungarian(table)
    total = sum(table[row][column] for row, column in enumerate(columns))
    chosen = {
        name: outputs[columns[row]]
        for row, name in enumerate(inputs)
        if columns[row] < len(outputs) and table[row][columns[row]] < UNREACHABLE
    }
    return chosen, total


def _hungarian(table: list[list[int]]) -> list[int]:
    """The column of each row in an assignment of least total (Kuhn 1955, shortest augmenting paths)."""
    size = len(table)
    row_price, column_price = [0] * (size + 1), [0] * (size + 1)
    # Rows and columns count from 1; column 0 stands for the row that is being placed.
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0] = row
        _place(table, row_of, row_price, column_price)
    found = [0] * size
    for column in range(1, size + 1):
        found[row_of[column] - 1] = column - 1
    return found


def _place(table: list[list[int]], row_of: list[int], row_price: list[int], column_price: list[int]) -> None:
    """Places one more row along the path of least reduced cost, adjusting prices on the way."""
    size = len(table)
    least, came_from = [UNREACHABLE * (size + 1)] * (size + 1), [0] * (size + 1)
    free, column = set(range(1, size + 1)), 0
    while row_of[column]:
        row = row_of[column]
        for other in free:
            reduced = table[row - 1][other - 1] - row_price[row] - column_price[other]
            if reduced < least[other]:
                least[other], came_from[other] = reduced, column
        following = min(free, key=lambda other: (least[other], other))
        step = least[following]
        for other in range(size + 1):
            if other in free:
                least[other] -= step
            else:
                row_price[row_of[other]] += step
                column_price[other] -= step
        free.remove(following)
        column = following
    while column:
        row_of[column] = row_of[came_from[column]]
        column = came_from[column]
