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
        matrix = _matrix(len(side.ends), own[0].spec)
        return {own[0].name: _fitted(matrix, own[0].spec) if caller == "keras" else matrix}
    known = {one.name: one.spec for one in own}
    return {one.name: side.tensors.get(one.name) or _vector(one, known.get(one.name), caller) for one in side.ends}


def given(side: Side, own: Sequence[Endpoint], caller: Caller) -> Mapping[str, TensorSpec]:
    """What the outputs of the model are said to be: of a column neither the shape nor the dtype, as MLflow makes it."""
    if side.is_unnamed and len(own) == 1:
        return {own[0].name: side.tensors.get(side.ends[0].name, own[0].spec)}
    if len(own) == 1 and caller == "keras" and side.ends and not side.tensors:
        return {own[0].name: own[0].spec if len(side.ends) == 1 else _matrix(len(side.ends), own[0].spec)}
    known = {one.name: one.spec for one in own}
    return {one.name: side.tensors.get(one.name, known.get(one.name, one.spec)) for one in side.ends}


def _matrix(count: int, own: TensorSpec) -> TensorSpec:
    """All columns side by side."""
    return TensorSpec(dtype=own.dtype, shape=(None, count))


def _fitted(matrix: TensorSpec, own: TensorSpec) -> TensorSpec:
    """What Keras makes of a matrix: a last axis of 1 is added or taken off where the model has one more or less
    (keras/src/models/functional.py, _adjust_input_rank).
    """
    if matrix.shape is None or own.shape is None:
        return matrix
    longer = (*matrix.shape, 1)
    if len(own.shape) == len(longer) and own.shape[-1] == 1:
        return matrix.replace(shape=longer)
    is_shorter = len(own.shape) == len(matrix.shape) - 1 and matrix.shape[-1] == 1
    return matrix.replace(shape=matrix.shape[:-1]) if is_shorter else matrix


def _vector(column: Endpoint, own: TensorSpec | None, caller: Caller) -> TensorSpec:
    is_cast = caller == "onnx" and column.spec.dtype == "float64" and own is not None and own.dtype == "float32"
    return column.spec.replace(dtype="float32") if is_cast else column.spec
