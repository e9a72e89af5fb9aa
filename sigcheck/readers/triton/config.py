"""A configuration, and what it says of each tensor: as a client sends it, and as the model takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
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
# What a configuration writes for a size that each request has of its own.
_OPEN = -1
_AXES = {NHWC: ("height", "width", "channel"), NCHW: ("channel", "height", "width")}


class Tensor(NamedTuple):
    """An input or output: as a client sends or gets it, and the shape in which the model takes or gives it."""

    end: Endpoint
    inner: TensorSpec

    @property
    def has_batch(self) -> bool:
        """Whether the first axis is the batch of the server."""
        return self.end.sizes is not None


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
    most: int = config.get("max_batch_size", 0)
    if most < 0:
        raise ValueError(f"max_batch_size {most}, expected at least 0")
    return most > 0


def _read(written: Iterable[Message], is_batched: bool) -> Iterable[Tensor]:
    for one in written:
        spend(STEPS_OF_ENDPOINT)
        # A tensor that holds a shape has no batch, whatever the rest has.
        has_batch = is_batched and not one.get("is_shape_tensor", False)
        _check(one, has_batch)
        dtype = DTYPES.get(one.get("data_type", 0))
        dims = _with_batch(one.get("dims", ()), has_batch)
        reshaped = dims if "reshape" not in one else _with_batch(one["reshape"].get("shape", ()), has_batch)
        names = _AXES.get(one.get("format", 0))
        axes = (*((BATCH,) if has_batch else ()), *names) if names is not None else ()
        sizes: NamedSizes | None = (BATCH, *dims[1:]) if has_batch else None
        # What a configuration does not say, the server takes from the model.
        shape = dims if one.get("dims") else None
        facts = Facts(axes=axes, origins={"axes": "read"}) if names and shape else NO_FACTS
        end = Endpoint(
            name=one["name"],
            spec=TensorSpec(dtype=dtype, shape=shape, facts=facts),
            optional=one.get("optional", False),
            sizes=sizes if shape else None,
        )
        if one.get("allow_ragged_batch", False) and has_batch:
            # The rows of all requests, one behind the other.
            reshaped = (None,)
        yield Tensor(end, TensorSpec(dtype=dtype, shape=reshaped if shape else None))


def _check(one: Message, has_batch: bool) -> None:
    """Raises ValueError where the server refuses the tensor (core, model_config_utils.cc, ValidateIOShape)."""
    name, dims = one["name"], one.get("dims", ())
    reshape = one["reshape"].get("shape", ()) if "reshape" in one else None
    for size in (*dims, *(reshape or ())):
        if size < 1 and size != _OPEN:
            raise ValueError(f"{name}: size {size}, expected at least 1, or -1")
    if one.get("format", 0) in _AXES and dims and len(dims) != len(_AXES[one["format"]]):
        raise ValueError(f"{name}: {len(dims)} dims of a format that has 3")
    if reshape is None:
        return
    if not reshape and not has_batch:
        raise ValueError(f"{name}: a reshape to no axis, which only a model with max_batch_size has")
    if _chunks(dims) != _chunks(reshape):
        raise ValueError(f"{name}: dims {[*dims]} and reshape {[*reshape]} do not hold as many values")


def _chunks(sizes: Sequence[int]) -> list[int]:
    """How many values stand between the sizes that are open: the same on both sides of a reshape."""
    opened = [at for at, size in enumerate(sizes) if size == _OPEN]
    return [prod(sizes[start + 1 : end]) for start, end in zip([-1, *opened], [*opened, len(sizes)], strict=True)]


def _with_batch(dims: Iterable[int], has_batch: bool) -> Shape:
    sizes = tuple(None if size < 0 else size for size in dims)
    return (None, *sizes) if has_batch else sizes
