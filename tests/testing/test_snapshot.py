from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.testing.snapshot import SignatureSnapshot, describe

ENCODER = Path(__file__).parents[2] / "fixtures" / "rank" / "encoder"

WHOLE = """\
[decode]
input?  ids: int32[?] id_count=9
output  text: ragged string[?, None] row_splits=int32

[serve] tags gpu,serve
input   x\\n[forged]: float32[?] range=[0.0, 1.0] meaning="pixels"
"""


@pytest.fixture
def used():
    return []


@pytest.fixture
def snapshot(tmp_path, used):
    """Makes the snapshot of a test, of a new run each time."""

    def make(*, is_updated=False):
        return SignatureSnapshot(tmp_path / "snapshots", "test_it", is_updated=is_updated, on_use=used.append)

    return make


def test_signatures_read_like_this():
    ragged = parse_spec("ragged string[?, None]").replace(row_splits_dtype="int32")
    pixels = parse_spec("float32[?]").replace(facts=Facts(range=(0, 1), meaning="pixels", origins={"range": "read"}))
    ids = parse_spec("int32[?]").replace(facts=Facts(id_count=9))
    model = Model(
        source="/home/me/model",
        reader="saved_model",
        signatures=(
            Signature(key="serve", inputs=(Endpoint(name="x\n[forged]", spec=pixels),), tags=("serve", "gpu")),
            Signature(
                key="decode",
                inputs=(Endpoint(name="ids", spec=ids, optional=True),),
                outputs=(Endpoint(name="text", spec=ragged),),
            ),
        ),
    )
    assert describe(model) == WHOLE


def test_names_that_keras_counts_are_told_by_position():
    def counted(number):
        return describe({f"keras_tensor_{number}": "int8[?]", "keras_tensor_7x": "int8[?]", "input_layer": "int8[?]"})

    assert counted(8) == counted(19)
    assert "keras_tensor@0: int8[?]\ninput   keras_tensor_7x: int8[?]\ninput   input_layer@2: " in counted(8)


def test_equal_is_what_was_written(snapshot, used, tmp_path):
    assert snapshot(is_updated=True) == str(ENCODER)
    assert snapshot() == ENCODER
    assert snapshot() != {"x": "float32[?]"}
    assert used == [tmp_path / "snapshots" / "test_it.txt"] * 3
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == ["test_it.txt"]


def test_each_comparison_has_a_file(snapshot, tmp_path):
    writing = snapshot(is_updated=True)
    assert writing == {"x": "int8[?]"}
    assert writing == {"y": "int8[?]"}
    assert writing("named one") == {"z": "int8[?]"}
    names = {path.name for path in (tmp_path / "snapshots").iterdir()}
    assert names == {"test_it.txt", "test_it-2.txt", "test_it-named_one-1286d6b6.txt"}
    reading = snapshot()
    assert reading == {"x": "int8[?]"}
    assert reading == {"y": "int8[?]"}


def test_lines_that_came_and_went_are_told(snapshot):
    assert snapshot(is_updated=True) == {"a": "int8[?]", "b": "int8[?]", "c": "int8[?]"}
    reading = snapshot()
    assert reading != {"a": "int8[?]", "c": "int8[?]"}
    told = reading.explain()
    assert "  snapshot  input   b: int8[?]" in told
    assert "            input   c: int8[?]" in told
    assert told[-1] == "If the change is meant, write the snapshot anew with --signature-update."


def test_an_update_leaves_what_is_the_same_alone(snapshot, tmp_path):
    path = tmp_path / "snapshots" / "test_it.txt"
    assert snapshot(is_updated=True) == {"x": "int8[?]"}
    before = path.stat()
    assert snapshot(is_updated=True) == {"x": "int8[?]"}
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_what_cannot_be_read_or_written_is_an_error(snapshot, tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        assert snapshot() == "lost"
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "test_it.txt").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        assert snapshot() == {"x": "int8[?]"}
    (tmp_path / "snapshots" / "test_it.txt").unlink()
    (tmp_path / "snapshots").rmdir()
    (tmp_path / "snapshots").write_text("a file")
    with pytest.raises(UsageError, match="cannot be"):
        assert snapshot(is_updated=True) == {"x": "int8[?]"}


@pytest.mark.tensorflow
def test_live_objects_are_compared_from_either_side(snapshot):
    import keras
    import tensorflow as tf

    spec = tf.TensorSpec([None, 3], tf.float32, name="x")
    inputs = keras.Input((3,), name="x")
    for one in ({"x": spec}, [spec], keras.Model(inputs, keras.layers.Dense(2, name="y")(inputs))):
        assert snapshot(is_updated=True) == one
        assert one == snapshot()
        assert snapshot() == one
        assert one != snapshot()("other")
    assert snapshot(is_updated=True) == spec
    silent = snapshot()
    assert not (spec == silent)  # noqa: SIM201  # how `==` answers is what is tested
    assert silent.explain()[-1] == "Write it first: signature_snapshot == ..."


@pytest.mark.parametrize("model", [{"x": "float32[?, 10]"}, None, ENCODER])
def test_a_snapshot_that_is_called_with_a_model_says_how_to_compare(snapshot, model):
    with pytest.raises(UsageError, match=r"expected a name\. Compare: assert model == signature_snapshot\.$"):
        snapshot()(model)


@pytest.mark.parametrize("linked", ["folder", "file"])
def test_no_link_is_written_through(snapshot, tmp_path, linked):
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "precious.txt").write_text("precious")
    if linked == "folder":
        (tmp_path / "snapshots").symlink_to(theirs)
    else:
        (tmp_path / "snapshots").mkdir()
        (tmp_path / "snapshots" / "test_it.txt").symlink_to(theirs / "precious.txt")
    with pytest.raises(UsageError, match="a link, which is not followed"):
        _ = snapshot(is_updated=True) == {"x": "float32[?]"}
    assert [path.read_text() for path in theirs.iterdir()] == ["precious"]
