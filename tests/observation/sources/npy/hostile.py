"""Arrays that no `numpy.save` writes: headers that announce what is not there, rows of nothing by the billion."""

from __future__ import annotations

import io
from random import Random

import numpy as np

from tests.fuzz.hostile.arrays import BODIES, HEADS, array
from tests.fuzz.hostile.generator import Generator

DTYPES = ["<f4", ">f8", "|u1", "<i8", "<c16", "|b1", "<f2", "|S3", "<U2", "|V4", "<M8[s]", "|O"]
AXES = [0, 1, 2, 3, 10**6, 10**12, 10**18, 2**63, -1]


def said(dtype: str, shape: tuple[int, ...], data: bytes = b"") -> bytes:
    return array(f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}", data)


def whole() -> bytes:
    written = io.BytesIO()
    np.save(written, np.arange(24, dtype=np.float32).reshape(8, 3))
    return written.getvalue()


def odd_header(size: int, generator: Random) -> bytes:
    body = generator.choice(BODIES)
    most = generator.choice([1, 9_000, size])
    return array(generator.choice(HEADS).replace("%s", body * max(1, min(size, most) // len(body))), bytes(16))


def odd_shape(size: int, generator: Random) -> bytes:
    shape = tuple(generator.choice(AXES) for _ in range(generator.choice([1, 2, 3, 33])))
    return said(generator.choice(DTYPES), shape, bytes(size))


def rows_of_nothing(size: int, generator: Random) -> bytes:
    shape = generator.choice([(10**18, 0), (10**12, 0, 3), (10**18, 10**18, 0), (0, 10**18), (2**62, 2, 0)])
    return said(generator.choice(DTYPES), shape, bytes(min(size, 100)))


def odd_numbers(size: int, generator: Random) -> bytes:
    """Numbers of any bits: NaN, infinities, the least and the greatest."""
    dtype, width = generator.choice([("<f4", 4), ("<f8", 8), ("<f2", 2), ("<i8", 8), ("<u8", 8), (">f4", 4)])
    part = generator.randbytes(min(size, 4096) // width * width) or bytes(width)
    data = part * max(1, size // len(part))
    columns = generator.choice([1, 3, 64, 65])
    return said(dtype, (len(data) // width // columns, columns), data)


def odd_texts(size: int, generator: Random) -> bytes:
    dtype, width = generator.choice([("<U1", 4), ("<U1000", 4000), ("|S1", 1), ("|S100000", 100_000)])
    data = generator.choice([bytes(size), b"\xff" * size, b"a\0\0\0" * (size // 4)])
    return said(dtype, (len(data) // width,), data)


SEEDS = {"data.npy": whole}
GENERATORS: dict[str, list[Generator]] = {"data.npy": [odd_header, odd_shape, rows_of_nothing, odd_numbers, odd_texts]}
