from __future__ import annotations

import numpy as np
import pytest

from sigcheck.transforms.parts.wav import UnreadWavError, read_wav, write_wav

WAV = {"meaning": "wav"}
CASES = [
    ("string[?]", "float32[?, ?, 2]", WAV, {}),
    ("string[]", "float32[?]", WAV, {}),
    ("string[]", "float32[?, 1]", WAV, {}),
    ("string[?]", "float32[?, ?]", {**WAV, "axes": ["batch"]}, {}),
    ("string[4]", "float64[4, 9, ?]", WAV, {}),
]


@pytest.mark.parametrize(
    ("given", "required", "wants"),
    [
        ({}, "float32[?, ?]", {}),
        (WAV, "float32[?, ?]", {"meaning": "logits"}),
        (WAV, "float32[?]", {}),
        (WAV, "float32[?, ?, ?, 1]", {}),
        (WAV, "string[?]", {}),
    ],
)
def test_strings_of_another_form_or_other_axes_are_left_alone(propose, given, required, wants):
    assert propose("decode_wav", "string[?]", required, given, wants) == []


def test_the_channels_are_those_that_are_wanted(propose):
    axes = {"axes": ["batch", "channel", "time"]}
    (step,) = propose("decode_wav", "string[?]", "float32[?, 2, ?]", {**WAV, "axes": ["batch"]}, axes)
    assert (step.arguments, str(step.result)) == ({"channels": 2}, "float32[?, ?, 2]")
    assert step.result.facts.axes == ("batch", "time", "channel")


def test_a_file_is_read_as_it_was_written():
    samples = np.asarray([[-32768, 0], [32767, 1]], np.int16)
    file = write_wav(samples)
    assert read_wav(file).tolist() == (samples / 32768).tolist()
    for broken in (file[:-1], file[:30], b"", b"RIFF"):
        with pytest.raises(UnreadWavError):
            read_wav(broken)
