from __future__ import annotations

import pytest

import sigcheck
from sigcheck.planning.matching import feed
from sigcheck.rules.match import unserialized_features
from sigcheck.rules.views.match import MatchView
from sigcheck.schema.facts import Facts
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature
from tests.rules.conftest import CONSUMER, PRODUCER

FEATURES = {"age": "float32[1]", "name": "string[] optional", "words": "int64[?]"}


def ends(specs, **facts):
    return [
        Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts)))
        for name, text in specs.items()
    ]


def parsing(features):
    told = {"meaning": "serialized_example", "features": features}
    claims = (Inferred(name=name, value=value, tier="proved", reason="ParseExampleV2") for name, value in told.items())
    return [Endpoint(name="examples", spec=parse_spec("string[?]"), inferred=tuple(claims))]


def find(outputs, inputs, bind=None):
    match = feed(outputs, inputs, bind)
    view = MatchView(
        PRODUCER, CONSUMER, tuple(outputs), tuple(inputs), match.bindings, match.missing, unjoined=match.unjoined
    )
    return list(unserialized_features.find(view))


@pytest.mark.parametrize(
    ("outputs", "said", "call"),
    [
        ({"age": "float64[?, 1]", "words": "ragged int32[?, None]"}, "outputs are these", "age, words"),
        ({"age": "float32[?, 1]"}, "age is this", "age"),
        ({"age": "float32[?, 1]", "more": "float32[?, 9]"}, "age is this", "age"),
    ],
)
def test_outputs_that_are_the_features(outputs, said, call):
    (finding,) = find(ends(outputs), parsing(FEATURES))
    assert (finding.place, finding.level) == ("examples", "note")
    assert finding.message == (f"it parses Examples of age float32[1], name string[] optional, words int64[?]: {said}")
    bind = f"serialize_examples({call})"
    assert f"--bind '{bind}=examples'" in finding.help
    # What is advised leads on.
    (binding,) = feed(ends(outputs), parsing(FEATURES), {bind: "examples"}).bindings
    assert binding.verdict in {"adapts", "guarded"}


def test_a_feature_that_no_output_is_called_like_is_named():
    (finding,) = find(ends({"age": "float32[?, 1]", "b": "string[?]"}), parsing({**FEATURES, "name": "string[]"}))
    assert finding.message.endswith("no output is called name, and age is one of them")
    assert finding.help.endswith("as in serialize_examples(name=OUTPUT, ...)")


@pytest.mark.parametrize(
    ("outputs", "bind"),
    [
        ({"other": "float32[?, 1]"}, None),
        ({"age": "complex64[?, 1]"}, None),
        ({"age": "float32[?, 1]"}, {"serialize_examples(age)": "examples"}),
    ],
    ids=["nothing is called so", "nothing leads there", "bound already"],
)
def test_where_there_is_nothing_to_advise_nothing_is_said(outputs, bind):
    assert find(ends(outputs), parsing(FEATURES), bind) == []


def test_inputs_that_are_features_of_an_output():
    inputs = ends({"age": "float32[?, 1]", "words": "ragged int64[?, None]", "other": "float32[?]"})
    found = find(ends({"records": "string[?]"}, features=FEATURES), inputs)
    assert [one.place for one in found] == ["age", "words"]
    told = "--bind 'parse_examples(records)=age' --bind 'parse_examples(records)=words'"
    assert {one.help for one in found} == {f"parse them with {told}"}
    assert found[0].message == "it is a feature of the Examples that records holds"


def test_a_signature_that_takes_the_features_as_they_are_is_named(tmp_path):
    (parser,) = parsing(FEATURES)
    plain = Endpoint(name="age", spec=parse_spec("float32[?, 1]"))
    score = Endpoint(name="score", spec=parse_spec("float32[?]"))
    signatures = (
        Signature(key="serving_default", inputs=(parser,), outputs=(score,)),
        Signature(key="predict", inputs=(plain,), outputs=(score,)),
    )
    model = tmp_path / "scorer.json"
    model.write_text(Model(source="scorer", reader="saved_model", signatures=signatures).model_dump_json())
    report = sigcheck.check({"age": "float32[?, 1]"}, str(model), verify="typed")
    told = {one.rule: one for one in report.findings}
    assert report.verdict == "blocked"
    assert told["another_signature"].place == f"{model}#predict"
    assert told["another_signature"].message.startswith("fits, ")
    assert "serialize_examples(age)" in told["unserialized_features"].help
