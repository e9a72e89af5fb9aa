"""Records of examples, written without TensorFlow."""

from __future__ import annotations

import struct


def varint(number):
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def feature(value):
    if isinstance(value, bytes):
        return field(1, field(1, value))
    if isinstance(value[0], float):
        return field(2, field(1, struct.pack(f"<{len(value)}f", *value)))
    return field(3, field(1, b"".join(map(varint, value))))


def record(**features):
    entries = b"".join(field(1, field(1, name.encode()) + field(2, feature(one))) for name, one in features.items())
    return framed(field(1, entries))


def masked(data):
    """The checksum of these bytes, as it is written."""
    from google_crc32c import value

    crc = value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def framed(content, length=None):
    """A record of these bytes, which announces so many."""
    head = struct.pack("<Q", len(content) if length is None else length)
    return head + masked(head) + content + masked(content)
