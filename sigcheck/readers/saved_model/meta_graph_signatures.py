"""Signatures of a SavedModel: those of one meta graph, or its traced functions where it has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, partial

from sigcheck.encodings.message import Message
from sigcheck.readers.graph_def.spec import describe_unknown, read_tensor_info
from sigcheck.readers.saved_model.functions import MAX_FUNCTIONS, read_functions, signature_functions
from sigcheck.readers.saved_model.inputs import Call, SavedCallables, order_by_name
from sigcheck.readers.saved_model.meta_graph import MetaGraph
from sigcheck.readers.saved_model.wrapper import read_call
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.signature import SERVING_KEY, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

# Endpoints that TensorFlow adds for itself (saved_model/constants.py), which nobody can feed.
_OWN_KEYS = frozenset({"__saved_model_init_op", "__saved_model_train_op"})
# What Keras and TensorFlow call an argument that has no name of its own.
_UNNAMED = re.compile(r"args_\d+|inputs")
_FLATTENED = (
    "inputs may be parts of ragged or sparse tensors or entries of a dict: the file does not tell, "
    "and they are shown one by one."
)


def read_signatures(graph: MetaGraph, notes: list[Note]) -> list[Signature]:
    """The signatures, the one that is served first; what people should know is added to `notes`.

    Raises ValueError and the like where the graph is broken.
    """
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
    spend(STEPS_OF_ENDPOINT * (len(message.get("inputs", ())) + len(message.get("outputs", ()))))
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
