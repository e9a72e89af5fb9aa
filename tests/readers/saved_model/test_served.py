"""Folders of numbered versions, as TensorFlow Serving takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.api import read
from sigcheck.encodings.source import Source
from sigcheck.readers import served
from sigcheck.schema.errors import SigcheckError
from tests.readers.written_models import SIMPLE, write_model


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for version in ("2", "10", "9"):
        write_model(tmp_path / "base" / version, SIMPLE)
    # A folder that is written still, one that is no number above 0, and a file.
    for name in ("11", "012", "0", "tmp"):
        (tmp_path / "base" / name).mkdir()
    (tmp_path / "base" / "12").touch()
    return tmp_path / "base"


@pytest.mark.parametrize(
    ("selector", "version"),
    [("", "10"), ("#@9", "9"), ("#serving_default@2", "2"), ("#serving_default", "10"), ("#@serve", "10")],
)
def test_the_greatest_version_is_meant_or_that_which_is_named(base: Path, selector: str, version: str) -> None:
    model = read(f"{base}{selector}")
    assert model.source.split("#")[0] == f"{base}/{version}"
    assert [one.key for one in model.signatures] == ["serving_default"]


def test_a_version_that_is_not_there_is_one_line(base: Path) -> None:
    with pytest.raises(SigcheckError, match="no meta graph of tags '3'"):
        read(f"{base}#@3")


def test_a_model_itself_and_other_folders_stay_what_they_are(base: Path) -> None:
    for path in (base / "2", base / "tmp", base / "2" / "saved_model.pb"):
        source = Source.parse(path)
        assert served(source) is source
