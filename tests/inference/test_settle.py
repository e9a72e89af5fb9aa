"""Which inferred facts enter a plan, and a whole check with graphs on both sides."""

from __future__ import annotations

import pytest

from sigcheck import api
from sigcheck.inference.settle import settle
from sigcheck.reports import MODEL_FORMATS
from sigcheck.reports.parts.page import Page
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from tests.inference.files import FLOAT, attribute, written, written_node
from tests.readers.written_models import length_field, varint


def claim(name, value, tier="proved"):
    return Inferred(name=name, value=value, tier=tier, reason="why")


def endpoint(name, *claims, dtype="float32", sizes=(None, 8), **facts):
    origins = dict.fromkeys(facts, "declared")
    spec = TensorSpec(dtype=dtype, shape=sizes, facts=Facts(**facts, origins=origins))
    return Endpoint(name=name, spec=spec, inferred=claims)


def settled(output, taken):
    (given,), (wanted,) = settle([output], [taken])
    return given.spec.facts, wanted.spec.facts


def test_a_proved_range_enters_where_the_other_side_has_one():
    ours, theirs = settled(endpoint("a", claim("range", (0, 1))), endpoint("b", range=(0, 255)))
    assert (ours.range, ours.origins, theirs.range) == ((0, 1), {"range": "inferred"}, (0, 255))


@pytest.mark.parametrize(
    ("claims", "facts"),
    [
        ([claim("range", (0, 1))], {}),
        ([claim("range", (0, 6))], {"range": (0, 255)}),
        ([claim("range", (0, 255), "convention")], {"range": (0, 1)}),
        ([claim("linear", True)], {"range": (0, 1)}),
    ],
)
def test_what_decides_nothing_stays_out(claims, facts):
    ours, _ = settled(endpoint("a", *claims), endpoint("b", **facts))
    assert ours.known() == {}


def test_the_rank_that_a_graph_demands_of_an_input_enters():
    spec = TensorSpec(dtype="float32", shape=None)
    ends = [Endpoint(name="x", spec=spec, sizes=("batch", "x.1", 3))]
    (given,), (taken,) = settle(ends, ends)
    assert (str(given.spec), str(taken.spec)) == ("float32[*]", "float32[?, ?, 3]")


def test_what_is_declared_stays():
    ours, _ = settled(endpoint("a", claim("range", (0, 1)), range=(-1, 1)), endpoint("b", range=(0, 255)))
    assert (ours.range, ours.origins) == ((-1, 1), {"range": "declared"})


def test_both_sides_may_be_inferred():
    ids = {"dtype": "int32"}
    ours, theirs = settled(endpoint("a", claim("id_count", 9), **ids), endpoint("b", claim("id_count", 5), **ids))
    assert (ours.id_count, theirs.id_count) == (9, 5)


def test_axes_enter_against_axes():
    names = ("batch", "height", "width", "channel")
    picture = {"sizes": (None, None, None, 3)}
    declared = endpoint("a", axes=("batch", "channel", "height", "width"), sizes=(None, 3, None, None))
    _, theirs = settled(declared, endpoint("b", claim("axes", names, "convention"), **picture))
    assert theirs.axes == names


def test_a_graph_that_contradicts_its_signature_is_not_believed():
    ours, _ = settled(endpoint("a", claim("range", (-1, 1)), dtype="uint8"), endpoint("b", range=(0, 255)))
    assert ours.known() == {}


# A TensorShapeProto of one axis of size 8, and the two attributes that hold it.
EIGHT = b"\x12\x02\x08\x08"
SHAPE = attribute("shape", length_field(7, EIGHT))
SHAPES = attribute("_output_shapes", length_field(1, length_field(7, EIGHT)))
PLACEHOLDER = written_node("x", "Placeholder", attributes=attribute("dtype", bytes([6 << 3]) + varint(1)) + SHAPE)


@pytest.fixture
def model(tmp_path):
    """Writes a frozen graph `x -> y` of these operations; its output has the input's shape."""

    def write(name, *ops):
        names = ["x", *(f"n{at}" for at in range(len(ops)))]
        nodes = [
            written_node(named, op, before, attributes=FLOAT + SHAPES)
            for before, named, op in zip(names, names[1:], ops, strict=False)
        ]
        path = tmp_path / f"{name}.pb"
        path.write_bytes(written(PLACEHOLDER, *nodes))
        return str(path)

    return write


def rules(report):
    return [(finding.level, finding.rule) for finding in report.findings]


def test_a_softmax_after_a_softmax(model):
    report = api.check(model("a", "Softmax"), model("b", "Softmax"), verify="typed")
    assert (report.verdict, rules(report)) == ("fits", [("warning", "double_softmax")])
    assert rules(api.check(model("a", "Softmax"), model("b", "Softmax"), verify="typed", infer=False)) == []


def test_a_proved_range_opens_a_scale(model):
    facts = {"consumer": {"x": {"range": (0, 255)}}}
    report = api.check(model("a", "Tanh"), model("b", "Relu"), facts=facts, verify="typed")
    assert [step.transform for step in report.bindings[0].plan.steps] == ["scale"]
    assert report.bindings[0].provided_spec.facts.origins == {"range": "inferred"}
    assert report.unchecked == ()
    blind = api.check(model("a", "Tanh"), model("b", "Relu"), facts=facts, verify="typed", infer=False)
    assert blind.unchecked == ("value range of x: not declared by the producer",)


def test_a_wrong_declaration_is_a_finding(model):
    facts = {"producer": {"n0": {"meaning": "logits"}}}
    report = api.check(model("a", "Softmax"), model("b", "Relu"), facts=facts, verify="typed")
    assert ("warning", "declared_contradicts_inferred") in rules(report)


def test_show_tells_the_facts_their_tier_and_their_reason(model):
    (signature,) = api.read(model("a", "Neg", "Tanh"), infer=True).signatures
    (found,) = signature.outputs[0].inferred
    assert (found.name, found.value, found.tier, found.reason) == ("range", (-1, 1), "proved", "Tanh")
    lines = MODEL_FORMATS["text"].render_models([api.read(model("a", "Neg", "Tanh"), infer=True)], Page()).splitlines()
    assert any(line.split() == ["n1", "range", "[-1,", "1]", "proved", "Tanh"] for line in lines)


def test_what_show_writes_can_be_read_again(model, tmp_path):
    shown = api.read(model("a", "Tanh"), infer=True)
    path = tmp_path / "shown.json"
    path.write_text(MODEL_FORMATS["json"].render_models([shown]))
    assert api.read(str(path)).signatures[0].outputs[0].inferred == shown.signatures[0].outputs[0].inferred
