"""Text samples: strings that hold what is declared of them, so that the steps which decode them have something to read.

Other texts are refused by these steps, and plans that refuse everything cannot be told apart.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sigcheck.schema.facts import Facts
from sigcheck.schema.meaning import RAW
from sigcheck.schema.plan import Step
from sigcheck.transforms import decode_raw, decode_wav, ensure_shape, parse_tensor
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

# Each string is written, and read by every plan, on its own: some ten microseconds each time.
MOST_TEXTS = 10_000
# In all strings of a tensor together; a spec may want any size of what one holds.
MOST_NUMBERS = 8_000_000

# A size that no step says: of the samples of a sound, of the numbers of a string, of an axis of a tensor.
OPEN_SIZE = 5
_PICTURE = (4, 5)
_COLOURS = 3
# What a sound may have where no step says how many channels.
_CHANNELS = (1, 2)


class _Kind(NamedTuple):
    """What writes one string, and how many numbers it holds."""

    write: Write
    numbers: int


def text_fills(facts: Facts, steps: Sequence[Step], count: int) -> tuple[Fill, ...]:
    """What fills so many strings of these facts: one for each way in which the steps read them, but for what is large.

    >>> len(text_fills(Facts(meaning="wav"), (), 8)), len(text_fills(Facts(), (), 8))
    (2, 1)
    """
    kinds = tuple(_kinds(facts, steps))
    if not kinds:
        return (_texts,)
    if count > MOST_TEXTS:
        return ()
    return tuple(partial(_filled, write=one.write) for one in kinds if one.numbers * count <= MOST_NUMBERS)


def _kinds(facts: Facts, steps: Sequence[Step]) -> Iterator[_Kind]:
    """Yields what writes one string, for each thing that it may hold; nothing for plain texts."""
    meaning = facts.meaning or ""
    colours = 1 if facts.channel_order == "GRAY" else _COLOURS
    size = _asserted(steps, colours) or _PICTURE
    picture = _Kind(partial(_picture, size=size, channels=colours), prod(size) * colours)
    if meaning == "encoded_image":
        yield picture
    elif meaning in FORMS:
        for held in (picture, _Kind(_bytes, OPEN_SIZE)):
            yield held._replace(write=partial(_as_text, held=held.write, form=meaning))
    elif meaning == "wav":
        told = {step.arguments["channels"] for step in steps if step.transform == decode_wav.NAME} - {None}
        for channels in sorted(told) or _CHANNELS:
            yield _Kind(partial(_sound, channels=channels), OPEN_SIZE * channels)
    elif meaning in RAW:
        told = {step.arguments["count"] or OPEN_SIZE for step in steps if step.transform == decode_raw.NAME}
        for count in sorted(told):
            yield _Kind(partial(_raw, meaning=meaning, count=count), count)
    elif meaning == "serialized_tensor":
        parsed = [step.arguments for step in steps if step.transform == parse_tensor.NAME]
        for dtype, shape in sorted({(one["dtype"], _closed(one["shape"])) for one in parsed}):
            yield _Kind(partial(_tensor, dtype=dtype, shape=shape), prod(shape))


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


def _picture(random: Random, size: Sizes, channels: int) -> bytes:
    return write_png(random.integers(0, 256, (*size, channels)).astype("uint8"))


def _asserted(steps: Sequence[Step], channels: int) -> Sizes | None:
    """The height and width that steps assert: pictures of any other size would be refused, and nothing compared."""
    for step in steps:
        if step.transform == ensure_shape.NAME:
            sizes = list((step.result.shape or ())[-len(_PICTURE) - 1 :])
            is_picture = step.result.dtype != "string" and len(sizes) == len(_PICTURE) + 1
            if is_picture and channels in sizes and None not in sizes:
                sizes.remove(channels)
                return tuple(size for size in sizes if size is not None)
    return None


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
