"""Records that no TFRecordWriter writes: examples of thousands of features, lists of nothing, messages in messages."""

from __future__ import annotations

import zlib
from random import Random

from tests.fuzz.hostile.generator import Generator
from tests.observation.records import field, framed, record


def whole() -> bytes:
    return record(ids=[1, 2, 3], v=[0.5, 1.5], t=b"a") + record(ids=[4], v=[2.5, 3.5])


def entry(name: bytes, feature: bytes) -> bytes:
    return field(1, field(1, name) + field(2, feature))


def many_records(size: int, generator: Random) -> bytes:
    one = generator.choice([framed(b""), record(x=[1]), framed(field(1, b"")), framed(field(2, b""))])
    return one * max(1, size // len(one))


def many_features(size: int, generator: Random) -> bytes:
    feature = generator.choice([b"", field(3, field(1, b"\x01")), field(1, field(1, b"a"))])
    one = len(entry(b"000000", feature))
    entries = b"".join(entry(b"%06d" % at, feature) for at in range(max(1, size // one)))
    return framed(field(1, entries)) * generator.choice([1, 2])


def long_list(size: int, generator: Random) -> bytes:
    """Numbers one behind the other, packed or each with its tag, and texts of nothing."""
    ints = generator.choice([field(1, b"\x01" * size), b"\x08\x01" * (size // 2), field(1, b"\xff" * size)])
    feature = generator.choice([field(3, ints), field(2, field(1, bytes(size // 4 * 4))), field(1, b"\n\0" * size)])
    return framed(field(1, entry(b"x", feature)))


def many_steps(size: int, generator: Random) -> bytes:
    step = generator.choice([b"", field(1, b""), field(1, field(3, field(1, b"\x01"))), field(1, field(2, b""))])
    steps = step * max(1, size // (len(step) or size))
    return framed(field(2, field(1, field(1, b"s") + field(2, steps)))) * generator.choice([1, 3])


def nested(size: int, generator: Random) -> bytes:
    message = b""
    while len(message) < min(size, 20_000):
        message = field(generator.choice([1, 2]), message)
    return framed(message)


def odd_lengths(size: int, generator: Random) -> bytes:
    """Heads that announce more than is there, with the right checksum."""
    announced = generator.choice([size + 1, 1 << 20, 1 << 30, (1 << 30) + 1, 2**64 - 1])
    return record(x=[1]) + framed(bytes(min(size, 1000)), announced)


def packed(size: int, generator: Random) -> bytes:
    make = generator.choice([many_records, many_features, long_list, odd_lengths])
    return zlib.compress(make(size, generator) + bytes(generator.choice([0, size])))


SEEDS = {"data.tfrecord": whole, "data.tfrecords": lambda: zlib.compress(whole())}
GENERATORS: dict[str, list[Generator]] = {
    "data.tfrecord": [many_records, many_features, long_list, many_steps, nested, odd_lengths],
    "data.tfrecords": [packed],
}
