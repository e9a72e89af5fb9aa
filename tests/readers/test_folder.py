"""The models in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sigcheck.readers import folder, read
from sigcheck.readers.folder import find_models
from sigcheck.schema.errors import SourceError
from tests.encodings.servers import served
from tests.readers.written_models import SIMPLE, write_model


def found(top: Path) -> list[str]:
    return [source.path.relative_to(top).as_posix() for source in find_models(top)]


def test_models_are_found_and_not_looked_into(tmp_path: Path) -> None:
    for name in ("b/1", "a", "a/assets.extra/inner", ".hidden/model"):
        write_model(tmp_path / name, SIMPLE)
    (tmp_path / "contract.json").write_text('{"inputs": {"x": "int32[]"}}')
    (tmp_path / "package.json").write_text('{"name": "no contract"}')
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "notes.txt").write_text("nothing")
    assert found(tmp_path) == ["a", "b", "contract.json"]


def test_a_model_is_its_own_folder(tmp_path: Path) -> None:
    (source,) = find_models(write_model(tmp_path / "m", SIMPLE))
    assert read(source.text).signatures[0].key == "serving_default"


def test_a_broken_model_is_found_so_that_reading_it_says_so(tmp_path: Path) -> None:
    write_model(tmp_path / "m", b"")
    (source,) = find_models(tmp_path)
    with pytest.raises(SourceError, match="an empty file"):
        read(source.text)


def test_links_that_form_loops_and_pipes_end(tmp_path: Path) -> None:
    write_model(tmp_path / "m", SIMPLE)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path)[-1] == "m"
    assert len(found(tmp_path)) <= folder.MAX_DEPTH


def test_a_search_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_ENTRIES", 3)
    for index in range(5):
        (tmp_path / str(index)).touch()
    with pytest.raises(SourceError, match="more than 3 entries"):
        find_models(tmp_path)


def test_a_folder_that_holds_models_names_one(tmp_path: Path) -> None:
    write_model(tmp_path / "m" / "inner", SIMPLE)
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "m")
    assert str(caught.value).endswith(f"but holds some. Name one, such as {tmp_path}/m/inner.")


def test_a_part_of_a_saved_model_names_its_folder(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "m", SIMPLE)
    (folder / "variables").mkdir()
    for part in ("variables/variables.index", "fingerprint.pb"):
        (folder / part).write_bytes(b"\x08\x01\x10\x02")
        with pytest.raises(SourceError) as caught:
            read(folder / part)
        assert str(caught.value).endswith(f"a part of a SavedModel, not a model. Name the folder: {folder}.")


def test_a_server_that_answers_to_any_name_holds_no_saved_model() -> None:
    page = b"<html></html>"
    with served({"/v1/models/m/metadata": page, "/v1/models/m/saved_model.pb": page}) as server:
        with pytest.raises(SourceError, match="metadata: not a model, expected a SavedModel folder"):
            read(f"{server.address}/v1/models/m/metadata")
        assert server.asked == ["/v1/models/m/metadata"]


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(SourceError, match="a folder without a model, expected a SavedModel folder"):
        read(tmp_path)


def test_a_folder_that_nobody_may_look_into_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "a", SIMPLE)
    (tmp_path / "b").mkdir()

    def stat(path: Any, **options: Any) -> os.stat_result:
        if not isinstance(path, int) and Path(path).parent == tmp_path / "b":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **options)

    look = os.stat
    monkeypatch.setattr(os, "stat", stat)
    assert found(tmp_path) == ["a", "b"]
    with pytest.raises(SourceError, match="Permission denied"):
        find_models(tmp_path / "b")
