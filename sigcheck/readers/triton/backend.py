"""Backend: what the programs that run a model for Triton demand of its configuration, beyond what both say.

They refuse to load the model otherwise (tensorflow_backend, src/tensorflow.cc, ValidateSignature; onnxruntime_backend,
src/onnxruntime.cc, ValidateInputs and ValidateOutputs).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sigcheck.encodings.message import Message
from sigcheck.readers.against_model import Contract, differs
from sigcheck.readers.triton.config import Tensor
from sigcheck.schema.finding import Finding
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec


def said(one: Tensor, own: Endpoint | None, config: Message) -> TensorSpec:
    """What a configuration says of a tensor, as far as a backend compares it: not the shape of a scalar in one entry,
    nor that of an output which the server cuts into those of the requests.
    """
    spec = one.inner
    if own is not None and own.spec.shape == () and spec.shape is not None and set(spec.shape) <= {1}:
        return spec.replace(shape=())
    if any(one.end.name in each.get("target_name", ()) for each in config.get("batch_output", ())):
        return spec.replace(shape=None)
    return spec


def inputs(contract: Contract, taken: list[Tensor], own: Mapping[str, Endpoint]) -> Iterator[Finding]:
    """Yields the inputs that requests may leave out and the model demands."""
    for one in taken:
        name = one.end.name
        if one.end.optional and name in own and not own[name].optional:
            yield contract.finding(name, f"may be left out, {contract.model} always takes {own[name]}")


def outputs(contract: Contract, given: Mapping[str, TensorSpec], own: Mapping[str, Endpoint]) -> Iterator[Finding]:
    """Yields the outputs that are open on one side only: sizes of outputs are to be the same on both."""
    for name, spec in given.items():
        end = own.get(name)
        if end is None or end.parts or differs(spec, end.spec, is_input=False) is not None:
            continue
        axis = _open_once(spec.shape, end.spec.shape)
        if axis is not None:
            problem = f"size {_text(spec, axis)} on axis {axis}, the model has {_text(end.spec, axis)}"
            yield contract.finding(name, f"{contract.said} {spec}, {contract.model} gives {end.spec}: {problem}")


def _open_once(one: Shape | None, other: Shape | None) -> int | None:
    if one is None or other is None:
        return None
    return next((axis for axis, sizes in enumerate(zip(one, other, strict=True)) if sizes[0] != sizes[1]), None)


def _text(spec: TensorSpec, axis: int) -> str:
    size = None if spec.shape is None else spec.shape[axis]
    return "open" if size is None else str(size)
