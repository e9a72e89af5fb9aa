"""Layout: where the boxes and lines of a drawing stand, layer by layer from left to right.

The method of Sugiyama, Tagawa and Toda (1981): break cycles, give each box a layer, order the
layers by the mean place of neighbours, then place. Parts that no line joins are laid out alone
and set in rows. Lengths are in pixels; the same boxes give the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

_SWEEPS = 4
# Between two lines that pass a layer side by side.
_LANE = 12.0
# Parts stand side by side up to this width: a wide screen.
_ROW_WIDTH = 1180.0


@dataclass(frozen=True)
class Node:
    """A box of this size."""

    width: float
    height: float


@dataclass(frozen=True)
class Edge:
    """A line from the right side of one node to the left side of another, at these heights in them."""

    source: int
    target: int
    source_y: float
    target_y: float


Point = tuple[float, float]


@dataclass(frozen=True)
class Route:
    """The points that a line passes, first to last. `is_back`: it runs against the layers, below the boxes."""

    points: tuple[Point, ...]
    is_back: bool = False


@dataclass(frozen=True)
class Layout:
    """The upper left corner of each node, the route of each edge, and the size of it all."""

    corners: tuple[Point, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


@dataclass(frozen=True)
class Gaps:
    """Room between two layers, and between two boxes of a layer."""

    across: float
    down: float


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge], gaps: Gaps) -> Layout:
    """Places the nodes and routes the edges."""
    corners: list[Point] = [(0.0, 0.0)] * len(nodes)
    routes: list[Route] = [Route(())] * len(edges)
    width = left = top = row_height = 0.0
    by_part = _edges_by_part(nodes, edges)
    for members, lines in by_part:
        part = _Part(nodes, [edges[at] for at in lines], members, gaps)
        if left and left + part.width > _ROW_WIDTH:
            left, top, row_height = 0.0, top + row_height + gaps.down, 0.0
        for member in members:
            x, y = part.corners[member]
            corners[member] = (x + left, y + top)
        for at, route in zip(lines, part.routes(), strict=True):
            routes[at] = Route(tuple((x + left, y + top) for x, y in route.points), route.is_back)
        width = max(width, left + part.width)
        left += part.width + gaps.across / 2
        row_height = max(row_height, part.height)
    return Layout(tuple(corners), tuple(routes), width, top + row_height)


def _edges_by_part(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[list[int], list[int]]]:
    """The nodes and edges of each part that no edge leaves, in the order of their first nodes."""
    parent = list(range(len(nodes)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for edge in edges:
        one, other = sorted((root(edge.source), root(edge.target)))
        parent[other] = one
    members: defaultdict[int, list[int]] = defaultdict(list)
    lines: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(len(nodes)):
        members[root(at)].append(at)
    for at, edge in enumerate(edges):
        lines[root(edge.source)].append(at)
    return [(members[at], lines[at]) for at in members]


class _Part:
    """One connected part. Places that lines pass in a layer are nodes there too, with negative numbers."""

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge], members: Sequence[int], gaps: Gaps) -> None:
        self._edges, self._gaps = edges, gaps
        self._sizes = {at: nodes[at] for at in members}
        pairs = list(dict.fromkeys((edge.source, edge.target) for edge in edges))
        self._back = _back_pairs(members, pairs)
        forward = [pair for pair in pairs if pair not in self._back]
        layer_of = _layers(members, forward)
        self._chains = self._add_lanes(forward, layer_of)
        # For each node the nodes beside it, and for each line that comes in: from where, and both heights.
        self._beside: defaultdict[int, list[int]] = defaultdict(list)
        self._enters: defaultdict[int, list[tuple[int, float, float]]] = defaultdict(list)
        for edge in edges:
            for before, at in pairwise(self._chains.get((edge.source, edge.target), ())):
                self._beside[before].append(at)
                self._beside[at].append(before)
                leaves = edge.source_y if before == edge.source else self._sizes[before].height / 2
                arrives = edge.target_y if at == edge.target else self._sizes[at].height / 2
                self._enters[at].append((before, leaves, arrives))
        self._layers: list[list[int]] = [[] for _ in range(max(layer_of.values()) + 1)]
        for at, layer in layer_of.items():
            self._layers[layer].append(at)
        self._layer_of = layer_of
        self._order()
        self.corners = self._place()
        self.width = max(x + self._sizes[at].width for at, (x, _) in self.corners.items())
        bottom = max(y + self._sizes[at].height for at, (_, y) in self.corners.items())
        self._lowest = bottom
        self.height = bottom + (_LANE * (1 + sum(self._is_back(edge) for edge in edges)) if self._back else 0)

    def _is_back(self, edge: Edge) -> bool:
        return (edge.source, edge.target) in self._back

    def _add_lanes(
        self, forward: Sequence[tuple[int, int]], layer_of: dict[int, int]
    ) -> dict[tuple[int, int], list[int]]:
        """For each pair the nodes that its lines pass, a lane in each layer between."""
        count = defaultdict[tuple[int, int], int](int)
        for edge in self._edges:
            count[edge.source, edge.target] += 1
        chains = {}
        lane = 0
        for source, target in forward:
            passed = []
            for layer in range(layer_of[source] + 1, layer_of[target]):
                lane -= 1
                layer_of[lane] = layer
                self._sizes[lane] = Node(0, _LANE * count[source, target])
                passed.append(lane)
            chains[source, target] = [source, *passed, target]
        return chains

    def _order(self) -> None:
        """Orders each layer by the mean place of the neighbours in the layer before, and behind."""
        place = {at: float(index) for layer in self._layers for index, at in enumerate(layer)}
        for sweep in range(_SWEEPS):
            layers = list(enumerate(self._layers))
            side = -1 if sweep % 2 == 0 else 1
            for number, layer in layers if side < 0 else reversed(layers):
                means = {}
                for at in layer:
                    near = [place[one] for one in self._beside[at] if self._layer_of[one] == number + side]
                    means[at] = sum(near) / len(near) if near else place[at]
                layer.sort(key=lambda at: (means[at], place[at]))
                for index, at in enumerate(layer):
                    place[at] = float(index)

    def _place(self) -> dict[int, Point]:
        xs: dict[int, float] = {}
        ys: dict[int, float] = {}
        x = 0.0
        for layer in self._layers:
            width = max(self._sizes[at].width for at in layer)
            wanted = {at: self._wanted(at, ys) for at in layer}
            y = 0.0
            for at in layer:
                ys[at] = max(y, wanted[at])
                y = ys[at] + self._sizes[at].height + self._gaps.down
            drift = sum(wanted[at] - ys[at] for at in layer) / len(layer)
            for at in layer:
                xs[at], ys[at] = x, ys[at] + drift
            x += width + self._gaps.across
        top = min(ys.values())
        return {at: (xs[at], ys[at] - top) for at in self._sizes}

    def _wanted(self, at: int, ys: dict[int, float]) -> float:
        """The height at which the lines from the layer before would be straight."""
        heights = [ys[before] + leaves - arrives for before, leaves, arrives in self._enters[at]]
        return sum(heights) / len(heights) if heights else 0.0

    def routes(self) -> Iterator[Route]:
        """Yields the route of each edge."""
        used = defaultdict[tuple[int, int], int](int)
        below = self._lowest
        for edge in self._edges:
            pair = (edge.source, edge.target)
            x, y = self.corners[edge.source]
            start = (x + self._sizes[edge.source].width, y + edge.source_y)
            x, y = self.corners[edge.target]
            end = (x, y + edge.target_y)
            if self._is_back(edge):
                below += _LANE
                yield Route((start, (start[0], below), (end[0], below), end), is_back=True)
                continue
            passed = []
            for lane in self._chains[pair][1:-1]:
                x, y = self.corners[lane]
                y += _LANE * (used[pair] + 0.5)
                layer_width = max(self._sizes[at].width for at in self._layers[self._layer_of[lane]])
                passed += [(x, y), (x + layer_width, y)]
            used[pair] += 1
            yield Route((start, *passed, end))


def _back_pairs(members: Sequence[int], pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The pairs without which there is no cycle: those that lead to a node on the way to them."""
    targets: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in pairs:
        targets[source].append(target)
    back: set[tuple[int, int]] = set()
    state: dict[int, Literal["open", "done"]] = {}
    for first in members:
        if first in state:
            continue
        state[first] = "open"
        stack = [(first, iter(targets[first]))]
        while stack:
            at, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[at] = "done"
                stack.pop()
            elif state.get(following) == "open":
                back.add((at, following))
            elif following not in state:
                state[following] = "open"
                stack.append((following, iter(targets[following])))
    return back


def _layers(members: Sequence[int], pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The layer of each node: one behind all that feed it; what nothing feeds stands just before what it feeds."""
    before: defaultdict[int, list[int]] = defaultdict(list)
    behind: defaultdict[int, list[int]] = defaultdict(list)
    for source, target in pairs:
        before[target].append(source)
        behind[source].append(target)
    waits = {at: len(before[at]) for at in members}
    ready = [at for at in members if not waits[at]]
    layer: dict[int, int] = {}
    for at in ready:
        layer[at] = max((layer[one] + 1 for one in before[at]), default=0)
        for following in behind[at]:
            waits[following] -= 1
            if not waits[following]:
                ready.append(following)
    for at in members:
        if not before[at] and behind[at]:
            layer[at] = min(layer[one] for one in behind[at]) - 1
    least = min(layer.values())
    return {at: number - least for at, number in layer.items()}
