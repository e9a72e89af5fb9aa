from __future__ import annotations

import pytest

from sigcheck.encodings.near_path import near_path


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("encodr", "encoder"),
        ("sensor", "sensor.keras"),
        ("senor.h5", "sensor.keras"),
        ("lost.keras", None),
        ("model/resizer", "models/resizer"),
        ("models/resize", "models/resizer"),
        ("nothing_like_it", None),
        ("model/nothing", None),
        ("encodr/nothing", None),
        ("/nowhere/at/all", None),
        ("", None),
    ],
)
def test_the_first_missing_part_is_replaced(tmp_path, monkeypatch, written, meant):
    (tmp_path / "models" / "resizer").mkdir(parents=True)
    (tmp_path / "encoder").mkdir()
    (tmp_path / "sensor.keras").touch()
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    assert near_path(Path(written)) == (None if meant is None else Path(meant))


def test_a_link_to_nowhere_is_not_near_itself(tmp_path):
    from pathlib import Path

    link = tmp_path / "model.keras"
    link.symlink_to(tmp_path / "nothing")
    assert near_path(Path(link)) is None
