"""A configuration, and what it says of each tensor: as a client sends it, and as the model takes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sigcheck.encodings.json_message import parse_json_message
from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.encodings.text_format import parse_message
from sigcheck.readers.triton.messages import DTYPES, NCHW, NHWC, TRITON
from sigcheck.readers.triton.place import CONFIG
from sigcheck.readers.triton.recognize import is_json
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.constraint import NamedSizes
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

BATCH = "batch"
_AXES = {NHWC: ("height", "width", "channel"), NCHW: ("channel", "height", "width")}


class Tensor(NamedTuple):
    """An input or output: as a client sends or gets it, and the shape in which the model takes or gives it."""

    end: Endpoint
    inner: TensorSpec


def read_config(source: Source) -> Message:
    """The configuration that a source is, or holds. Raises ValueError where it is none."""
    file = source.child(CONFIG) if source.is_directory else source
    if file is None:
        raise ValueError(f"no {CONFIG}")
    with file.content() as content:
        if is_json(file):
            return parse_json_message("ModelConfig", content, TRITON)
        return parse_message("ModelConfig", content, TRITON)


def read_inputs(config: Message) -> list[Tensor]:
    """The inputs, in the order of the file. Raises ValueError and the like where one is none."""
    return list(_read(config.get("input", ()), _is_batched(config)))


def read_outputs(config: Message) -> list[Tensor]:
    """The outputs, in the order of the file. Raises ValueError and the like where one is none."""
    return list(_read(config.get("output", ()), _is_batched(config)))


def read_states(config: Message) -> dict[str, dict[str, TensorSpec]]:
    """The states that the server keeps for a sequence: by `input` and `output`, the tensors of the model by name.

    Raises ValueError and the like where one is none.
    """
    ends: dict[str, dict[str, TensorSpec]] = {"input": {}, "output": {}}
    for one in config.get("sequence_batching", {}).get("state", ()):
        for end, found in ends.items():
            (tensor,) = _read([{**one, "name": one[f"{end}_name"]}], _is_batched(config))
            found[tensor.end.name] = tensor.inner
    return ends


def _is_batched(config: Message) -> bool:
    return bool(config.get("max_batch_size", 0) > 0)


def _read(written: Iterable[Message], is_batched: bool) -> Iterable[Tensor]:
    for one in written:
        spend(STEPS_OF_ENDPOINT)
        # A tensor that holds a shape has no batch, whatever the rest has.
        has_batch = is_batched and not one.get("is_shape_tensor", False)
        dtype = DTYPES.get(one.get("data_type", 0))
        dims = _with_batch(one.get("dims", ()), has_batch)
        reshaped = dims if "reshape" not in one else _with_batch(one["reshape"].get("shape", ()), has_batch)
        names = _AXES.get(one.get("format", 0))
        axes = (*((BATCH,) if has_batch else ()), *names) if names is not None else ()
        facts = Facts(axes=axes, origins={"axes": "read"}) if names and len(axes) == len(dims) else NO_FACTS
        sizes: NamedSizes | None = (BATCH, *dims[1:]) if has_batch else None
        end = Endpoint(
            name=one["name"],
            spec=TensorSpec(dtype=dtype, shape=dims, facts=facts),
            optional=one.get("optional", False),
            sizes=sizes,
        )
        yield Tensor(end, TensorSpec(dtype=dtype, shape=reshaped))


def _with_batch(dims: Iterable[int], has_batch: bool) -> Shape:
    sizes = tuple(None if size < 0 else size for size in dims)
    return (None, *sizes) if has_batch else sizes
