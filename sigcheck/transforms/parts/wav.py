"""WAV: sound of 16 bits, the one kind that `tf.audio.decode_wav` reads (wav_io.cc)."""

from __future__ import annotations

import io
import wave

from sigcheck.transforms.parts.array import Array

_BYTES = 2
# What a sample of 16 bits is divided by.
_FULL = 32768.0


class UnreadWavError(Exception):
    """No WAV file, one that is cut off, or one of other samples than 16 bits."""


def write_wav(samples: Array, rate: int = 16_000) -> bytes:
    """The file of samples int16[count, channels]."""
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(samples.shape[1])
        written.setsampwidth(_BYTES)
        written.setframerate(rate)
        written.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def read_wav(file: bytes) -> Array:
    """The samples float32[count, channels] between -1 and 1. Raises UnreadWavError."""
    import numpy as np

    try:
        with wave.open(io.BytesIO(file)) as read:
            count, channels, width = read.getnframes(), read.getnchannels(), read.getsampwidth()
            data = read.readframes(count)
    except (wave.Error, EOFError, ValueError) as error:
        raise UnreadWavError(f"no WAV file: {error}") from None
    if width != _BYTES or len(data) != count * channels * width:
        raise UnreadWavError("a WAV file that is cut off, or of other samples than 16 bits")
    samples: Array = (np.frombuffer(data, "<i2").astype(np.float32) / np.float32(_FULL)).reshape(count, channels)
    return samples
