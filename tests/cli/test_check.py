from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.usefixtures("folder", "typed")


def test_a_pair_that_adapts_passes(sigcheck):
    code, out, err = sigcheck("check", "encoder", "classifier.keras")
    assert (code, err) == (0, "")
    assert out.startswith("encoder#serving_default -> classifier.keras#default\nadapts: an adapter makes it fit\n")
    assert "x: warning[rank_mismatch]: required rank 3, provided rank 2" in out
    assert "1.  expand_dims(axis=1)" in out


def test_json_is_the_contract(sigcheck):
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--format", "json")
    written = json.loads(out)
    assert (code, written["verdict"]) == (0, "adapts")
    assert written["bindings"][0]["plan"]["steps"][0]["transform"] == "expand_dims"


def test_a_finding_at_level_error_is_exit_code_1(sigcheck):
    code, out, _ = sigcheck("check", "sensor.keras", "scorer", "--facts", "facts.toml", "--loss", "exact")
    assert code == 1
    assert "error[" in out


def test_what_is_undecided_is_exit_code_2(sigcheck):
    from pathlib import Path

    spec = {"kind": "dense", "dtype": "float32", "facts": {}}
    for name, side, shape in (("a.json", "outputs", [None] * 3 + [3]), ("b.json", "inputs", [None, 3, None, None])):
        signature = {"key": "default", "inputs": [], "outputs": []} | {side: [{"name": "x", "shape": shape, **spec}]}
        written = {"schema_version": 1, "source": name, "reader": "signature", "signatures": [signature], "notes": []}
        Path(name).write_text(json.dumps(written))
    code, out, _ = sigcheck("check", "a.json", "b.json")
    assert code == 2
    assert "error[ambiguous_plan]" in out
    declared = [
        "--fact",
        "producer.x.axes=batch,height,width,channel",
        "--fact",
        "consumer.x.axes=batch,channel,height,width",
    ]
    code, out, _ = sigcheck("check", "a.json", "b.json", *declared)
    assert code == 0
    assert "transpose(perm=[0, 3, 1, 2])" in out


def test_quiet_is_silent_where_all_is_well(sigcheck):
    assert sigcheck("check", "encoder", "classifier.keras", "--quiet") == (0, "", "")


def test_facts_of_a_file_open_the_conversion(sigcheck):
    code, out, _ = sigcheck("check", "sensor.keras", "scorer", "--facts", "facts.toml")
    assert code == 0
    assert "scale(from=[30000, 110000], to=[0, 1])" in out
    assert "note[cast_before_normalize]" in out


def test_without_facts_nothing_is_guessed(sigcheck):
    _, out, _ = sigcheck("check", "sensor.keras", "scorer")
    assert "scale(" not in out
    assert "value range of readings: not declared" in out


def test_statistics_of_the_batch_need_permission(sigcheck):
    arguments = ["check", "sensor.keras", "scorer", "--fact", "consumer.readings.range=0,1", "--allow", "batch_min_max"]
    code, out, _ = sigcheck(*arguments)
    assert code == 0
    assert "warning[batch_statistics]" in out
    assert sigcheck(*arguments, "--assume", "error")[0] == 1


def test_rows_too_long_are_refused_or_cut_as_the_policy_says(sigcheck):
    rows = ("check", "tokenizer", "reader.keras", "--pad-value", "0")
    assert "step 1 asserts at run time" in sigcheck(*rows)[1]
    assert "rows longer than 12 on axis 1 lose" in sigcheck(*rows, "--loss", "truncating")[1]
    assert sigcheck(*rows, "--no-guard")[0] == 1


def test_short_rows_are_filled_only_where_somebody_says_with_what(sigcheck):
    code, out, _ = sigcheck("check", "tokenizer", "reader.keras")
    assert code == 2
    assert "error[invented_values]" in out
    assert """--fact 'consumer.tokens.padding={"value":0}'""" in out
    accepted = {"--pad-value": "0", "--fact": 'consumer.tokens.padding={"value": 0}', "--assume": "warn"}
    for option, value in accepted.items():
        assert sigcheck("check", "tokenizer", "reader.keras", option, value)[0] == 0


def test_names_are_bound_as_asked(sigcheck):
    assert sigcheck("check", "encoder", "classifier.keras", "--bind", "output_0=x")[0] == 0


def test_a_preferred_filling_is_in_the_plan_and_in_the_code(sigcheck):
    code, out, _ = sigcheck("check", "tokenizer", "reader.keras", "--pad-value", "1", "--pad-side", "pre", "--verbose")
    assert code == 0
    assert "1 in front of a row means no value" in out
    assert "to_tensor(default_value=tf.constant(1, tf.int32)" in out
