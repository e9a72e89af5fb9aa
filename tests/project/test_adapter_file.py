from __future__ import annotations

import pytest

from sigcheck.project.adapter_file import MAX_BYTES, compare_adapter
from sigcheck.schema.errors import SourceError

ADAPTER = '''"""Adapter: a#k -> b#k. Written by `sigcheck adapt`; verified: {}.

provided  y: float32[?, 10]
required  x: float32[?, 1, 10]
steps     expand_dims(axis=1)    exact
"""

import tensorflow as tf


def adapt(outputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    x = tf.expand_dims(outputs["y"], axis=1)
    return {{"x": x}}
'''
NOW = ADAPTER.format("typed")


@pytest.mark.parametrize(
    ("written", "state", "proof"),
    [
        (NOW, "current", "typed"),
        (ADAPTER.format("executed, 24 cases"), "current", "executed"),
        (NOW.replace("\n", "\r\n"), "current", "typed"),
        (NOW.replace("; verified: typed", ""), "current", None),
        (NOW.replace("axis=1)\n", "axis=-2)\n"), "edited", "typed"),
        (f"{NOW}# a remark\n", "edited", "typed"),
        (NOW.replace("verified: typed", "verified: by me"), "stale", None),
        (NOW.replace("float32[?, 10]", "float32[?, 12]"), "stale", "typed"),
        (NOW.replace("a#k", "other#k"), "stale", "typed"),
        ("def adapt(outputs): ...\n", "edited", None),
        ("this is no Python", "edited", None),
        ("", "edited", None),
        ("(" * 10_000, "edited", None),
    ],
)
def test_a_file_against_what_is_needed(tmp_path, written, state, proof):
    path = tmp_path / "a.py"
    path.write_bytes(written.encode())
    assert compare_adapter(path, NOW) == (state, proof)


def test_files_that_are_not_there(tmp_path):
    assert compare_adapter(None, None).state == "not_needed"
    assert compare_adapter(tmp_path / "a.py", None).state == "not_needed"
    assert compare_adapter(None, NOW).state == "unnamed"
    assert compare_adapter(tmp_path / "a.py", NOW).state == "missing"


def test_a_file_that_nobody_needs(tmp_path):
    (tmp_path / "a.py").write_text(NOW)
    assert compare_adapter(tmp_path / "a.py", None).state == "stale"


@pytest.mark.parametrize(("content", "said"), [(b"\xff", "not UTF-8"), (b"#" * (MAX_BYTES + 1), "over 4 MiB")])
def test_a_file_that_is_no_adapter(tmp_path, content, said):
    (tmp_path / "a.py").write_bytes(content)
    with pytest.raises(SourceError, match=said):
        compare_adapter(tmp_path / "a.py", NOW)


def test_a_folder_in_its_place(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        compare_adapter(tmp_path, NOW)
