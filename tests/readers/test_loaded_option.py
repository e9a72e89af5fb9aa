"""`--load`: what a file does not say, asked of TensorFlow in a process of its own."""

from __future__ import annotations

import pytest

import sigcheck
from sigcheck.cli import run

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A model whose output the file does not tell: a layer without a rule, loadable in safe mode."""
    import keras

    path = tmp_path_factory.mktemp("load") / "counted.keras"
    words = keras.Input((4,), dtype="int32", name="words")
    keras.Model(words, keras.layers.IntegerLookup(vocabulary=[3, 5], name="ids")(words)).save(path)
    return path


def test_a_loaded_model_is_read_in_full(counted):
    static = sigcheck.read(counted).signatures[0].outputs[0].spec
    loaded = sigcheck.read(counted, load=True).signatures[0].outputs[0].spec
    assert str(loaded) == "int64[?, 4]"
    assert static.dtype in {None, "int64"}


def test_the_command_line_loads_when_asked(counted, capsys):
    assert run(["show", str(counted), "--load"]) == 0
    assert "int64[batch, 4]" in capsys.readouterr().out


def test_what_cannot_be_loaded_is_one_line(tmp_path, capsys):
    broken = tmp_path / "broken.keras"
    broken.write_bytes(b"PK\x03\x04 no zip")
    assert run(["show", str(broken), "--load"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
