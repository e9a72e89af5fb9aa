"""Archives of arrays that no `numpy.savez` writes: headers that announce what is not there, members by the thousand."""

from __future__ import annotations

import io
import zipfile
from random import Random

from tests.fuzz.hostile.generator import Generator

HEADS = [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }",
    "{'descr': '%s', 'fortran_order': True, 'shape': ()}",
]
HEADS += ["%s", "{'descr': [%s], 'fortran_order': False, 'shape': ()}", "{'descr': ('<f4', (%s)), 'shape': ()}"]
BODIES = ["9,", "1" * 18 + ",", "[", "(", "-", "not ", "'a',", "('a', '<f4'),", "\\x41", "#", "S0", "<U9", "|S99999999"]
DTYPES = [("<f4", 4), ("|u1", 1), ("|S1", 1), ("<U1", 4), ("<c16", 16), ("|b1", 1), ("|S0", 0)]


def array(header: str, data: bytes = b"") -> bytes:
    text = header.encode("latin-1", "replace")
    return b"\x93NUMPY\x02\x00" + len(text).to_bytes(4, "little") + text + data


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return written.getvalue()


def named(generator: Random) -> str:
    return generator.choice(["provided", "required", "x", "r:values", "r:row_splits_0"])


def odd_headers(size: int, generator: Random) -> bytes:
    body = generator.choice(BODIES)
    most = generator.choice([1, 9_000, size])
    header = generator.choice(HEADS).replace("%s", body * max(1, min(size, most) // len(body)))
    return packed({named(generator): array(header, bytes(min(size, 16))), named(generator): array(header)})


def of_zeros(size: int, generator: Random) -> bytes:
    """Arrays of a few bytes that unpack to a thousand times as many."""
    dtype, width = generator.choice(DTYPES)
    count = generator.choice([size, size * 100, size * 900])
    count = min(count, 30_000_000) // max(1, width)
    said = generator.choice([count, count + 1, 10**18, 0])
    data = array(f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': ({said},), }}", bytes(count * width))
    return packed({"provided": data, "required": data, "x": data}, zipfile.ZIP_DEFLATED)


def many_arrays(size: int, generator: Random) -> bytes:
    one = array("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", bytes(4))
    start = generator.choice(["provided.", "x", "n" * 200])
    return packed({f"{start}{at}": one for at in range(max(1, min(size, 400_000) // (len(one) + 100)))})


ARRAYS: tuple[Generator, ...] = (odd_headers, of_zeros, many_arrays)
GENERATORS: dict[str, list[Generator]] = {"example.npz": [*ARRAYS], "case.npz": [*ARRAYS]}
