"""Chains and several producers: what a pipeline of more than two models gives."""

from __future__ import annotations

import json

import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.pipelines.chain import check_chain
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.stages.join import join_producers
from sigcheck.stages.read import read_producers


def model(name, inputs=(), outputs=()):
    """A model from `name: spec` pairs."""
    sides = [tuple(Endpoint(name=n, spec=parse_spec(s)) for n, s in pairs) for pairs in (inputs, outputs)]
    return Model(source=name, reader="test", signatures=(Signature(inputs=sides[0], outputs=sides[1]),))


TOKENS = model("tokens", outputs=[("ids", "int64[?, 8]")])
ENCODER = model("encoder", inputs=[("ids", "int32[?, 8]")], outputs=[("embedding", "float64[?, 16]")])
CLASSIFIER = model("classifier", inputs=[("features", "float32[?, 16]")], outputs=[("scores", "float32[?, 3]")])


def test_the_ledger_holds_what_every_link_costs():
    result, reports = check_chain([TOKENS, ENCODER, CLASSIFIER], verify="typed")
    assert [report.verdict for report in reports] == ["guarded", "adapts"]
    assert result.verdict == "guarded"
    assert [(entry.link, entry.place, entry.loss) for entry in result.ledger] == [
        (1, "ids", "exact"),
        (2, "features", "rounding"),
    ]
    assert result.ledger[0].guard == "every value fits in int32"
    assert result.exit_code == 0


def test_one_bad_link_makes_a_bad_chain():
    text = model("text", inputs=[("words", "string[?]")], outputs=[("ids", "int64[?, 8]")])
    result, _ = check_chain([CLASSIFIER, text, ENCODER], verify="typed")
    assert result.verdict == "blocked"
    assert result.exit_code == 1


def test_bind_and_facts_hold_for_the_links_that_have_the_names():
    result, _ = check_chain(
        [TOKENS, ENCODER, CLASSIFIER],
        bind={"embedding": "features"},
        facts={"producer": {"ids": {"id_count": 100}}},
        verify="typed",
    )
    assert result.verdict == "adapts"
    assert [(entry.link, entry.loss) for entry in result.ledger] == [(2, "rounding")]


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"bind": {"embeding": "features"}}, "bind embeding=features: no link has both; did you mean 'embedding'?"),
        ({"facts": {"consumer": {"feature": {}}}}, "consumer.feature: no link has it; did you mean 'features'?"),
    ],
)
def test_names_that_no_link_has_are_refused(keywords, message):
    with pytest.raises(sigcheck.UsageError) as caught:
        check_chain([TOKENS, ENCODER, CLASSIFIER], **keywords)
    assert str(caught.value) == message


def test_a_chain_needs_two_sources():
    with pytest.raises(sigcheck.UsageError, match="1 source, expected two or more"):
        check_chain([TOKENS])


def test_several_producers_feed_one_consumer():
    ranker = model("ranker", inputs=[("image", "float32[?, 4]"), ("text", "float32[?, 8]")])
    image = model("image_encoder", outputs=[("output_0", "float32[?, 4]")])
    text = model("text_encoder", outputs=[("output_0", "float32[?, 8]")])
    report = sigcheck.check([image, text], ranker, verify="typed")
    assert [(binding.provided, binding.required) for binding in report.bindings] == [
        ("image_encoder.output_0", "image"),
        ("text_encoder.output_0", "text"),
    ]
    assert 'outputs["text_encoder.output_0"]' in report.adapter.source


def test_the_same_producer_twice_is_counted_and_ambiguous():
    report = sigcheck.check([ENCODER, ENCODER], CLASSIFIER, verify="typed")
    assert report.verdict == "undecided"
    assert "encoder_1.embedding" in report.findings[0].message


def test_outputs_that_are_counted_are_no_others(tmp_path):
    for folder, stem in (("a", "s"), ("b", "s"), ("c", "s_1")):
        (tmp_path / folder).mkdir()
        save(tmp_path / folder / f"{stem}.json", model(stem, outputs=[("y", "float32[?, 4]")]))
    paths = sorted(map(str, tmp_path.rglob("*.json")))
    joined = join_producers(read_producers(paths)).signature
    assert [one.name for one in joined.outputs] == ["s_2.y", "s_3.y", "s_1.y"]
    named = model("t", outputs=[("y", "float32[?, 4]"), ("s_1.y", "float32[?, 4]")])
    (tmp_path / "d").mkdir()
    joined = join_producers(read_producers([*paths[2:], save(tmp_path / "d" / "t.json", named)])).signature
    assert [one.name for one in joined.outputs] == ["s_1.y_2", "t.y", "s_1.y"]


def test_no_producer_is_refused():
    with pytest.raises(sigcheck.UsageError, match="an empty list"):
        sigcheck.check([], CLASSIFIER)


def save(path, one):
    path.write_text(one.model_dump_json())
    return str(path)


def test_the_command_line_takes_a_chain_and_several_producers(tmp_path, capsys):
    tokens = save(tmp_path / "tokens.json", TOKENS)
    encoder = save(tmp_path / "encoder.json", ENCODER)
    classifier = save(tmp_path / "classifier.json", CLASSIFIER)
    assert run(["check", tokens, encoder, classifier, "--verify", "typed", "--format", "json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert [link["verdict"] for link in written["links"]] == ["guarded", "adapts"]
    assert [entry["link"] for entry in written["ledger"]] == [1, 2]
    assert run(["check", tokens, encoder, "--", classifier, "--verify", "typed", "--format", "json"]) == 0
    assert [b["provided"] for b in json.loads(capsys.readouterr().out)["bindings"]] == ["embedding"]
    assert run(["check", tokens, encoder, classifier, "--verify", "typed"]) == 0
    assert "ledger of the chain" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a"], "one source, expected a producer and a consumer"),
        (["a", "--"], "found 'nothing', expected one consumer"),
        (["a", "--", "b", "c"], "found 'b c', expected one consumer"),
    ],
)
def test_sources_that_make_no_pipeline_are_refused(arguments, message, capsys):
    assert run(["check", *arguments]) == 2
    assert message in capsys.readouterr().err
