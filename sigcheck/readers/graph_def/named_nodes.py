"""Named nodes: of a graph too large to be followed, its placeholders and the nodes that are asked for.

Who reads which node takes memory for each; which node has one of a few names or operations takes none.
"""

from __future__ import annotations

from collections.abc import Collection

from sigcheck.encodings.content import Content
from sigcheck.encodings.wire import CONTINUES, LENGTH, PORTION, spans
from sigcheck.readers.graph_def.nodes import (
    NODE,
    VERSIONS,
    GraphNodes,
    Node,
    TooManyNodesError,
    read_node,
    read_producer,
)
from sigcheck.schema.budget import spend

# Some 3 microseconds each.
MAX_SCANNED = 2_000_000
# As many as a signature of any other format may have.
_MAX_KEPT = 10_000

_NAME_TAG, _OP_TAG = 1 << 3 | LENGTH, 2 << 3 | LENGTH
# A name of 127 bytes, an operation, their tags and lengths.
_HEAD_BYTES = 256


def scan_named_nodes(content: Content, names: Collection[str], ops: Collection[str]) -> tuple[GraphNodes, int]:
    """The nodes of these names or operations in a binary GraphDef, and how many nodes it has.

    Raises TooManyNodesError above MAX_SCANNED, ValueError where it is broken.
    """
    wanted = {name.encode() for name in names} | {b"\x12" + bytes([len(op)]) + op.encode() for op in ops}
    kept: list[Node] = []
    count = producer = 0
    for number, part in spans(content, 0, len(content)):
        if number == VERSIONS:
            producer = read_producer(content, part) or producer
        if number != NODE:
            continue
        count += 1
        if count % PORTION == 0:
            spend(PORTION)
        if count > MAX_SCANNED:
            raise TooManyNodesError(f"a graph of more than {MAX_SCANNED} nodes")
        start, end = part
        head = bytes(content[start : min(start + _HEAD_BYTES, end)])
        if len(head) > 1 and head[0] == _NAME_TAG and head[1] < CONTINUES:
            stop = head[1] + 2
            op = head[stop : stop + 2 + head[stop + 1]] if len(head) > stop + 1 and head[stop] == _OP_TAG else b""
            # A name without an operation behind it is not as TensorFlow writes it: it is looked at as a whole.
            if op and head[2:stop] not in wanted and op not in wanted:
                continue
        node = read_node(content, part)
        if node.name in names or node.op in ops:
            kept.append(node)
            if len(kept) > _MAX_KEPT:
                raise TooManyNodesError(f"a graph with more than {_MAX_KEPT} inputs")
    return GraphNodes(tuple(kept), producer), count
