"""What is passed on: a link takes tensors of the models before it by their names, and of no other."""

from __future__ import annotations

import json

import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.pipelines.chain import check_chain
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature

IMAGE, BOXES = "uint8[?, 8, 8, 3]", "float32[?, 4]"


def model(name, inputs, outputs):
    """A model from specs by name."""
    sides = [tuple(Endpoint(name=n, spec=parse_spec(s)) for n, s in side.items()) for side in (inputs, outputs)]
    return Model(source=name, reader="test", signatures=(Signature(inputs=sides[0], outputs=sides[1]),))


DETECTOR = model("detector", {"image": IMAGE}, {"boxes": BOXES, "scores": "float64[?]"})
CROP = model("crop", {"image": "float32[?, 8, 8, 3]", "boxes": BOXES}, {"crops": "float32[?, 4, 4, 3]"})
NAMES = model("names", {"crops": "float32[?, 4, 4, 3]", "scores": "float32[?]"}, {"names": "string[?]"})
CHAIN = [DETECTOR, CROP, NAMES]
BIND = {"input.image": "image", "detector.scores": "scores"}


def fed(result):
    return [[(one.provided, one.required, one.verdict) for one in link.bindings] for link in result.links]


def test_an_input_of_the_producer_feeds_the_consumer():
    report = sigcheck.check(DETECTOR, CROP, bind={"input.image": "image"}, verify="typed")
    assert report.verdict == "adapts"
    assert [(one.provided, str(one.provided_spec)) for one in report.bindings] == [
        ("input.image", IMAGE),
        ("boxes", BOXES),
    ]
    assert 'outputs["input.image"]' in report.result.adapter.source
    # What was passed on is no output that something is wrong with.
    assert [one.place for one in report.findings if one.rule == "unused_output"] == ["scores"]


def test_a_later_link_takes_what_an_earlier_model_gives():
    result, _ = check_chain(CHAIN, bind=BIND, verify="typed")
    assert fed(result) == [
        [("input.image", "image", "adapts"), ("boxes", "boxes", "fits")],
        [("crops", "crops", "fits"), ("detector.scores", "scores", "adapts")],
    ]
    assert result.exit_code == 0
    # What a later link takes is used.
    assert not [one for link in result.links for one in link.findings if one.rule == "unused_output"]


def test_inputs_of_earlier_models_have_their_names_too():
    last = model("last", {"crops": "float32[?, 4, 4, 3]", "picture": IMAGE}, {"y": "float32[?]"})
    bind = {"input.image": "image", "detector.input.image": "picture"}
    result, _ = check_chain([DETECTOR, CROP, last], bind=bind, verify="typed")
    assert fed(result)[1] == [("crops", "crops", "fits"), ("detector.input.image", "picture", "fits")]


def test_what_is_passed_on_may_be_joined():
    last = model("last", {"both": "float32[?, 8]"}, {"y": "float32[?]"})
    crop = model("crop", {"boxes": BOXES}, {"better": BOXES})
    bind = {"concat(detector.boxes, better, axis=1)": "both"}
    result, _ = check_chain([DETECTOR, crop, last], bind=bind, verify="typed")
    assert [one.name for one in result.links[1].bindings[0].sources] == ["detector.boxes", "better"]


def test_nothing_is_passed_on_that_nobody_asked_for():
    """Equal names and specs of earlier models decide nothing by themselves."""
    result, reports = check_chain(CHAIN, bind={"input.image": "image"}, verify="typed")
    assert fed(result)[1] == [("crops", "crops", "fits")]
    assert result.exit_code == 1
    (finding,) = (one for one in reports[1].findings if one.rule == "missing_input")
    assert finding.help == (
        "detector gives scores: pass it on with --bind detector.scores=scores, or feed this model by both: "
        "detector crop -- names"
    )


def test_the_help_for_the_input_of_the_producer_leads_on():
    (finding,) = (one for one in sigcheck.check(DETECTOR, CROP, verify="typed").findings if one.place == "image")
    assert finding.help == "the producer is fed image: where it is meant, pass it on with --bind input.image=image"


def test_what_is_known_of_a_tensor_is_known_of_it_where_it_is_passed_on():
    facts = {"producer": {"scores": {"range": [0, 1]}}, "consumer": {"scores": {"range": [0, 255]}}}
    _, (_, report) = check_chain(CHAIN, bind=BIND, facts=facts, verify="typed")
    (binding,) = (one for one in report.bindings if one.required == "scores")
    assert [step.transform for step in binding.steps] == ["scale", "cast"] or "scale" in str(binding.plan)


def test_one_name_is_declared_of_one_tensor():
    facts = {"producer": {"detector.scores": {"range": [0, 1]}}}
    _, (_, report) = check_chain(CHAIN, bind=BIND, facts=facts, verify="typed")
    (binding,) = (one for one in report.bindings if one.required == "scores")
    assert binding.provided_spec.facts.range == (0, 1)


def test_an_output_is_what_its_own_name_says():
    """An output that is called as a passed tensor would be stays the output."""
    odd = model("odd", {"image": IMAGE}, {"input.image": "float32[?, 2]"})
    report = sigcheck.check(odd, {"x": "float32[?, 2]"}, bind={"input.image": "x"}, verify="typed")
    assert report.verdict == "fits"


def test_the_size_of_a_constant_may_be_that_of_an_input():
    taker = {"scores": "float32[?]", "mask": "int32[?, 8, 8, 3]"}
    bind = {"constant(1, input.image)": "mask", "scores": "scores"}
    report = sigcheck.check(DETECTOR, taker, bind=bind, verify="typed")
    assert [(one.provided, one.required) for one in report.bindings] == [
        ("scores", "scores"),
        ("constant(1, input.image)", "mask"),
    ]


@pytest.mark.parametrize(
    ("bind", "said"),
    [
        ({"input.imag": "image"}, "bind input.imag=image: no link has both; did you mean 'input.image'?"),
        (
            {"detector.boxes": "crop.boxes"},
            "bind detector.boxes=crop.boxes: boxes is what crop is fed from. Write boxes=crop.boxes.",
        ),
        (
            {"crop.input.image": "crop.image"},
            "bind crop.input.image=crop.image: no link has both; did you mean 'input.image'?",
        ),
        (
            {"crops": "crop.image"},
            (
                "bind crops=crop.image: crops does not come before crop, which takes crop.image; it has 'boxes', "
                "'input.image', 'scores'. Name one of these."
            ),
        ),
    ],
)
def test_what_is_not_in_scope_is_one_line(bind, said):
    with pytest.raises(UsageError) as caught:
        check_chain(CHAIN, bind=bind, verify="typed")
    assert str(caught.value) == said


def test_which_of_two_models_is_meant_has_to_be_said():
    classifier = model("classifier", {"image": "float32[?, 4, 4, 3]"}, {"names": "string[?]"})
    chain = [DETECTOR, CROP, classifier]
    with pytest.raises(UsageError) as caught:
        check_chain(chain, bind={"input.image": "image"}, verify="typed")
    assert str(caught.value) == (
        "bind input.image=image: crop and classifier take image, expected one that it is passed on to. "
        "Write input.image=crop.image."
    )
    result, _ = check_chain(chain, bind={"input.image": "crop.image"}, verify="typed")
    assert fed(result)[1] == [("crops", "image", "fits")]


def test_one_model_twice_is_told_apart_by_number():
    twice = model("m", {"x": BOXES, "y": BOXES}, {"x": BOXES})
    result, _ = check_chain([twice, twice, twice], bind={"m_1.x": "y", "input.y": "m_2.y"}, verify="typed")
    assert fed(result) == [
        [("x", "x", "fits"), ("input.y", "y", "fits")],
        [("x", "x", "fits"), ("m_1.x", "y", "fits")],
    ]


@pytest.mark.parametrize("command", ["check", "adapt"])
def test_a_name_that_does_not_exist_ends_with_two(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps({"inputs": {"image": IMAGE}, "outputs": {"boxes": BOXES}}))
    (tmp_path / "b.json").write_text(json.dumps({"inputs": {"boxes": BOXES}, "outputs": {}}))
    assert run([command, "a.json", "b.json", "--bind", "input.imge=boxes"]) == 2
    assert capsys.readouterr().err.strip() == (
        "sigcheck: bind input.imge=boxes: the producer has no output 'input.imge'; did you mean 'input.image'?"
    )
