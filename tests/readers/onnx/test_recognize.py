from __future__ import annotations

import pytest

from sigcheck.encodings.source import Source
from sigcheck.readers import recognize


@pytest.mark.parametrize(
    ("written", "is_onnx"),
    [
        (b"\x08\x07\x12\x07pytorch:\x02\x12\x00B\x02\x10\x0d", True),
        # The order of the fields is the writer's.
        (b"\x08\x07B\x02\x10\x0d:\x02\x12\x00", True),
        # Without operator sets, with a field that there is not, cut off, and what a Core ML model begins with.
        (b"\x08\x07:\x02\x12\x00", False),
        (b"\x08\x07:\x02\x12\x00B\x02\x10\x0d\xf8\x07\x01", False),
        (b"\x08\x07:\x02\x12\x00B\x09\x10\x0d", False),
        (b"\x08\x04\x12\x00", False),
    ],
)
def test_a_model_is_told_by_its_fields(tmp_path, written, is_onnx):
    path = tmp_path / "model"
    path.write_bytes(written)
    found = recognize(Source.parse(path))
    assert (found is not None and found.NAME == "onnx") is is_onnx


def test_its_suffix_is_enough(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"anything")
    assert recognize(Source.parse(path)).NAME == "onnx"
