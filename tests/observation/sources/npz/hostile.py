"""Archives of arrays that no `numpy.savez` writes."""

from __future__ import annotations

import zipfile
from random import Random

from tests.fuzz.hostile.arrays import many_arrays, odd_headers, of_zeros, packed
from tests.fuzz.hostile.generator import Generator
from tests.fuzz.project_seeds import archive
from tests.observation.sources.npy.hostile import said


def large_rows(size: int, generator: Random) -> bytes:
    """Rows that are large once they are unpacked."""
    width = generator.choice([1 << 20, 1 << 24, 1 << 26, 1 << 28])
    data = said("|u1", (10**6, width), bytes(min(size * 900, 1 << 25)))
    return packed({"x": data}, zipfile.ZIP_DEFLATED)


def odd_names(size: int, generator: Random) -> bytes:
    names = [" ", "../x", "x\n", "a" * min(size, 60_000), "a\x00b", "x.npy", "/"]
    return packed({name: said("<f4", (2,), bytes(8)) for name in generator.sample(names, 3)})


def other_methods(size: int, generator: Random) -> bytes:
    """Arrays that are compressed as NumPy does not, broken in the middle."""
    rows = said("<f4", (size // 40 + 1, 10), generator.randbytes(40) * (size // 40 + 1))
    data = bytearray(packed({"x": rows}, generator.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])))
    at = generator.randrange(40, max(41, len(data) // 2))
    data[at : at + 20] = b"\xff" * 20
    return bytes(data)


SEEDS = {"data.npz": lambda: archive(x=[[1.5, 2.0]], y=["a", "b"])}
GENERATORS: dict[str, list[Generator]] = {
    "data.npz": [odd_headers, of_zeros, many_arrays, large_rows, odd_names, other_methods]
}
