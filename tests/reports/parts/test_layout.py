from __future__ import annotations

import random
from itertools import combinations

import pytest

from sigcheck.reports.parts.layout import Edge, Gaps, Node, lay_out

GAPS = Gaps(across=100, down=20)


def edge(source, target):
    return Edge(source, target, 10, 10)


def overlap(nodes, corners, one, other):
    (x, y), (other_x, other_y) = corners[one], corners[other]
    return (
        x < other_x + nodes[other].width
        and other_x < x + nodes[one].width
        and y < other_y + nodes[other].height
        and other_y < y + nodes[one].height
    )


def test_a_link_goes_to_the_right_and_straight():
    layout = lay_out([Node(50, 20), Node(50, 20)], [edge(0, 1)], GAPS)
    assert layout.corners == ((0, 0), (150, 0))
    assert layout.routes[0].points == ((50, 10), (150, 10))
    assert (layout.width, layout.height) == (200, 20)


def test_a_long_link_passes_beside_the_boxes_between():
    layout = lay_out([Node(50, 20)] * 3, [edge(0, 1), edge(1, 2), edge(0, 2)], GAPS)
    assert len(layout.routes[2].points) == 4
    (_, top) = layout.corners[1]
    assert all(not top <= y <= top + 20 for _, y in layout.routes[2].points[1:3])


def test_a_cycle_goes_back_below():
    layout = lay_out([Node(50, 20)] * 2, [edge(0, 1), edge(1, 0)], GAPS)
    assert [route.is_back for route in layout.routes] == [False, True]
    assert max(y for _, y in layout.routes[1].points) > 20
    assert layout.height > 20


def test_a_model_that_feeds_itself_is_placed():
    assert lay_out([Node(50, 20)], [edge(0, 0)], GAPS).routes[0].is_back


def test_nothing_takes_no_room():
    assert (lay_out([], [], GAPS).width, lay_out([], [], GAPS).height) == (0, 0)


def test_what_nothing_feeds_stands_before_what_it_feeds():
    layout = lay_out([Node(50, 20)] * 4, [edge(0, 1), edge(1, 2), edge(3, 2)], GAPS)
    assert layout.corners[3][0] == layout.corners[1][0]


@pytest.mark.parametrize("seed", range(30))
def test_no_two_boxes_overlap_and_lines_end_at_their_boxes(seed):
    draw = random.Random(seed)
    nodes = [Node(draw.randint(20, 200), draw.randint(20, 90)) for _ in range(draw.randint(1, 25))]
    edges = [
        Edge(source, target, draw.uniform(0, nodes[source].height), draw.uniform(0, nodes[target].height))
        for source, target in ((draw.randrange(len(nodes)), draw.randrange(len(nodes))) for _ in range(len(nodes)))
    ]
    layout = lay_out(nodes, edges, GAPS)
    assert layout == lay_out(nodes, edges, GAPS)
    for one, other in combinations(range(len(nodes)), 2):
        assert not overlap(nodes, layout.corners, one, other)
    for line, route in zip(edges, layout.routes, strict=True):
        x, y = layout.corners[line.source]
        assert route.points[0] == pytest.approx((x + nodes[line.source].width, y + line.source_y))
        x, y = layout.corners[line.target]
        assert route.points[-1] == pytest.approx((x, y + line.target_y))
    for node, (x, y) in zip(nodes, layout.corners, strict=True):
        assert 0 <= x <= layout.width - node.width + 1e-6
        assert 0 <= y <= layout.height - node.height + 1e-6
