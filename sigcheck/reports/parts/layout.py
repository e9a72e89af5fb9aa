"""Layout: where the boxes, lines and labels of a drawing stand, layer by layer from left to right.

Graphviz's `dot` places one picture (https://graphviz.org/docs/layouts/dot/); here it is told what to place, and
what is wider than a page is cut between its layers into rows. Lengths are in pixels, and no text reaches Graphviz:
the same boxes give the same places, whatever fonts there are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Literal

from sigcheck.schema.errors import UsageError

# On a wide screen a row of this width is shrunk by a tenth.
ROW_WIDTH = 1280.0
# A part that is a little wider is easier to read whole.
_MOST_OVER = 1.25
# Rows are cut where the fewest lines pass, in so much of what would fill them.
_LEAST_FILLED = 0.6
_TAG_HEIGHT = 18.0
INSTALL = "pip install 'sigcheck[pictures]'"

Point = tuple[float, float]
Size = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A box of this width, with rows of these heights from top to bottom."""

    width: float
    rows: tuple[float, ...]

    @property
    def height(self) -> float:
        """That of all rows."""
        return sum(self.rows)


@dataclass(frozen=True)
class Edge:
    """A line from the right end of a row of one node to the left end of a row of another; of a node that has one row
    it ends anywhere at its border.

    `label` is the size of what is written at the line, None of nothing. `tags` are the widths of what stands for the
    target beside the source, and for the source beside the target, where the picture is cut between the two.
    """

    source: int
    source_row: int
    target: int
    target_row: int
    label: Size | None = None
    tags: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Tag:
    """What stands for the node at the other end of a line that is cut: its corner and size."""

    stands_for: Literal["source", "target"]
    corner: Point
    size: Size


@dataclass(frozen=True)
class Line:
    """An edge as it is drawn: a point, and three more for each Bezier curve. A cut edge has two lines.

    `label` is the middle of what is written at it.
    """

    edge: int
    points: tuple[Point, ...]
    label: Point | None = None
    tag: Tag | None = None


@dataclass(frozen=True)
class Layout:
    """The upper left corner of each node, the lines, the size of it all, and where each row begins."""

    corners: tuple[Point, ...]
    lines: tuple[Line, ...]
    width: float
    height: float
    rows: tuple[float, ...] = ()


@dataclass(frozen=True)
class Gaps:
    """Room between two layers, and between two boxes of a layer."""

    across: float
    down: float


def has_layout() -> bool:
    """Whether Graphviz is there, which an extra brings."""
    from importlib.util import find_spec

    return find_spec("pygraphviz") is not None


def lay_out(nodes: Sequence[Node], edges: Sequence[Edge], gaps: Gaps, row_width: float | None = ROW_WIDTH) -> Layout:
    """Places all. A part of more than the width of a row is cut into rows; with None it is placed whole.

    Raises UsageError where Graphviz is not installed.
    """
    corners: dict[int, Point] = {}
    lines: list[Line] = []
    width = left = top = row_height = 0.0
    rows = [top]
    for piece in _pieces(nodes, edges, gaps, row_width):
        if left and left + piece.width > (row_width or ROW_WIDTH):
            left, top, row_height = 0.0, top + row_height + 1.5 * gaps.down, 0.0
            rows.append(top)
        corners |= {node: _moved(corner, left, top) for node, corner in piece.corners.items()}
        lines += [_line_moved(line, left, top) for line in piece.lines]
        width = max(width, left + piece.width)
        left += piece.width + gaps.across / 2
        row_height = max(row_height, piece.height)
    lines.sort(key=lambda line: line.edge)
    placed = tuple(corners[at] for at in range(len(nodes)))
    return Layout(placed, tuple(lines), width, top + row_height, tuple(rows))


@dataclass(frozen=True)
class _Piece:
    """What Graphviz placed at once."""

    corners: Mapping[int, Point]
    lines: tuple[Line, ...]
    width: float
    height: float


def _pieces(nodes: Sequence[Node], edges: Sequence[Edge], gaps: Gaps, row_width: float | None) -> Iterator[_Piece]:
    """Yields each part that no edge leaves, in rows where it is too wide."""
    for members, at_edges in _parts(nodes, edges):
        whole = _place(nodes, members, edges, at_edges, gaps)
        if row_width is None or whole.width <= row_width * _MOST_OVER:
            yield whole
            continue
        tag = max(width for at in at_edges for width in edges[at].tags)
        room = row_width - 2 * (tag + gaps.across)
        for row in _rows(nodes, edges, at_edges, whole, room):
            yield _place(nodes, row, edges, at_edges, gaps)


def _parts(nodes: Sequence[Node], edges: Sequence[Edge]) -> list[tuple[list[int], list[int]]]:
    """The nodes and edges of each part, in the order of their first nodes."""
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


def _rows(
    nodes: Sequence[Node], edges: Sequence[Edge], at_edges: Sequence[int], whole: _Piece, room: float
) -> Iterator[list[int]]:
    """Yields the nodes of each row: whole layers, as many as have room, cut where the fewest lines pass."""
    middles: defaultdict[float, list[int]] = defaultdict(list)
    for node, (x, _) in whole.corners.items():
        middles[round(x + nodes[node].width / 2)].append(node)
    layers = [middles[middle] for middle in sorted(middles)]
    layer_of = {node: number for number, layer in enumerate(layers) for node in layer}
    starts = [min(whole.corners[node][0] for node in layer) for layer in layers]
    ends = [max(whole.corners[node][0] + nodes[node].width for node in layer) for layer in layers]
    # How many lines pass between a layer and the one before it.
    passing = [0] * (len(layers) + 1)
    for at in at_edges:
        one, other = sorted((layer_of[edges[at].source], layer_of[edges[at].target]))
        for gap in range(one + 1, other + 1):
            passing[gap] += 1
    first = 0
    while first < len(layers):
        fitting = [at for at in range(first + 1, len(layers) + 1) if ends[at - 1] - starts[first] <= room]
        last = fitting[-1] if fitting else first + 1
        if last < len(layers):
            filled = [at for at in fitting if ends[at - 1] - starts[first] >= room * _LEAST_FILLED]
            last = min(filled or [last], key=lambda at: (passing[at], -at))
        yield [node for layer in layers[first:last] for node in layer]
        first = last


def _place(
    nodes: Sequence[Node], members: Iterable[int], edges: Sequence[Edge], at_edges: Iterable[int], gaps: Gaps
) -> _Piece:
    """These nodes and what joins them, with a tag at each line that leads to another node."""
    inside = set(members)
    text = [
        "digraph {",
        f'graph [rankdir=LR, dpi=72, nodesep="{gaps.down / 72:.4f}", ranksep="{gaps.across / 72:.4f}"]',
        "node [shape=plain]",
        "edge [arrowhead=none]",
        *(f"n{at} [label={_table(nodes[at].width, nodes[at].rows)}]" for at in sorted(inside)),
    ]
    for at in at_edges:
        edge = edges[at]
        label = f", label={_table(edge.label[0], edge.label[1:])}" if edge.label else ""
        source = _end(edge.source, nodes[edge.source], edge.source_row, "e")
        target = _end(edge.target, nodes[edge.target], edge.target_row, "w")
        if edge.source in inside and edge.target in inside:
            text.append(f"{source} -> {target} [id=e{at}{label}]")
        elif edge.source in inside:
            text.append(f"t{at} [label={_table(edge.tags[0], (_TAG_HEIGHT,))}]")
            text.append(f"{source} -> t{at}:r0:w [id=e{at}{label}]")
        elif edge.target in inside:
            text.append(f"t{at} [label={_table(edge.tags[1], (_TAG_HEIGHT,))}]")
            text.append(f"t{at}:r0:e -> {target} [id=e{at}]")
    return _read(_dot("\n".join([*text, "}"])), edges, inside)


def _end(at: int, node: Node, row: int, side: Literal["e", "w"]) -> str:
    """Where a line ends: at the middle of a row, or where it comes to a box that has one row alone."""
    return f"n{at}:r{row}:{side}" if len(node.rows) > 1 else f"n{at}"


def _table(width: float, rows: Sequence[float]) -> str:
    """A label that holds nothing and is of this size, so that no font is asked for how large it is."""
    cells = "".join(
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{ceil(width)}" HEIGHT="{ceil(height)}" PORT="r{at}"></TD></TR>'
        for at, height in enumerate(rows)
    )
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{cells}</TABLE>>'


def _dot(text: str) -> dict[str, Any]:
    """What Graphviz makes of it, in the form of https://graphviz.org/docs/outputs/json/."""
    try:
        import pygraphviz
    except ImportError:
        raise UsageError("pictures", f"Graphviz is not installed, which lays them out. {INSTALL}.") from None
    graph = pygraphviz.AGraph(string=text)
    placed: dict[str, Any] = json.loads(graph.draw(format="json0", prog="dot"))
    graph.close()
    return placed


def _read(placed: Mapping[str, Any], edges: Sequence[Edge], inside: set[int]) -> _Piece:
    """The places, from the upper left corner on: Graphviz counts from the lower left one."""
    _, _, width, height = map(float, placed["bb"].split(","))
    boxes = {one["name"]: _corner_and_size(one, height) for one in placed["objects"]}
    lines = []
    for one in placed.get("edges", ()):
        at = int(one["id"][1:])
        tag = None
        if edges[at].source not in inside:
            tag = Tag("source", *boxes[f"t{at}"])
        elif edges[at].target not in inside:
            tag = Tag("target", *boxes[f"t{at}"])
        points = tuple(_point(pair, height) for pair in one["pos"].split())
        lines.append(Line(at, points, _point(one["lp"], height) if "lp" in one else None, tag))
    corners = {at: boxes[f"n{at}"][0] for at in sorted(inside)}
    return _Piece(corners, tuple(lines), width, height)


def _corner_and_size(one: Mapping[str, Any], height: float) -> tuple[Point, Size]:
    x, y = _point(one["pos"], height)
    size = float(one["width"]) * 72, float(one["height"]) * 72
    return (x - size[0] / 2, y - size[1] / 2), size


def _point(pair: str, height: float) -> Point:
    x, y = map(float, pair.split(","))
    return x, height - y


def _moved(point: Point, across: float, down: float) -> Point:
    return point[0] + across, point[1] + down


def _line_moved(line: Line, across: float, down: float) -> Line:
    return replace(
        line,
        points=tuple(_moved(point, across, down) for point in line.points),
        label=None if line.label is None else _moved(line.label, across, down),
        tag=None if line.tag is None else replace(line.tag, corner=_moved(line.tag.corner, across, down)),
    )
