"""The contract of scripts: every field, by name and place."""

from __future__ import annotations

import json

from sigcheck.reports.formats.json import render_check
from sigcheck.reports.models.json import render_models

SPEC = {"kind": "dense", "dtype": "float32", "shape": [None, 8, 8, 3], "facts": {}}


def test_a_check_has_the_fields_of_the_contract(result):
    written = json.loads(render_check(result))
    assert list(written) == [
        "schema_version",
        "producer",
        "consumer",
        "verdict",
        "bindings",
        "findings",
        "unchecked",
        "adapter",
        "verification",
    ]
    assert written["schema_version"] == 1
    assert written["producer"] == {"source": "models/encoder", "reader": "saved_model", "key": "serving_default"}
    assert written["verdict"] == "adapts"
    assert written["unchecked"] == ["value range of image: not declared"]
    assert written["adapter"] == {"source": '"""Adapter."""\n\nimport tensorflow as tf\n'}
    assert written["verification"] == {
        "level": "executed",
        "cases": 24,
        "failures": [],
        "reason": None,
    }


def test_a_binding_has_the_fields_of_the_contract(result):
    (binding,) = json.loads(render_check(result))["bindings"]
    assert list(binding) == [
        "provided",
        "required",
        "verdict",
        "provided_spec",
        "required_spec",
        "plan",
        "alternatives",
        "is_cut_short",
    ]
    assert (binding["provided"], binding["required"], binding["verdict"]) == ("pixels", "image", "adapts")
    assert binding["provided_spec"] == {"name": "pixels", **SPEC}
    assert binding["required_spec"]["name"] == "image"
    assert set(binding["plan"]) == {"steps", "cost"}
    first = binding["plan"]["steps"][0]
    assert first["transform"] == "transpose"
    assert first["arguments"] == {"perm": [0, 3, 1, 2]}
    assert first["result"] == {"name": "image", **SPEC, "shape": [None, 3, 8, 8]}
    assert (first["loss"], first["assumption"], first["guard"]) == ("exact", "axis 3 moves to 1", None)
    assert binding["plan"]["cost"]["bytes_moved"] == 49152


def test_a_finding_has_the_fields_of_the_contract(result):
    pair, single = json.loads(render_check(result))["findings"]
    assert single == {
        "rule": "unused_output",
        "level": "note",
        "place": "mask",
        "message": "no input takes it",
        "help": "nothing",
    }
    assert (pair["required"], pair["provided"]) == ("image: float16[?, 3, 8, 8]", "pixels: float32[?, 8, 8, 3]")


def test_extensions_stand_only_where_they_say_something(undecided, blocked):
    (tied,) = json.loads(render_check(undecided))["bindings"]
    (short,) = json.loads(render_check(blocked))["bindings"]
    assert len(tied["candidates"]) == 2
    assert "nearest" not in tied
    assert tied["plan"] is None
    assert short["nearest"]["steps"][0]["transform"] == "truncate"
    assert "candidates" not in short


def test_the_same_result_gives_the_same_bytes(result):
    assert render_check(result) == render_check(result.model_copy(deep=True))


def test_names_that_no_encoding_has_are_written(result):
    side = result.producer.model_copy(update={"source": "m\udcff\x1b"})
    text = render_check(result.model_copy(update={"producer": side}))
    assert text.isascii()
    assert json.loads(text)["producer"]["source"] == "m\udcff\x1b"


def test_one_source_is_an_object_and_several_a_list(model):
    one = json.loads(render_models([model]))
    assert list(one) == ["schema_version", "source", "reader", "signatures", "notes"]
    assert json.loads(render_models([model, model])) == [one, one]
    signature = one["signatures"][0]
    assert list(signature) == ["key", "inputs", "outputs", "tags"]
    assert signature["outputs"] == [
        {"name": "output_0", "kind": "dense", "dtype": "float32", "shape": [None, 10], "facts": {}}
    ]
    assert signature["inputs"][0]["facts"]["range"] == [0.0, 255.0]
    assert one["notes"] == [{"place": "layer dense", "message": "its shape is not recorded"}]


def test_what_show_writes_is_a_model_again(model):
    assert type(model).model_validate_json(render_models([model])) == model
