from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from sigcheck.planning.explained import search
from sigcheck.reports.parts.canvas import LETTER
from sigcheck.reports.parts.search_picture import MOST_NODES, draw_search, tell_step
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.report import Binding
from tests.reports.projects import CUT, MOVE


def drawn(provided, required):
    outcome = search(parse_spec(provided), parse_spec(required))
    binding = Binding(
        provided="a",
        required="b",
        verdict=outcome.verdict,
        provided_spec=parse_spec(provided),
        required_spec=parse_spec(required),
        plan=outcome.plan,
        candidates=outcome.candidates,
        alternatives=outcome.alternatives,
        nearest=outcome.nearest,
    )
    made = draw_search(outcome.edges, binding)
    assert draw_search(outcome.edges, binding) == made
    return ET.fromstring(made.drawing), made, outcome


def of_class(picture, name):
    return [one for one in picture.iter("g") if name in (one.get("class") or "").split()]


@pytest.mark.parametrize(
    ("provided", "required"),
    [("float32[?, 10]", "float32[?, 1, 10]"), ("float32[?, 8, 8, 3]", "float16[?, 3, 8, 8]")],
)
def test_the_chosen_path_is_marked_from_end_to_end(provided, required):
    picture, made, outcome = drawn(provided, required)
    assert made.listed == ()
    hops = [one.find("title").text for one in of_class(picture, "hop") if "chosen" in one.get("class")]
    assert sorted(hops) == sorted(tell_step(step) for step in outcome.plan.steps)
    specs = {one.find("title").text for one in of_class(picture, "node") if "chosen" in one.get("class")}
    assert {provided, required} <= specs
    assert [one.find("title").text for one in of_class(picture, "goal")] == [required]


def test_tied_paths_are_marked_and_none_is_chosen():
    picture, _, outcome = drawn("float32[?, 224, 224, 3]", "float32[?, 299, 299, 3]")
    assert len(outcome.candidates) > 1
    assert of_class(picture, "chosen") == []
    assert len(of_class(picture, "tied")) == sum(len(plan.steps) for plan in outcome.candidates)


def test_a_large_graph_is_drawn_in_part():
    picture, made, outcome = drawn("uint8[?, 224, 224, 3]", "float32[?, 3, 299, 299]")
    nodes = len(of_class(picture, "node"))
    assert nodes + len(made.listed) == len(outcome.graph)
    assert made.more == 0
    graph = outcome.graph
    steps = {(str(one.spec), str(graph.edges[one, other]["step"]), str(other.spec)) for one, other in graph.edges}
    assert made.listed
    assert {(source, step, spec) for spec, step, source in made.listed} <= steps
    assert nodes <= MOST_NODES + sum(len(plan.steps) for plan in (*outcome.candidates, *outcome.alternatives))
    assert of_class(picture, "tied")


def test_a_step_tells_what_it_loses_and_rests_on():
    assert tell_step(MOVE) == "transpose(perm=[0, 3, 1, 2]): exact; assumes axis 3 moves to 1"
    assert (
        tell_step(CUT.model_copy(update={"guard": "sizes"}))
        == "truncate(size=100): truncating; asserts at run time: sizes"
    )


def test_no_label_covers_a_box_or_another_label():
    picture, _, _ = drawn("uint8[?, 224, 224, 3]", "float32[?, 3, 299, 299]")
    boxes = [
        tuple(float(one.find("rect").get(name)) for name in ("x", "y", "width", "height"))
        for one in of_class(picture, "node")
    ]
    lines = [
        (float(text.get("x")), float(text.get("y")), len(text.text) * LETTER * 11 / 12)
        for one in of_class(picture, "hop")
        for text in one.iter("text")
    ]
    areas = [*boxes, *((x - width / 2, y - 9, width, 10) for x, y, width in lines)]
    for (x, y, width, height), (other_x, other_y, other_width, other_height) in combinations(areas, 2):
        across = min(x + width, other_x + other_width) - max(x, other_x)
        down = min(y + height, other_y + other_height) - max(y, other_y)
        assert across <= 0.5 or down <= 0.5
