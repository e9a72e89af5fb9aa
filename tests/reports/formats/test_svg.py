from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from sigcheck.reports.formats import dot, svg
from sigcheck.reports.parts.canvas import escaped, shortened
from sigcheck.reports.parts.pipeline import (
    Box,
    Pipeline,
    Port,
    Wire,
    pipeline_of_chain,
    pipeline_of_check,
    pipeline_of_lint,
)
from sigcheck.schema.finding import Finding
from sigcheck.schema.project import LintedModel, LintResult, Location
from sigcheck.schema.report import Side
from sigcheck.schema.signature import Endpoint, Signature

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    "kind", ["check result", "check undecided", "check hostile", "chain chain", "lint lint", "diff diff"]
)
def test_every_picture_is_well_formed(kind, request):
    what, name = kind.split()
    value = request.getfixturevalue(name)
    picture = ET.fromstring(getattr(svg, f"render_{what}")(value))
    assert picture.tag == f"{SVG}svg"
    assert float(picture.get("width")) > 0
    assert picture.get("aria-label").startswith("Pipeline of ")
    assert len({one.find(f"{SVG}title").text for one in picture.findall(f".//{SVG}g[@data-link]")}) == len(
        _pipeline(what, value).wires
    )
    text = getattr(dot, f"render_{what}")(value)
    assert text.count(" -> m") == len(_pipeline(what, value).wires)


def _pipeline(what, value):
    from sigcheck.reports.parts import pipeline

    return getattr(pipeline, f"pipeline_of_{what}")(value)


def test_ports_are_named_and_wires_have_their_verdict(result):
    picture = ET.fromstring(svg.render_check(result))
    titles = [title.text for title in picture.iter(f"{SVG}title")]
    assert "pixels: float32[?, 8, 8, 3]" in titles
    wire = picture.find(f".//{SVG}g[@data-link='1']")
    assert wire.get("class") == "wire v-adapts"
    assert "transpose" in wire.find(f"{SVG}title").text


def test_an_input_that_is_not_fed_is_marked(result):
    missing = Finding(rule="missing_input", level="error", place="mask", message="", help="", required="mask: int32[?]")
    boxes = pipeline_of_check(result.model_copy(update={"findings": (missing,)})).boxes
    assert boxes[1].inputs[-1] == Port("mask", "int32[?]", is_unmet=True)


def test_a_chain_is_one_row(chain):
    drawn = pipeline_of_chain(chain)
    assert [(wire.producer, wire.consumer) for wire in drawn.wires] == [(0, 1), (1, 2)]
    assert len(drawn.boxes) == 3


def test_a_tensor_of_an_earlier_model_is_drawn_at_that_model(chain):
    first, second = chain.links
    passed = second.bindings[0].model_copy(update={"provided": "encoder.mask"})
    drawn = pipeline_of_chain(
        chain.model_copy(
            update={
                "links": (
                    first.model_copy(update={"producer": Side(source="models/encoder", reader="", key="k")}),
                    second.model_copy(update={"bindings": (passed,)}),
                )
            }
        )
    )
    assert [(wire.producer, wire.consumer) for wire in drawn.wires] == [(0, 1), (0, 2)]
    assert drawn.boxes[0].outputs[drawn.wires[1].output].name == "mask"
    assert "encoder.mask" not in {port.name for box in drawn.boxes for port in box.outputs}


def test_a_tensor_of_another_model_of_a_project_is_drawn_at_that_model(result, lint):
    def gives(name, tensor):
        spec = Endpoint.model_validate({"name": tensor, "dtype": "int32", "shape": []})
        return LintedModel(
            name=name, source=name, location=Location(path="c"), signature=Signature(key="k", outputs=(spec,))
        )

    link = lint.links[0]
    binding = result.bindings[0].model_copy(update={"provided": "detector.boxes"})
    link = replace(link, check=result.model_copy(update={"bindings": (binding,), "findings": ()}))
    models = (gives("detector", "boxes"), gives("encoder", "pixels"))
    drawn = pipeline_of_lint(lint.model_copy(update={"models": models, "links": (link,)}))
    (wire,) = drawn.wires
    assert (drawn.boxes[wire.producer].name, drawn.boxes[wire.consumer].name) == ("detector", "classifier")
    assert [port.name for box in drawn.boxes for port in box.outputs] == ["boxes", "pixels"]


def test_inputs_that_no_link_names_are_counted():
    endpoints = tuple(Endpoint.model_validate({"name": f"x{at}", "dtype": "int32", "shape": []}) for at in range(50))
    model = LintedModel(
        name="m", source="m", location=Location(path="c"), signature=Signature(key="k", inputs=endpoints)
    )
    box = pipeline_of_lint(LintResult(config="c", models=(model,))).boxes[0]
    assert len(box.inputs) + box.more_inputs == 50
    assert len(box.inputs) < 10


def pipeline_of_boxes(count):
    """A row of models, each of which feeds the next."""
    port = (Port("x", "int32[?, 8]"),)
    boxes = tuple(Box(f"model{at}", inputs=port, outputs=port) for at in range(count))
    return Pipeline(boxes, tuple(Wire(at, 0, at + 1, 0, "fits", "", at + 1) for at in range(count - 1)))


def test_many_wires_have_no_labels():
    assert "pill-text" in svg.draw(pipeline_of_boxes(3))[0]
    assert "pill-text" not in svg.draw(pipeline_of_boxes(70))[0]


def test_a_long_chain_is_set_in_rows_that_name_what_goes_on():
    text, left_out = svg.draw(pipeline_of_boxes(60), is_standalone=True)
    picture = ET.fromstring(text)
    assert left_out == 0
    assert float(picture.get("width")) < 1300
    tags = [one.text for one in picture.iter(f"{SVG}text") if one.get("class") == "tag-text"]
    ends = [one.removesuffix(" »") for one in tags if one.endswith("»")]
    begins = [one.removeprefix("» ") for one in tags if one.startswith("»")]
    assert len(ends) == len(begins) > 5
    for one, other in zip(sorted(ends), sorted(begins, key=lambda name: f"model{int(name[5:]) + 1}"), strict=True):
        assert int(one[5:]) == int(other[5:]) + 1


def test_of_too_many_wires_the_worst_are_drawn_and_the_rest_is_counted():
    row = pipeline_of_boxes(svg.MOST_BOXES + 50)
    bad = svg.MOST_BOXES + 10
    wires = tuple(Wire(**{**vars(one), "verdict": "blocked"}) if one.link == bad else one for one in row.wires)
    text, left_out = svg.draw(Pipeline(row.boxes, wires))
    assert f'data-link="{bad}"' in text
    drawn = {one.get("data-link") for one in ET.fromstring(text).findall(".//g[@data-link]")}
    assert len(drawn) == len(wires) - left_out <= svg.MOST_WIRES


def test_no_wire_that_is_left_out_is_worse_than_one_that_is_drawn():
    row = pipeline_of_boxes(6)
    verdicts = ("blocked", "fits", "blocked", "fits", "fits")
    wires = tuple(Wire(**{**vars(one), "verdict": told}) for one, told in zip(row.wires, verdicts, strict=True))
    drawn, left_out = Pipeline(row.boxes, wires).worst(5, 3)
    assert ([one.verdict for one in drawn.wires], left_out) == (["blocked"], 4)


def test_a_label_of_graphviz_holds_any_name(hostile):
    text = dot.render_check(hostile)
    assert len(text.splitlines()) == 4 + 2 + 1 + 1
    assert "\x1b" not in text


def test_text_is_escaped_and_cut():
    assert escaped("<a b='\"'>&\x00") == "&lt;a b=&#39;&quot;&#39;&gt;&amp;\\x00"
    assert len(shortened("a" * 90, 44)) == 44
