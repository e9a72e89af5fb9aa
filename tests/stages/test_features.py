"""Records are looked at as a schema, a signature or a model says: which features, and in which shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.schema.errors import SourceError
from tests.observation.records import field, framed, record

SCHEMA = """
feature { name: "x" type: FLOAT presence { min_fraction: 1 } shape { dim { size: 2 } } }
feature { name: "ids" type: INT value_count { min: 1 max: 10 } }
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    pytest.importorskip("google_crc32c")
    monkeypatch.chdir(tmp_path)
    rows = [record(x=[1.0, 2.0], ids=[1] * at, other=b"a") for at in range(1, 4)]
    Path("a.tfrecord").write_bytes(b"".join(rows))
    Path("schema.pbtxt").write_text(SCHEMA)


def told(capsys, *words):
    code = run(["observe", "a.tfrecord", *words])
    out, err = capsys.readouterr()
    return code, [line for line in out.splitlines() if line[:1] not in {" ", ""}], err


def test_features_of_a_schema_are_looked_at_alone_and_in_their_shapes(data, capsys):
    assert told(capsys)[1][1:] == ["ids  ragged int64[?, None]", "other  string[?, 1]", "x  float32[?, 2]"]
    assert told(capsys, "--features", "schema.pbtxt")[1][1:] == ["ids  ragged int64[?, None]", "x  float32[?, 2]"]


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("float32[?, 3]", "x: 2 values in a record, expected float32[3], as the features say"),
        ("int64[?, 2]", "x: values of float32, expected int64[2], as the features say"),
    ],
)
def test_values_of_another_shape_are_one_line(data, capsys, spec, problem):
    Path("given.toml").write_text(f'[inputs]\nx = "{spec}"\n')
    code, _, err = told(capsys, "--features", "given.toml")
    assert (code, len(err.splitlines())) == (2, 1)
    assert problem in err


@pytest.mark.parametrize("spec", ["float32[0]", "float32[?, 0]", "float32[2, 0]"])
def test_features_without_a_value_are_rows_without_one(tmp_path, data, spec):
    Path("empty.tfrecord").write_bytes(framed(field(1, field(1, field(1, b"x") + field(2, field(2, b""))))))
    (found,) = sigcheck.observe("empty.tfrecord", features={"x": spec}).tensors
    assert (found.rows, found.missing) == (1, 0)
    with pytest.raises(SourceError, match=r"x: 2 values in a record, expected"):
        sigcheck.observe("a.tfrecord", features={"x": spec})


def test_features_that_a_model_parses_are_those_of_its_input(data, capsys):
    facts = '{ meaning = "serialized_example", features = { x = "float32[2]" } }'
    Path("model.toml").write_text(f'[inputs]\nexamples = {{ spec = "string[?]", facts = {facts} }}\n')
    assert told(capsys, "--features", "model.toml")[1][1:] == ["x  float32[?, 2]"]


def test_a_source_without_features_is_one_line(data, capsys):
    Path("image.toml").write_text('[inputs]\nimage = "uint8[?, 2]"\n')
    code, out, err = told(capsys, "--features", "image.toml")
    assert (code, out) == (2, [])
    assert err.startswith("sigcheck: image.toml: input 'image' is none that a feature becomes")
