"""The picture of a step shows the axes that are there, and joins those that the step joins."""

from __future__ import annotations

import doctest
import xml.etree.ElementTree as ET

import pytest
import step_picture
from catalog_pages import drawn_case
from step_picture import axis_lines, describe_facts, draw_step

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Step
from sigcheck.transforms import BY_NAME


def lines(name, provided, required):
    spec, goal = parse_spec(provided), parse_spec(required)
    step = next(step for step in BY_NAME[name].propose(spec, goal) if step.result.shape == goal.shape)
    return sorted(set(axis_lines(spec, step)))


def boxes(picture, kind):
    return [box for box in ET.fromstring(picture).iter("rect") if box.get("class") == kind]


@pytest.mark.parametrize("name", BY_NAME)
def test_every_transform_has_a_picture_of_all_axes(name):
    spec, step = drawn_case(name)
    picture = draw_step(spec, step)
    drawn = len(boxes(picture, "kept")) + len(boxes(picture, "other"))
    assert drawn == len(spec.shape) + len(step.result.shape)
    assert len(list(ET.fromstring(picture).iter("path"))) == len(set(axis_lines(spec, step)))


@pytest.mark.parametrize("name", BY_NAME)
def test_lines_join_axes_that_exist(name):
    spec, step = drawn_case(name)
    for above, below in axis_lines(spec, step):
        assert 0 <= above < len(spec.shape)
        assert 0 <= below < len(step.result.shape)


def test_a_transpose_crosses():
    assert lines("transpose", "float32[?, 8, 3]", "float32[?, 3, 8]") == [(0, 0), (1, 2), (2, 1)]


def test_merged_axes_meet():
    assert lines("reshape", "float32[?, 4, 8]", "float32[?, 32]") == [(0, 0), (1, 1), (2, 1)]


def test_a_new_axis_has_no_line_and_is_framed():
    spec, goal = parse_spec("float32[?, 10]"), parse_spec("float32[?, 1, 10]")
    step = next(step for step in BY_NAME["expand_dims"].propose(spec, goal) if step.result == goal)
    picture = draw_step(spec, step)
    assert sorted(axis_lines(spec, step)) == [(0, 0), (1, 2)]
    assert len(boxes(picture, "other")) == 1


def test_a_lost_axis_is_the_one_that_the_step_names():
    step = Step(transform="argmax", arguments={"axis": 1}, result=parse_spec("int64[?, 4]"))
    assert list(axis_lines(parse_spec("float32[?, 10, 4]"), step)) == [(0, 0), (2, 1)]


def test_another_size_is_framed_and_keeps_its_line():
    spec, step = drawn_case("pad")
    assert sorted(axis_lines(spec, step)) == [(0, 0), (1, 1)]
    assert len(boxes(draw_step(spec, step), "other")) == 2


def test_an_unknown_rank_is_one_box():
    spec = parse_spec("float32[*]")
    picture = draw_step(spec, Step(transform="ensure_shape", result=parse_spec("float32[?, 3]")))
    assert "any rank" in picture
    assert len(boxes(picture, "other")) == 3


def test_names_of_axes_cannot_be_markup():
    spec = parse_spec("float32[3]").replace(facts=Facts(axes=("<script>",)))
    assert "<script>" not in draw_step(spec, Step(transform="cast", result=spec))


def test_facts_are_told_in_words():
    facts = Facts.model_validate({"padding": {"value": 0, "side": "pre"}, "id_count": 9, "channel_order": "RGB"})
    assert describe_facts(facts) == "id count 9, channel order RGB, padded with 0 at the start"


def test_the_examples_run():
    assert doctest.testmod(step_picture).failed == 0
