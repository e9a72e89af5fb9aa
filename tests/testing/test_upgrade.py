from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.readers.live.notation import read_specs
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Model, Signature
from sigcheck.testing import assert_upgrade

ENCODER = Path(__file__).parents[2] / "fixtures" / "rank" / "encoder"

BROKEN = """\
v2#default cannot take the place of v1#default: 2 of 3 changes break consumers

x: takes [8, 10], and took [?, 10] [input_narrowed]
  required  x: float32[8, 10]
  provided  x: float32[?, 10]
                       ^
"""


def version(name, inputs, outputs):
    signature = Signature(key="default", inputs=read_specs(inputs), outputs=read_specs(outputs))
    return Model(source=name, reader="notation", signatures=(signature,))


OLD = version("v1", {"x": "float32[?, 10]"}, {"y": "float32[?, 3]"})


def test_a_model_can_take_its_own_place():
    assert assert_upgrade(ENCODER, ENCODER).findings == ()


def test_inputs_may_widen_and_outputs_may_narrow():
    fixed = version("v1", {"x": "float32[8, 10]"}, {"y": "float32[?, 3]"})
    result = assert_upgrade(fixed, version("v2", {"x": "float32[?, 10]"}, {"y": "float32[8, 3]"}))
    assert {finding.level for finding in result.findings} == {"note"}


def test_a_failure_reads_like_this():
    with pytest.raises(AssertionError) as caught:
        assert_upgrade(OLD, version("v2", {"x": "float32[8, 10]"}, {"z": "float32[?, 3]"}))
    text = str(caught.value)
    assert text.startswith(BROKEN)
    assert "y: the new version gives no output 'y' [output_removed]\n" in text


def test_what_cannot_be_read_is_an_error():
    with pytest.raises(SourceError, match="no such file"):
        assert_upgrade("lost", OLD)
