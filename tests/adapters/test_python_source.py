from __future__ import annotations

import sigcheck


def test_each_of_several_producers_is_told_with_its_own_key(tmp_path):
    for name in ("words", "pixels"):
        (tmp_path / f"{name}.toml").write_text('[outputs]\ny = "float32[?, 4]"\n')
    (tmp_path / "mixer.toml").write_text('[inputs]\nx = "float32[?, 8]"\n')
    producers = [str(tmp_path / f"{name}.toml") for name in ("words", "pixels")]
    bind = {"words.y": "x", "pixels.y": "x"}
    report = sigcheck.check(producers, str(tmp_path / "mixer.toml"), bind=bind, verify="typed")
    assert report.result.adapter.source.startswith(
        '"""Adapter: words.toml#default + pixels.toml#default -> mixer.toml#default. '
    )
