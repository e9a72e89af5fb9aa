"""SavedModel: a folder with `saved_model.pb` or `saved_model.pbtxt`, or that file alone.

Read by scanning the wire format: the graph, which may be gigabytes, is one field and is
stepped over. What the signatures leave open (call order, ragged and sparse inputs, dict
keys) is looked up in the object graph. A model without signatures shows its traced functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from sigcheck.readers.content import Content
from sigcheck.readers.message import Message
from sigcheck.readers.meta_graph import DecodedMetaGraph, MetaGraph, scan_meta_graphs
from sigcheck.readers.saved_functions import MAX_FUNCTIONS, read_functions, signature_functions
from sigcheck.readers.saved_graph import read_call
from sigcheck.readers.saved_inputs import Call, SavedCallables, order_by_name
from sigcheck.readers.saved_spec import describe_unknown, read_tensor_info
from sigcheck.readers.source import Source
from sigcheck.readers.wire import Span, scan
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import SERVING_KEY, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "saved_model"
ACCEPTS = "a SavedModel folder"

BINARY, TEXT, CHUNKED = "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb"

# Endpoints that TensorFlow adds for itself (saved_model/constants.py), which nobody can feed.
_OWN_KEYS = frozenset({"__saved_model_init_op", "__saved_model_train_op"})
# SavedModel.saved_model_schema_version is 1 and has never been another.
_HIGHEST_VERSION = 100
_TEXT_HEAD = b"saved_model_sch"
# What Keras and TensorFlow call an argument that has no name of its own.
_UNNAMED = re.compile(r"args_\d+|inputs")
_FLATTENED = (
    "inputs may be parts of ragged or sparse tensors or entries of a dict: the file does not tell, "
    "and they are shown one by one."
)


def recognizes(source: Source) -> bool:
    """A folder that holds the file, or a file of that name or structure."""
    if source.is_directory:
        return any(source.has(name) for name in (BINARY, TEXT, CHUNKED))
    if source.path.name in {BINARY, TEXT, CHUNKED} or source.head.startswith(_TEXT_HEAD):
        return True
    if not source.head:
        return False
    with source.content() as content:
        return is_saved_model(content)


def is_saved_model(content: Content) -> bool:
    """Whether a binary file begins as a SavedModel does: a version, then a meta graph that begins with its tags.

    A frozen graph begins with a node and `fingerprint.pb` with numbers alone; both decode as
    a SavedModel without an error.
    """
    try:
        fields = scan(content)
        first = next(fields, None)
        if first is not None and first.number == 1 and isinstance(first.value, int):
            if first.value > _HIGHEST_VERSION:
                return False
            first = next(fields, None)
        if first is None or first.number != 2 or not isinstance(first.value, Span):  # noqa: PLR2004  # SavedModel.meta_graphs
            return False
        inner = next(scan(content, first.value.start, first.value.end), None)
    except ValueError:
        return False
    return inner is not None and inner.number == 1 and isinstance(inner.value, Span)


def read(source: Source) -> Model:
    """All signatures of all meta graphs.

    Raises SourceError for what is no such file, ValueError and the like for a broken one.
    """
    file = source if not source.is_directory else source.child(BINARY) or source.child(TEXT) or source.child(CHUNKED)
    if file is None or file.path.name == CHUNKED:
        raise SourceError(source.place, f"a chunked {CHUNKED}, expected {BINARY}. Export it without chunking.")
    with file.content() as content:
        if file.path.suffix == ".pbtxt" or file.head.startswith(_TEXT_HEAD):
            from sigcheck.readers.text_format import parse_message

            text = parse_message("SavedModel", content)
            graphs: Sequence[MetaGraph] = [DecodedMetaGraph(message) for message in text.get("meta_graphs", ())]
        else:
            graphs = list(scan_meta_graphs(content))
        if not graphs:
            raise SourceError(source.place, "a SavedModel without a meta graph. Export or copy it again.")
        signatures: list[Signature] = []
        notes: list[Note] = []
        for graph in graphs:
            found = _read_graph(graph, notes)
            signatures += found if len(graphs) == 1 else [one.model_copy(update={"tags": graph.tags}) for one in found]
    return Model(source=source.place, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))


def _read_graph(graph: MetaGraph, notes: list[Note]) -> list[Signature]:
    keys = sorted(graph.signatures.keys() - _OWN_KEYS, key=lambda key: (key != SERVING_KEY, key))
    if not keys:
        return _read_functions(graph, notes)
    is_open = any(_leaves_open(graph.signatures[key].get("inputs", {})) for key in keys)
    objects = graph.object_graph(whole=False) if is_open else None
    callables = None if objects is None else SavedCallables(objects)
    # Where the names leave something open: the wrappers of all signatures, found once.
    wrappers = cache(lambda: signature_functions(graph.object_graph(whole=True) or {}))
    return [
        _read_signature(key, graph.signatures[key], callables, partial(_find_call, graph, wrappers, key), notes)
        for key in keys
    ]


def _read_signature(
    key: str,
    message: Message,
    callables: SavedCallables | None,
    find_call: Callable[[], Call | None],
    notes: list[Note],
) -> Signature:
    flat = {name: read_tensor_info(info) for name, info in message.get("inputs", {}).items()}
    outputs = order_by_name({name: read_tensor_info(info) for name, info in message.get("outputs", {}).items()})
    arranged = callables.arrange(flat, find_call) if callables is not None and _leaves_open(flat) else None
    inputs = order_by_name(flat) if arranged is None else arranged.inputs
    if (arranged is None or not arranged.is_whole) and _looks_flattened(flat):
        notes.append(Note(place=key, message=_FLATTENED))
    defaults = message.get("defaults", {}).keys()
    if defaults:
        inputs = tuple(
            one.model_copy(update={"optional": True}) if defaults >= set(one.parts or (one.name,)) else one
            for one in inputs
        )
    for side, endpoints in (("inputs", inputs), ("outputs", outputs)):
        infos = message.get(side, {})
        notes += [
            Note(place=f"{key}.{one.name}", message=describe_unknown(infos.get(one.name, {})))
            for one in endpoints
            if one.spec.dtype is None
        ]
    return Signature(key=key, inputs=inputs, outputs=outputs)


def _leaves_open(inputs: Mapping[str, object]) -> bool:
    """Whether the object graph may tell more: of several inputs the order, of a name that nobody gave the dict key."""
    return len(inputs) > 1 or any(_UNNAMED.fullmatch(name) for name in inputs)


def _read_functions(graph: MetaGraph, notes: list[Note]) -> list[Signature]:
    objects = graph.object_graph(whole=True)
    signatures, is_cut = read_functions(objects) if objects is not None else ([], False)
    place = f"meta graph {','.join(graph.tags)}"
    place = f"meta graph {','.join(graph.tags)}"
    if signatures:
        more = f"; only the first {MAX_FUNCTIONS} are shown" if is_cut else ""
        notes.append(Note(place=place, message=f"saved without signatures: these are its traced functions{more}."))
    else:
        notes.append(Note(place=place, message="saved without signatures and without a traced function."))
    return signatures


def _find_call(graph: MetaGraph, wrappers: Callable[[], Mapping[str, str]], key: str) -> Call | None:
    name = wrappers().get(key)
    function = graph.function(name) if name else None
    return None if function is None else read_call(function)


def _looks_flattened(flat: Mapping[str, TensorSpec]) -> bool:
    """Whether a name with a number stands beside the same name without: `r`, `r_1`."""
    return any(name.rpartition("_")[2].isdecimal() and name.rpartition("_")[0] in flat for name in flat)
