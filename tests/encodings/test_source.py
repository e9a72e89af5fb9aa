"""Sources: what the user named, and what is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sigcheck.encodings.source import Source
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model, Signature


def test_a_selector_stands_behind_the_last_mark(tmp_path: Path) -> None:
    file = tmp_path / "a#b"
    file.write_bytes(b"0123456789abcdefghij")
    plain = Source.parse(file)
    assert (plain.selector, plain.place, plain.head) == (None, str(file), b"0123456789abcdef")
    selected = Source.parse(f"{file}#key")
    assert (selected.selector, selected.place, selected.path) == ("key", str(file), file)
    assert Source.parse(f"{file}#").selector is None


def test_a_child_keeps_the_selector(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    source = Source.parse(f"{tmp_path}#key")
    child = source.child("inner")
    assert source.names() == ["inner"]
    assert child is not None
    assert (child.place, child.selector, child.is_directory) == (str(tmp_path / "inner"), "key", True)
    assert source.child("missing") is None
    assert (source.has("inner"), source.has("missing"), child.has("inner")) == (True, False, False)


@pytest.mark.parametrize("text", ["missing", "missing#key", "", "#", "#key", "a\0b", "x" * 5_000])
def test_what_is_not_there(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match=r"no such file or folder|cannot be read"):
        read(f"{tmp_path}/{text}" if text not in {"", "#", "#key"} else text)


def test_a_pipe_is_refused_because_reading_it_may_never_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match="a pipe or device"):
        read(tmp_path / "pipe")


def test_an_empty_file_of_no_known_name_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "nothing").touch()
    with pytest.raises(SourceError, match="an empty file, expected a SavedModel folder"):
        read(tmp_path / "nothing")


@pytest.mark.parametrize("value", [3, b"path", None, {"x": 1}, object()])
def test_what_is_no_model_at_all(value: object) -> None:
    with pytest.raises(SourceError, match="not a model"):
        read(value)


def test_models_and_signatures_are_taken_as_they_are() -> None:
    signature = Signature(key="f")
    model = Model(source="here", reader="test", signatures=(signature,))
    assert read(model) is model
    assert read(signature).signatures == (signature,)
