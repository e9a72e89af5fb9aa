from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.cli.declarations import FACTS, SIDES, merge_facts, parse_fact, parse_value, read_facts
from sigcheck.planning import declaration
from sigcheck.schema.errors import SigcheckError, SourceError, UsageError
from sigcheck.schema.facts import FACT_NAMES


def test_the_copies_are_those_of_the_heavy_modules():
    assert FACTS == FACT_NAMES
    assert SIDES == declaration.SIDES


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,255", [0, 255]),
        ("-1.5, 1e3", [-1.5, 1000.0]),
        ("[0, 255]", [0, 255]),
        ("batch,height,?,None", ["batch", "height", None, None]),
        ("RGB", "RGB"),
        ("30522", 30522),
        ('{"value": 0}', {"value": 0}),
        ("null", None),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_a_value_is_json_else_a_list_else_a_word(text, value):
    assert parse_value(text) == value


@pytest.mark.parametrize(
    ("text", "side", "name", "facts"),
    [
        ("producer.pixels.range=0,255", "producer", "pixels", {"range": [0, 255]}),
        ("consumer.model/dense.1.meaning=logits", "consumer", "model/dense.1", {"meaning": "logits"}),
        ("consumer.x.axes=batch", "consumer", "x", {"axes": ["batch"]}),
        ("consumer.a=b.id_count=5", "consumer", "a=b", {"id_count": 5}),
        ("consumer.x\ny.id_count=5", "consumer", "x\ny", {"id_count": 5}),
        ('producer.x.padding={"value": "a.range=3"}', "producer", "x", {"padding": {"value": "a.range=3"}}),
    ],
)
def test_a_fact_has_a_side_a_name_and_a_value(text, side, name, facts):
    assert parse_fact(text) == {side: {name: facts}}


@pytest.mark.parametrize("text", ["", "x.range=0,1", "producer.range=0,1", "producer.x.colour=red", "producer.x.range"])
def test_another_form_says_the_right_one(text):
    with pytest.raises(UsageError, match=r"expected SIDE\.NAME\.FACT=VALUE.*--fact producer\.pixels\.range=0,255"):
        parse_fact(text)


def test_a_file_is_read_as_what_its_name_says(tmp_path):
    toml, json = tmp_path / "facts.toml", tmp_path / "facts.json"
    toml.write_text('[producer."a.b"]\nrange = [0, 1]\n')
    json.write_text('{"producer": {"a.b": {"range": [0, 1]}}}')
    assert read_facts(toml) == read_facts(json) == {"producer": {"a.b": {"range": [0, 1]}}}


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("facts.toml", b"range = ", "not TOML: invalid value"),
        ("facts.json", b"{", "not JSON: line 1, column 2"),
        ("facts.toml", b"\xff", "not UTF-8 text"),
        ("facts.json", b"[" * 100_000, "nested too deep|expecting"),
        ("facts.json", b"[]", "found no table"),
        ("facts.toml", b"[producers.x]\n", "found 'producers', expected producer or consumer"),
        ("facts.toml", b"producer = 3\n", "producer is no table"),
        ("facts.toml", b"producer.x = 3\n", r"producer\.x is no table of facts"),
    ],
)
def test_a_broken_file_is_said_with_its_place(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SigcheckError, match=problem) as error:
        read_facts(path)
    assert error.value.place == str(path)


def test_a_file_that_is_not_there_or_no_file_is_said(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_facts(tmp_path / "nowhere.toml")
    with pytest.raises(SourceError, match="cannot be read"):
        read_facts(tmp_path)
    with Path(tmp_path / "huge.json").open("wb") as file:
        file.truncate(17 * 2**20)
    with pytest.raises(SourceError, match="over 16 MiB"):
        read_facts(tmp_path / "huge.json")


def test_the_later_declaration_of_a_fact_counts():
    parts = [
        {"producer": {"x": {"range": [0, 1], "meaning": "pixels"}}},
        {"producer": {"x": {"range": [0, 255]}}, "consumer": {"y": {"id_count": 2}}},
    ]
    assert merge_facts(parts) == {
        "producer": {"x": {"range": [0, 255], "meaning": "pixels"}},
        "consumer": {"y": {"id_count": 2}},
    }


def test_a_mistyped_fact_says_which_is_near():
    with pytest.raises(UsageError, match=r"no fact 'rnage', expected one of axes, .*\. Did you mean range\?"):
        parse_fact("producer.a.b.rnage=0,1")


def test_what_is_declared_behind_a_file_was_not_observed():
    seen = {"producer": {"x": {"range": [3, 251], "observed": {"facts": ["range"], "rows": 5}}}}
    merged = merge_facts([seen, {"producer": {"x": {"range": [0, 255]}}}])
    assert merged == {"producer": {"x": {"range": [0, 255], "observed": {"facts": [], "rows": 5}}}}


def test_what_one_file_observed_stays_so_beside_what_another_did():
    first = {"range": [3, 251], "padding": {"value": 0}, "observed": {"facts": ["range", "padding"]}}
    second = {"padding": {"value": 1}, "observed": {"facts": ["padding"], "rows": 9}}
    merged = merge_facts([{"producer": {"x": first}}, {"producer": {"x": second}}])
    assert merged["producer"]["x"]["observed"] == {"facts": ["range", "padding"], "rows": 9}


def test_what_is_no_name_is_merged_too_and_said_later():
    merged = merge_facts(
        [{"producer": {"x": {"observed": {"facts": [["a"]]}}}}, {"producer": {"x": {"range": [0, 1]}}}]
    )
    assert merged["producer"]["x"]["observed"] == {"facts": [["a"]]}
