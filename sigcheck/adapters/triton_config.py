"""Triton config: the `config.pbtxt` of a model, and of an ensemble of models (model_config.proto)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sigcheck.readers.triton.messages import TYPE_NAMES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import SERVING_KEY, Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

_SAVED_MODEL = "tensorflow_savedmodel"


class Part(NamedTuple):
    """One step of the ensemble: for each tensor that the model takes and gives, the tensor of the ensemble."""

    name: str
    inputs: dict[str, str]
    outputs: dict[str, str]


def model_config(
    name: str,
    inputs: Sequence[Endpoint],
    outputs: Sequence[Endpoint],
    key: str = SERVING_KEY,
    tags: Sequence[str] = (),
    *,
    platform: str = _SAVED_MODEL,
) -> str:
    """The `config.pbtxt` of one model. Raises UsageError for a tensor that Triton does not have."""
    lines = _head(name, platform, inputs, outputs)
    parameters = {"TF_SIGNATURE_DEF": key} if platform == _SAVED_MODEL and key != SERVING_KEY else {}
    if tags and tuple(tags) != ("serve",):
        parameters["TF_GRAPH_TAG"] = ",".join(tags)
    for parameter, value in parameters.items():
        lines += [f'parameters {{ key: "{parameter}" value {{ string_value: {_quoted(value)} }} }}']
    return "\n".join([*lines, ""])


def ensemble_config(name: str, inputs: Sequence[Endpoint], outputs: Sequence[Endpoint], parts: Sequence[Part]) -> str:
    """The `config.pbtxt` of an ensemble of these steps. Raises UsageError for a tensor that Triton does not have."""
    lines = [*_head(name, "ensemble", inputs, outputs), "ensemble_scheduling {"]
    for part in parts:
        lines += ["  step {", f"    model_name: {_quoted(part.name)}", "    model_version: -1"]
        for field, names in (("input_map", part.inputs), ("output_map", part.outputs)):
            lines += [
                f"    {field} {{ key: {_quoted(own)} value: {_quoted(tensor)} }}" for own, tensor in names.items()
            ]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def _head(name: str, platform: str, inputs: Sequence[Endpoint], outputs: Sequence[Endpoint]) -> list[str]:
    lines = [f"name: {_quoted(name)}", f'platform: "{platform}"', "max_batch_size: 0"]
    for field, ends in (("input", inputs), ("output", outputs)):
        for end in ends:
            lines += [f"{field} {{", f"  name: {_quoted(end.name)}", *_type_lines(end.name, end.spec), "}"]
    return lines


def _type_lines(name: str, spec: TensorSpec) -> list[str]:
    if spec.kind != "dense" or spec.shape is None or spec.dtype is None or spec.dtype not in TYPE_NAMES:
        problem = f"{spec}, expected a dense tensor of known rank and of a dtype that Triton has"
        raise UsageError(name, f"{problem}. Fuse the models without --triton.")
    if not spec.shape:
        # The server makes a tensor without axes of a row of a batch alone, and here is none (ValidateIOShape in
        # model_config_utils.cc of triton-inference-server/core).
        problem = f"{spec}, expected an axis, since a server of Triton takes no tensor without one outside a batch"
        raise UsageError(name, f"{problem}. Fuse the models without --triton.")
    sizes = ", ".join("-1" if size is None else str(size) for size in spec.shape)
    return [f"  data_type: {TYPE_NAMES[spec.dtype]}", f"  dims: [ {sizes} ]"]


def _quoted(text: str) -> str:
    """The text as a string of protobuf's text format."""
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:03o}"  # noqa: PLR2004  # printable ASCII
        for byte in text.encode("utf-8", "surrogateescape")
    )
    return f'"{escaped}"'
