"""Signature files: what `show` prints, what people write, and what they get wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sigcheck.readers import read
from sigcheck.readers.signature_file.signature import MAX_BYTES
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.selection import select_signature
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.schema.tensor_spec import TensorSpec


def write(folder: Path, text: str, suffix: str = ".json") -> Path:
    file = folder / f"contract{suffix}"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_show_prints_reads_back_with_declared_facts(tmp_path: Path) -> None:
    facts = Facts(range=(0, 255), axes=("batch", "x"), meaning="pixels").with_origin("inferred")
    inputs = (
        Endpoint(name="x", spec=TensorSpec(dtype="uint8", shape=(None, 3), facts=facts), optional=True),
        Endpoint(
            name="r",
            spec=TensorSpec(kind="ragged", dtype="string", shape=(None, None), ragged_rank=1, row_splits_dtype="int32"),
            parts=("r", "r_1"),
        ),
    )
    outputs = (
        Endpoint(name="y", spec=TensorSpec(kind="sparse", dtype=None, shape=None)),
        Endpoint(name="s", spec=TensorSpec(dtype="float32", shape=())),
    )
    written = Signature(key="encode", inputs=inputs, outputs=outputs, tags=("gpu", "serve"))
    model = Model(source="model/", reader="saved_model", signatures=(written,))
    file = write(tmp_path, model.model_dump_json())
    result = read(file)
    assert result.signatures == (written,)
    assert result.source == str(file)
    assert result.reader == "signature_file"
    origins = result.signatures[0].inputs[0].spec.facts.origins
    assert set(origins) == {"range", "axes", "meaning"}
    assert set(origins.values()) == {"declared"}


SHORT_JSON = """
{"inputs": {"image": "float32[?, 224, 224, 3]", "r": {"spec": "ragged string[?, None]"}},
 "outputs": {"y": {"dtype": "float32", "shape": ["?", 10], "facts": {"meaning": "logits"}}}}
"""
SHORT_TOML = """
[inputs]
image = "float32[?, 224, 224, 3]"
r = {spec = "ragged string[?, None]"}
[outputs.y]
dtype = "float32"
shape = ["?", 10]
facts = {meaning = "logits"}
"""
SHORT_YAML = """
inputs:
  image: float32[?, 224, 224, 3]
  r: {spec: "ragged string[?, None]"}
outputs:
  y:
    dtype: float32
    shape: [null, 10]
    facts: {meaning: logits}
"""


@pytest.mark.parametrize(
    ("text", "suffix"), [(SHORT_JSON, ".json"), (SHORT_JSON, ""), (SHORT_TOML, ".toml"), (SHORT_YAML, ".yaml")]
)
def test_a_short_contract(tmp_path: Path, text: str, suffix: str) -> None:
    (signature,) = read(write(tmp_path, text.strip(), suffix)).signatures
    assert signature.key == "default"
    assert [str(one) for one in signature.inputs] == ["image: float32[?, 224, 224, 3]", "r: ragged string[?, None]"]
    assert [str(one) for one in signature.outputs] == ["y: float32[?, 10]"]
    assert signature.outputs[0].spec.facts.meaning == "logits"


def test_signatures_by_key_and_an_empty_side(tmp_path: Path) -> None:
    text = '{"signatures": {"a": {"inputs": {"x": "int32[]"}, "outputs": []}, "b": {"outputs": {"y": "int32[3]"}}}}'
    first, second = read(write(tmp_path, text)).signatures
    assert (first.key, second.key) == ("a", "b")
    assert (first.outputs, second.inputs) == ((), ())


def test_characters_of_two_halves_are_names(tmp_path: Path) -> None:
    text = r'{"inputs": [{"name": "\ud83d\ude00", "dtype": "int32", "shape": []}]}'
    assert read(write(tmp_path, text)).signatures[0].inputs[0].name == "\N{GRINNING FACE}"


@pytest.mark.parametrize("signatures", [(), (Signature(key="f"), Signature(key="f"))])
def test_what_show_prints_reads_back_where_nothing_can_be_chosen_of_it(tmp_path, signatures):
    printed = Model(source="m", reader="saved_model", signatures=signatures).model_dump_json()
    model = read(write(tmp_path, printed))
    assert model.signatures == signatures
    with pytest.raises(UsageError, match=r"no signatures, expected at least one|2 signatures of the key 'f'"):
        select_signature(model, "f" if signatures else None)


def one_input(**fields: object) -> str:
    return json.dumps({"signatures": [{"inputs": [{"name": "x", "dtype": "float32", "shape": [3], **fields}]}]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (one_input(dtype="flot32"), "'x': signatures[0].inputs[0].dtype: 'flot32' is no TensorFlow dtype"),
        (one_input(shap=[1]), "'x': signatures[0].inputs[0].shap: is no field that is known here"),
        (
            one_input(shape=[3, -7]),
            "'x': signatures[0].inputs[0].shape[1]: must be greater than or equal to 0, found -7",
        ),
        (one_input(shape=[1] * 10_000), "signatures[0].inputs[0].shape: 10000 entries, expected at most 254"),
        (one_input(kind="dens"), "signatures[0].inputs[0].kind: must be 'dense', 'ragged' or 'sparse', found 'dens'"),
        (one_input(facts={"range": [3, 1]}), "inputs[0].facts.range: the lower end 3 must be below the upper end 1"),
        (one_input(facts={"range": [0, float("nan")]}), "must be a finite number"),
        (one_input(facts={"padding": {"value": "x"}}), "'x': inputs[0].facts: padding 'x' does not fit in float32"),
        (
            one_input(dtype="int8", facts={"padding": {"value": 9}, "id_count": 5}),
            "padding 9 is no id below id_count 5",
        ),
        (one_input(facts={"axes": ["a", "b"]}), "axes names 2 axes, the shape [3] has 1"),
        ('{"inputs": [{"name": "x", "dtype": "int32"}]}', "'x': inputs[0].shape: is missing"),
        ('{"inputs": {"x": "float32[a b]"}}', "inputs.x: 'float32[a b]': 'a b' is no size"),
        ('{"inputs": {"x": "float33[2]"}}', "inputs.x: 'float33[2]': dtype: 'float33' is no TensorFlow dtype"),
        ('{"inputs": [{"name": "x"}, 3]}', "inputs[0]"),
        ('{"inputs": 3}', "inputs: "),
        ('{"signatures": [3]}', "signatures[0]: "),
        ('{"signatures": []}', "signatures: an empty list"),
        ('{"signatures": [{}, {}]}', "two signatures of the key 'default'"),
        ('{"schema_version": 2, "inputs": []}', "schema_version: must be 1, found 2"),
        ('{"inputs": {"x": "int32[]", "x": "int32[]"}}', "the key 'x' stands twice"),
        (r'{"inputs": [{"name": "\ud800", "dtype": "int32", "shape": []}]}', "half of a character"),
        ('{"inputs": [\n}', "line 2, column 1: expecting value"),
        ("[1]", "a list, expected a table"),
        ("{}", "no signatures"),
        ("", "an empty file"),
        ("[" * 100_000, "nested too deep"),
        ('{"inputs":' * 100_000, "nested too deep"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, expected: str) -> None:
    file = write(tmp_path, text)
    with pytest.raises(SourceError) as caught:
        read(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert expected in message
    assert "\n" not in message
    assert len(message) < 400 + len(str(file))


@pytest.mark.parametrize(
    ("text", "suffix", "expected"),
    [
        ("a: [1\nb: }", ".yaml", "line 2: "),
        ("a: &a [1]\nb: *a", ".yml", "line 2: an alias"),
        ("inputs: !!python/object/apply:os.system ['true']", ".yaml", "could not determine a constructor"),
        ("inputs: {x: 1, x: 2}", ".yaml", "the key 'x' stands twice"),
        ("1: 2", ".yaml", "the key 1, expected a text"),
        ("a = \n", ".toml", "line 1"),
        ("- " * 50_000, ".yaml", "nested too deep"),
        ("a: " + "x" * 2**20, ".yaml", "write it as JSON"),
    ],
)
def test_what_is_wrong_in_yaml_and_toml(tmp_path: Path, text: str, suffix: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, text, suffix))
    assert expected in str(caught.value)


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_bytes(b'{"inputs": "\xff"}')
    with pytest.raises(SourceError, match="byte 12 is not UTF-8"):
        read(file)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    with file.open("wb") as out:
        out.truncate(200 * 2**20)
    with pytest.raises(SourceError, match=f"at most {MAX_BYTES}"):
        read(file)


SIZED = """
inputs.x = "float32[batch, min(t, 9), 3]"
outputs.y = { spec = "float32[batch, ?]", sizes = ["batch", "2*(t // 2)"] }
"""


def test_sizes_may_be_named_where_shapes_are_written(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(SIZED + 'constraints = ["t % 4 == 0", { holds = "t >= 8", because = ["the table"] }]\n')
    (signature,) = read(file).signatures
    assert [(one.sized_spec, str(one.spec)) for one in (*signature.inputs, *signature.outputs)] == [
        ("float32[batch, min(t, 9), 3]", "float32[?, ?, 3]"),
        ("float32[batch, 2*(t // 2)]", "float32[?, ?]"),
    ]
    assert [(one.holds, one.because) for one in signature.constraints] == [
        ("t % 4 == 0", ()),
        ("t >= 8", ("the table",)),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('constraints = ["s % 4 == 0"]', "no size of an input is called 's'"),
        ('constraints = ["bach >= 2"]', "Did you mean batch?"),
        ('constraints = ["t % 4"]', "expected a comparison"),
        ('constraints = ["t >= 1 ; t"]', "found '; t'"),
        ("constraints = [4]", "constraints[0]"),
    ],
)
def test_a_constraint_that_says_nothing_is_refused(tmp_path: Path, told: str, expected: str) -> None:
    file = tmp_path / "m.toml"
    file.write_text(f"{SIZED}{told}\n")
    with pytest.raises(SourceError) as caught:
        read(file)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
