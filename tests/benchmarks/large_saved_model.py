"""A SavedModel of over 1 GB, and what reading its signatures costs beside the small one.

    python tests/benchmarks/large_saved_model.py SMALL_FOLDER LARGE_FOLDER

pads the graph of the small model with a field that no reader knows. The padding is a hole
in a sparse file, so that it takes no place on the disk.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from sigcheck.encodings.content import Content, open_content
from sigcheck.encodings.wire import CONTINUES, Span, scan
from sigcheck.readers import read
from sigcheck.readers.saved_model.signature import BINARY

# Protobuf refuses messages of 2 GiB and more.
PADDING = 1_200_000_000
ROUNDS = 200
_META_GRAPHS, _GRAPH, _UNKNOWN = 2, 2, 1000


def write_padded(small: Path, large: Path, padding: int = PADDING) -> None:
    """Writes the small `saved_model.pb` with `padding` bytes more in the graph of its first meta graph."""
    with open_content(small) as content:
        meta = _first(content, 0, len(content), _META_GRAPHS)
        graph = _first(content, meta.start, meta.end, _GRAPH)
        filler = _varint(_UNKNOWN << 3 | 2) + _varint(padding)
        graph_size = graph.end - graph.start + len(filler) + padding
        graph_head = _varint(_GRAPH << 3 | 2) + _varint(graph_size)
        before = bytes(content[meta.start : _head_of(graph)])
        after = bytes(content[graph.end : meta.end])
        meta_size = len(before) + len(graph_head) + graph_size + len(after)
        with large.open("wb") as out:
            out.write(bytes(content[0 : _head_of(meta)]))
            out.write(_varint(_META_GRAPHS << 3 | 2) + _varint(meta_size) + before + graph_head)
            out.write(bytes(content[graph.start : graph.end]) + filler)
            out.seek(padding, 1)
            out.write(after + bytes(content[meta.end : len(content)]))


def measure(folder: Path) -> float:
    """Seconds of one read in process, the median of many."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        read(folder)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def _first(content: Content, start: int, end: int, number: int) -> Span:
    found = (field.value for field in scan(content, start, end) if field.number == number)
    return next(span for span in found if isinstance(span, Span))


def _head_of(span: Span) -> int:
    """Where the tag of a field begins: one byte, before the length."""
    return span.start - len(_varint(span.end - span.start)) - 1


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= CONTINUES:
        out.append(number % CONTINUES | CONTINUES)
        number //= CONTINUES
    return bytes([*out, number])


def main() -> None:
    """Writes the large model and prints both times."""
    small, large = Path(sys.argv[1]), Path(sys.argv[2])
    large.mkdir(parents=True, exist_ok=True)
    write_padded(small / BINARY, large / BINARY)
    assert read(large).signatures == read(small).signatures
    for folder in (small, large):
        size = (folder / BINARY).stat().st_size
        sys.stdout.write(f"{size:>13,} bytes: {measure(folder) * 1e3:.3f} ms\n")


if __name__ == "__main__":
    main()
