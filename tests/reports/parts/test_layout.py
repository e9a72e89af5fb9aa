from __future__ import annotations

import random
from itertools import combinations

import pytest

from sigcheck.reports.parts import layout as layouts
from sigcheck.reports.parts.layout import ROW_WIDTH, Edge, Gaps, Node, lay_out
from sigcheck.schema.errors import UsageError

GAPS = Gaps(across=60, down=20)
BOX = Node(50, (20, 20))


def edge(source, target, **more):
    return Edge(source, 1, target, 1, **more)


def overlap(one, other):
    (x, y, width, height), (other_x, other_y, other_width, other_height) = one, other
    return (
        min(x + width, other_x + other_width) - max(x, other_x) > 0.5
        and min(y + height, other_y + other_height) - max(y, other_y) > 0.5
    )


def areas(nodes, layout):
    return [(x, y, node.width, node.height) for node, (x, y) in zip(nodes, layout.corners, strict=True)]


def test_a_link_goes_to_the_right_and_straight():
    layout = lay_out([BOX, BOX], [edge(0, 1)], GAPS)
    (x, y), (other_x, other_y) = layout.corners
    assert y == other_y
    assert other_x - x - 50 == pytest.approx(60, abs=1)
    assert {round(point[1]) for point in layout.lines[0].points} == {round(y + 30)}
    assert (layout.width, layout.height) == pytest.approx((160, 40), abs=5)


def test_a_long_link_passes_beside_the_boxes_between():
    layout = lay_out([BOX] * 3, [edge(0, 1), edge(1, 2), edge(0, 2)], GAPS)
    left, top = layout.corners[1]
    inside = [point for point in layout.lines[2].points if left < point[0] < left + 50 and top < point[1] < top + 40]
    assert inside == []


@pytest.mark.parametrize("edges", [[edge(0, 1), edge(1, 0)], [edge(0, 0), edge(0, 1)]])
def test_a_cycle_is_drawn(edges):
    layout = lay_out([BOX] * 2, edges, GAPS)
    assert [line.edge for line in layout.lines] == [0, 1]


def test_nothing_takes_no_room():
    assert (lay_out([], [], GAPS).width, lay_out([], [], GAPS).height) == (0, 0)


def test_a_chain_that_is_too_wide_is_cut_into_rows_and_each_end_has_a_tag():
    nodes = [BOX] * 60
    edges = [edge(at, at + 1, tags=(40, 44)) for at in range(59)]
    layout = lay_out(nodes, edges, GAPS)
    assert layout.width <= ROW_WIDTH
    rows = sorted({round(y) for _, y in layout.corners})
    assert len(rows) > 3
    cut = [line for line in layout.lines if line.tag is not None]
    assert [line.tag.stands_for for line in cut] == ["target", "source"] * (len(rows) - 1)
    assert {round(line.tag.size[0]) for line in cut} == {40, 44}
    drawn = areas(nodes, layout) + [(*line.tag.corner, *line.tag.size) for line in cut]
    assert not any(overlap(one, other) for one, other in combinations(drawn, 2))


def test_a_row_is_cut_where_the_fewest_lines_pass():
    """Two blocks that one line joins: that is the line that is cut."""
    size = 5
    edges = [
        edge(start + one, start + other, tags=(30, 30))
        for start in (0, size)
        for one, other in combinations(range(size), 2)
        if other - one < 4
    ]
    bridge = edge(size - 1, size, tags=(30, 30))
    layout = lay_out([Node(110, (20, 20))] * (2 * size), [*edges, bridge], GAPS)
    assert {line.edge for line in layout.lines if line.tag is not None} == {len(edges)}


def test_small_parts_stand_side_by_side():
    layout = lay_out([BOX] * 40, [edge(at, at + 1) for at in range(0, 40, 2)], GAPS)
    assert layout.width <= ROW_WIDTH
    assert len({round(y) for _, y in layout.corners}) < 8


@pytest.mark.parametrize("seed", range(15))
def test_nothing_overlaps_and_lines_end_at_their_rows(seed):
    draw = random.Random(seed)
    nodes = [
        Node(draw.randint(20, 200), tuple(draw.choice((16, 20)) for _ in range(draw.randint(2, 5))))
        for _ in range(draw.randint(1, 25))
    ]
    ends = [(draw.randrange(len(nodes)), draw.randrange(len(nodes))) for _ in range(len(nodes))]
    edges = [
        Edge(
            source,
            draw.randrange(len(nodes[source].rows)),
            target,
            draw.randrange(len(nodes[target].rows)),
            (draw.randint(10, 80), 14),
        )
        for source, target in ends
    ]
    layout = lay_out(nodes, edges, GAPS, row_width=None)
    assert layout == lay_out(nodes, edges, GAPS, row_width=None)
    boxes = areas(nodes, layout)
    for one, other in combinations(boxes, 2):
        assert not overlap(one, other)
    for line in layout.lines:
        wanted = edges[line.edge]
        node, (x, y) = nodes[wanted.source], layout.corners[wanted.source]
        middle = y + sum(node.rows[: wanted.source_row]) + node.rows[wanted.source_row] / 2
        assert line.points[0] == pytest.approx((x + node.width, middle), abs=2)
        node, (x, y) = nodes[wanted.target], layout.corners[wanted.target]
        middle = y + sum(node.rows[: wanted.target_row]) + node.rows[wanted.target_row] / 2
        assert line.points[-1] == pytest.approx((x, middle), abs=2)
        assert len(line.points) % 3 == 1
    for node, (x, y) in zip(nodes, layout.corners, strict=True):
        assert -1 <= x <= layout.width - node.width + 1
        assert -1 <= y <= layout.height - node.height + 1


def test_without_graphviz_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pygraphviz", None)
    with pytest.raises(UsageError, match=r"pictures: Graphviz is not installed.*sigcheck\[pictures\]"):
        lay_out([BOX], [], GAPS)


def test_nothing_is_said_on_the_way(capfd):
    """Graphviz asks for no font, which differ between machines, and warns of nothing."""
    lay_out([BOX] * 30, [edge(at, (at * 7) % 30, label=(40, 12)) for at in range(30)], GAPS)
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_whether_it_is_there_is_known_without_loading_it():
    assert layouts.has_layout()
