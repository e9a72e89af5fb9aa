"""Columns: what MLflow gives to a model of the rows of a table, which depends on who calls it.

Keras gets all columns as one matrix, and so does an ONNX model of one input (mlflow/tensorflow, _KerasModelWrapper;
mlflow/onnx, _OnnxModelWrapper). A SavedModel gets each column as a vector of its dtype (_TF2Wrapper), an ONNX model of
several inputs too, but that doubles become floats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sigcheck.readers.mlflow.schema import Side
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

Caller = Literal["keras", "onnx", "tensorflow"]


def caller_of(flavors: Mapping[str, Any]) -> Caller:
    """Who calls the model."""
    if "keras" in flavors or (flavors.get("tensorflow") or {}).get("model_type") == "keras":
        return "keras"
    return "tensorflow" if "tensorflow" in flavors else "onnx"


def taken(side: Side, own: Sequence[Endpoint], caller: Caller) -> Mapping[str, TensorSpec]:
    """What the inputs of the model get, by their names in the model."""
    if side.is_unnamed and len(own) == 1:
        return {own[0].name: side.tensors.get(side.ends[0].name, own[0].spec)}
    if len(own) == 1 and caller != "tensorflow" and side.ends and not side.tensors:
        return {own[0].name: _matrix(len(side.ends), own[0].spec)}
    known = {one.name: one.spec for one in own}
    return {one.name: side.tensors.get(one.name) or _vector(one, known.get(one.name), caller) for one in side.ends}


def given(side: Side, own: Sequence[Endpoint], caller: Caller) -> Mapping[str, TensorSpec]:
    """What the outputs of the model are said to be: of a column neither the shape nor the dtype, as MLflow makes it."""
    if side.is_unnamed and len(own) == 1:
        return {own[0].name: side.tensors.get(side.ends[0].name, own[0].spec)}
    if len(own) == 1 and caller == "keras" and side.ends and not side.tensors:
        return {own[0].name: _matrix(len(side.ends), own[0].spec)}
    known = {one.name: one.spec for one in own}
    return {one.name: side.tensors.get(one.name, known.get(one.name, one.spec)) for one in side.ends}


def _matrix(count: int, own: TensorSpec) -> TensorSpec:
    """All columns side by side; of one Keras makes what the model takes."""
    return own if count == 1 else TensorSpec(dtype=own.dtype, shape=(None, count))


def _vector(column: Endpoint, own: TensorSpec | None, caller: Caller) -> TensorSpec:
    is_cast = caller == "onnx" and column.spec.dtype == "float64" and own is not None and own.dtype == "float32"
    return column.spec.replace(dtype="float32") if is_cast else column.spec
