"""Read: what stands on each side of a check: one source, or several that feed one consumer."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from sigcheck.encodings.source import Source
from sigcheck.readers import read as read_any
from sigcheck.readers import read_source
from sigcheck.schema.arguments import require_flag, require_texts
from sigcheck.schema.distinct import free_name, numbered_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import parse_selector, select_signature
from sigcheck.schema.signature import Endpoint, Model, Signature

if TYPE_CHECKING:
    from sigcheck.schema.report import Side
    from sigcheck.stages.pair import Pair

End = Literal["inputs", "outputs"]


def read_model(
    source: object,
    key: str | None = None,
    tags: Sequence[str] | None = None,
    *,
    load: bool = False,
    infer: bool = False,
) -> Model:
    """The signatures of a source; with a key, in the call or behind the `#`, that one only.

    With `load` a file is loaded by TensorFlow in a process of its own: models are programs. With
    `infer` the endpoints have what the graph in the file shows of their values.
    Raises SourceError where the source cannot be read and UsageError where the key does not exist.
    """
    if key is not None and not isinstance(key, str):
        raise UsageError("key", f"found {key!r:.80}, expected the key of a signature. Pass it as text.")
    if tags is not None:
        require_texts("tags", tags)
    require_flag("load", load)
    require_flag("infer", infer)
    if not isinstance(source, str | os.PathLike | Source):
        model = read_any(source)
    else:
        source = parsed = parse_source(source)
        model = _load(parsed) if load else read_source(parsed)
        selector = parse_selector(parsed.selector)
        key = key if key is not None else selector.key
        tags = tags if tags is not None else selector.tags
    if key is not None or tags is not None:
        model = model.model_copy(update={"signatures": (select_signature(model, key, tags),)})
    return _infer(source, model) if infer else model


def _infer(source: object, model: Model) -> Model:
    """An object in memory, and a file that TensorFlow loaded, has no graph that is looked at."""
    if not isinstance(source, str | os.PathLike | Source):
        return model
    from sigcheck.inference.infer import infer

    return infer(parse_source(source), model)


def parse_source(source: str | os.PathLike[str] | Source) -> Source:
    """The source that a text or a path names; one that was parsed already as it is."""
    return source if isinstance(source, Source) else Source.parse(source)


def _load(source: Source) -> Model:
    from sigcheck.readers.loaded.read import read_loaded

    return read_loaded(source)


def read_one_signature(source: object, *, load: bool = False) -> tuple[str, Signature]:
    """The reader of one source, and the signature that is meant. Raises as `read_model` does."""
    model = read_model(source, load=load)
    return model.reader, select_signature(model)


def read(producer: object, consumer: object, *, load: bool = False, infer: bool = False) -> Pair:
    """Both sides; `load` and `infer` are as for `read_model`. Raises as `read_side` does."""
    from sigcheck.stages.pair import Pair

    require_flag("load", load)
    require_flag("infer", infer)
    giver, given = _read_producer(producer, load=load, infer=infer)
    taker, signature = _read_one(consumer, "inputs", load=load, infer=infer)
    return Pair(
        giver,
        taker,
        given.outputs,
        signature.inputs,
        constraints=signature.constraints,
        feeds=given.inputs,
        given=given.constraints,
    )


def read_side(
    source: object, end: End, *, load: bool = False, infer: bool = False
) -> tuple[Side, tuple[Endpoint, ...]]:
    """The side and its endpoints; a list or tuple of producers gives the outputs of all.

    `load` and `infer` are as for `read_model`.

    Raises UsageError where the signature has nothing at this end.
    """
    if end == "outputs":
        side, signature = _read_producer(source, load=load, infer=infer)
        return side, signature.outputs
    side, signature = _read_one(source, end, load=load, infer=infer)
    return side, signature.inputs


def _read_producer(source: object, *, load: bool, infer: bool) -> tuple[Side, Signature]:
    """The side and its signature: of several producers one that has the outputs of all."""
    if isinstance(source, list | tuple):
        from sigcheck.readers.live import type_spec as live_type_spec

        # A list of tensor specs is one producer.
        if not live_type_spec.recognizes(source):
            return _join([_read_one(one, "outputs", load=load, infer=infer) for one in source])
    return _read_one(source, "outputs", load=load, infer=infer)


def _read_one(source: object, end: End, *, load: bool, infer: bool) -> tuple[Side, Signature]:
    model = read_model(source, load=load)
    signature = select_signature(model)
    if infer:
        (signature,) = _infer(source, model.model_copy(update={"signatures": (signature,)})).signatures
    endpoints = signature.outputs if end == "outputs" else signature.inputs
    if not endpoints:
        role = "a producer" if end == "outputs" else "a consumer"
        raise UsageError(model.source, f"signature {signature.key!r} has no {end}, expected {role}. Name another one.")
    from sigcheck.schema.report import Side

    return Side(source=model.source, reader=model.reader, key=signature.key), signature


def _join(sides: Sequence[tuple[Side, Signature]]) -> tuple[Side, Signature]:
    """Several producers as one; an output whose name several have is named `MODEL.OUTPUT`, as no other is.

    Of inputs, and of sizes, each has its own: they are named so too, but for the batch, which all share.
    """
    if not sides:
        raise UsageError("producer", "an empty list, expected at least one source. Name one.")
    stems = _stems([side.source for side, _ in sides])
    told = [_of_model(signature, stem) for stem, (_, signature) in zip(stems, sides, strict=True)]
    joined = Signature(
        inputs=tuple(one for each in told for one in each.inputs),
        outputs=_joined(stems, [each.outputs for each in told]),
        constraints=tuple(one for each in told for one in each.constraints),
    )
    from sigcheck.schema.report import Side

    side = Side(
        source=" + ".join(side.source for side, _ in sides),
        reader=" + ".join(dict.fromkeys(side.reader for side, _ in sides)),
        key=" + ".join(side.key for side, _ in sides),
    )
    return side, joined


def _joined(stems: Sequence[str], outputs: Sequence[Sequence[Endpoint]]) -> tuple[Endpoint, ...]:
    counts = Counter(endpoint.name for endpoints in outputs for endpoint in endpoints)
    taken = {name for name, count in counts.items() if count == 1}
    joined = []
    for stem, endpoints in zip(stems, outputs, strict=True):
        for endpoint in endpoints:
            if counts[endpoint.name] == 1:
                joined.append(endpoint)
                continue
            name = free_name(f"{stem}.{endpoint.name}", taken)
            taken.add(name)
            joined.append(endpoint.model_copy(update={"name": name}))
    return tuple(joined)


def _of_model(signature: Signature, stem: str) -> Signature:
    """The signature with its inputs, and its sizes, named as those of this model."""
    if not any(one.sizes for one in (*signature.inputs, *signature.outputs)):
        return signature.model_copy(update={"inputs": _under(stem, signature.inputs)})
    from sigcheck.sizes.renamed import rename_sizes

    told = rename_sizes(signature, stem)
    return told.model_copy(update={"inputs": _under(stem, told.inputs)})


def _under(stem: str, endpoints: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    return tuple(one.model_copy(update={"name": f"{stem}.{one.name}"}) for one in endpoints)


def _stems(sources: Sequence[str]) -> list[str]:
    """A short name of each source; the same one twice is counted."""
    return numbered_names(PurePath(source).stem or source for source in sources)
