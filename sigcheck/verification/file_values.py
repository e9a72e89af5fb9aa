"""File values: strings that hold sound, lines of numbers or tensors, of the sizes that a plan leads through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.schema.meaning import RAW
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.raw import write_raw
from sigcheck.transforms.parts.tensor_message import WRITTEN, write_tensor
from sigcheck.transforms.parts.wav import write_wav
from sigcheck.verification.element_values import ValueKind

# Sizes that a plan leaves open, and the most channels, columns and values that are made.
_OPEN, _MOST = 2, 512
_NONE = (b"", b"a", b"\x00\xff")
FILE_MEANINGS = frozenset({"wav", "csv", "serialized_tensor", *RAW})


def file_kinds(spec: TensorSpec, wanted: Sequence[Shape]) -> Iterator[ValueKind]:
    """Yields what strings of the spec's meaning may be: such as the plan wants first, then others, then none.

    Nothing of any other meaning.
    """
    meaning = spec.facts.meaning
    if meaning == "wav":
        yield from _sounds(wanted)
    elif meaning == "csv":
        yield from _lines(wanted)
    elif meaning == "serialized_tensor":
        yield from _tensors(spec, wanted)
    elif meaning is not None and meaning in RAW:
        yield from _raw(meaning, wanted)


def _last_sizes(wanted: Sequence[Shape]) -> list[int]:
    return list(dict.fromkeys(shape[-1] or _OPEN for shape in wanted if shape and (shape[-1] or 0) <= _MOST))


def _sounds(wanted: Sequence[Shape]) -> Iterator[ValueKind]:
    import numpy as np

    def sound(count: int, channels: int, start: int) -> bytes:
        samples = (np.arange(count * channels) * 7919 + start) % 65536 - 32768
        return write_wav(samples.reshape(count, channels).astype(np.int16))

    counts = [shape[-2] or 9 for shape in wanted if len(shape) > 1 and 0 < (shape[-2] or 9) <= _MOST]
    for channels in dict.fromkeys((*(one for one in _last_sizes(wanted) if one <= 8), 1, 2)):  # noqa: PLR2004  # surround
        if channels:
            for count in dict.fromkeys((*counts, 9, 0)):
                texts = tuple(sound(count, channels, start) for start in (0, 17, 40_000))
                yield ValueKind(f"WAV files of {count} samples in {channels} channels", texts=texts)
    yield ValueKind("WAV files of several lengths", texts=(sound(3, 1, 0), sound(4, 1, 0)))
    yield ValueKind("no WAV files", texts=_NONE)
    yield ValueKind("WAV files that are cut off", texts=(sound(9, 1, 0)[:-1], sound(9, 1, 0)[:30]))


def _lines(wanted: Sequence[Shape]) -> Iterator[ValueKind]:
    for count in dict.fromkeys((*_last_sizes(wanted), 3)):
        if count:
            whole = tuple(",".join(str(start + at) for at in range(count)).encode() for start in (-2, 0, 40))
            yield ValueKind(f"lines of {count} whole numbers", texts=whole)
            yield ValueKind(f"lines of {count} fractions", texts=tuple(one.replace(b"1", b"1.25") for one in whole))
            yield ValueKind(f"lines of {count} texts", texts=(b",".join([b"a"] * count),))
            yield ValueKind(f"lines of {count} with an empty field", texts=(b"," * (count - 1),))
    yield ValueKind("no lines of CSV", texts=(b"x", b""))


def _raw(meaning: str, wanted: Sequence[Shape]) -> Iterator[ValueKind]:
    import numpy as np

    for count in dict.fromkeys((*_last_sizes(wanted), 3, 0)):
        texts = tuple(write_raw((np.arange(count) * 251 + start) % 1000, meaning) for start in (0, 1, 77))
        yield ValueKind(f"bytes of {count} numbers", texts=texts)
        yield ValueKind(f"any bytes for {count} numbers", texts=(bytes(range(240, 256)) * count, bytes(16) * count))
    yield ValueKind("bytes of several counts", texts=(bytes(16), bytes(32)))
    yield ValueKind("bytes of half a number", texts=(b"a", b"abc"))


def _tensors(spec: TensorSpec, wanted: Sequence[Shape]) -> Iterator[ValueKind]:
    import numpy as np

    inner = [shape[len(spec.shape or ()) :] for shape in wanted if len(shape) >= len(spec.shape or ())]
    for shape in dict.fromkeys((*inner, (3,))):
        sizes = [_OPEN if size is None else size for size in shape]
        if np.prod(sizes, dtype=float) > _MOST:
            continue
        values = np.arange(int(np.prod(sizes))).reshape(sizes)
        for dtype in sorted(WRITTEN):
            texts = tuple(write_tensor((values + start) % 100, dtype) for start in (0, 1))
            yield ValueKind(f"tensors of {dtype}{sizes}", texts=texts)
    yield ValueKind("no tensors", texts=_NONE[1:])
