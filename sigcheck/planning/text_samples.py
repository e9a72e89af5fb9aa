"""Text samples: strings that hold what is declared of them, so that the steps which decode them have something to read.

Other texts are refused by these steps, and plans that refuse everything cannot be told apart.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

from sigcheck.schema.facts import Facts
from sigcheck.schema.meaning import RAW
from sigcheck.schema.plan import Step
from sigcheck.transforms import decode_raw, decode_wav, parse_tensor
from sigcheck.transforms.parts.array import Array, numpy_dtype
from sigcheck.transforms.parts.encoded import FORMS
from sigcheck.transforms.parts.png import write_png
from sigcheck.transforms.parts.raw import write_raw
from sigcheck.transforms.parts.tensor_message import write_tensor
from sigcheck.transforms.parts.wav import write_wav

if TYPE_CHECKING:
    import numpy as np

    Random: TypeAlias = np.random.Generator

Sizes: TypeAlias = tuple[int, ...]
Write: TypeAlias = "Callable[[Random], bytes]"
Fill: TypeAlias = "Callable[[Random, Sizes], Array]"

# A size that no step says: of the samples of a sound, of the numbers of a string, of an axis of a tensor.
OPEN_SIZE = 5
_PICTURE = (4, 5)
_COLOURS = 3
# What a sound may have where no step says how many channels.
_CHANNELS = (1, 2)


def text_fills(facts: Facts, steps: Sequence[Step]) -> tuple[Fill, ...]:
    """What fills strings of these facts: one for each way in which the steps read them.

    >>> len(text_fills(Facts(meaning="wav"), ())), len(text_fills(Facts(), ()))
    (2, 1)
    """
    return tuple(partial(_filled, write=write) for write in _writers(facts, steps)) or (_texts,)


def _writers(facts: Facts, steps: Sequence[Step]) -> Iterator[Write]:
    """Yields what writes one string, for each thing that it may hold; nothing for plain texts."""
    meaning = facts.meaning or ""
    picture = partial(_picture, channels=1 if facts.channel_order == "GRAY" else _COLOURS)
    if meaning == "encoded_image":
        yield picture
    elif meaning in FORMS:
        yield partial(_as_text, held=picture, form=meaning)
        yield partial(_as_text, held=_bytes, form=meaning)
    elif meaning == "wav":
        told = {step.arguments["channels"] for step in steps if step.transform == decode_wav.NAME} - {None}
        for channels in sorted(told) or _CHANNELS:
            yield partial(_sound, channels=channels)
    elif meaning in RAW:
        told = {step.arguments["count"] or OPEN_SIZE for step in steps if step.transform == decode_raw.NAME}
        for count in sorted(told):
            yield partial(_raw, meaning=meaning, count=count)
    elif meaning == "serialized_tensor":
        parsed = [step.arguments for step in steps if step.transform == parse_tensor.NAME]
        for dtype, shape in sorted({(one["dtype"], _closed(one["shape"])) for one in parsed}):
            yield partial(_tensor, dtype=dtype, shape=shape)


def _closed(shape: Sequence[int | None]) -> Sizes:
    return tuple(OPEN_SIZE if size is None else size for size in shape)


def _filled(random: Random, sizes: Sizes, write: Write) -> Array:
    import numpy as np

    texts: Array = np.empty(prod(sizes), object)
    texts[:] = [write(random) for _ in range(prod(sizes))]
    return texts.reshape(sizes)


def _texts(random: Random, sizes: Sizes) -> Array:
    import numpy as np

    return np.array([b"%d" % number for number in random.permutation(prod(sizes))], object).reshape(sizes)


def _picture(random: Random, channels: int) -> bytes:
    return write_png(random.integers(0, 256, (*_PICTURE, channels)).astype("uint8"))


def _bytes(random: Random) -> bytes:
    return random.bytes(OPEN_SIZE)


def _as_text(random: Random, held: Write, form: str) -> bytes:
    return base64.b64encode(held(random), b"-_" if form == "base64_url" else None)


def _sound(random: Random, channels: int) -> bytes:
    return write_wav(random.integers(-(2**15), 2**15, (OPEN_SIZE, channels)))


def _raw(random: Random, meaning: str, count: int) -> bytes:
    return write_raw(_numbers(random, (count,)), meaning)


def _tensor(random: Random, dtype: str, shape: Sizes) -> bytes:
    return write_tensor(_numbers(random, shape).astype(numpy_dtype(dtype)), dtype)


def _numbers(random: Random, sizes: Sizes) -> Any:
    # Small ones: every type has them.
    return random.integers(0, 100, sizes)
