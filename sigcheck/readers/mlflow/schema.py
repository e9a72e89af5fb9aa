"""A schema of MLflow: tensors and columns (mlflow/types/schema.py), each an input or output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.signature import Endpoint, Note
from sigcheck.schema.tensor_spec import TensorSpec

# mlflow.types.DataType; a date is no number that a tensor holds.
_COLUMNS: Mapping[str, str] = {
    "boolean": "bool",
    "integer": "int32",
    "long": "int64",
    "float": "float32",
    "double": "float64",
    "string": "string",
    "binary": "string",
}
_TENSOR = "tensor"
_BYTES = Facts(meaning="bytes", origins={"meaning": "read"})
# NumPy's dtypes of texts. MLflow allows no length.
_TEXTS = frozenset({"str", "bytes", "object"})


class Side(NamedTuple):
    """The inputs or outputs, of which the tensors have shapes that hold for the model, too; and notes."""

    ends: tuple[Endpoint, ...] = ()
    tensors: Mapping[str, TensorSpec] = {}
    is_unnamed: bool = False
    notes: tuple[Note, ...] = ()


def read_side(written: Any, name: str) -> Side:
    """What stands under `inputs` or `outputs`; `name` is what a tensor without a name is called.

    Raises ValueError, KeyError and the like where it is no schema.
    """
    if not isinstance(written, list):
        raise ValueError(f"{name}: {written!r:.40}, expected a list of columns or tensors")
    spend(STEPS_OF_ENDPOINT * len(written))
    names = distinct_names(str(one.get("name", name)) for one in written)
    notes: list[Note] = []
    ends, tensors = [], {}
    for own, one in zip(names, written, strict=True):
        spec = _tensor(own, one, notes) if one["type"] == _TENSOR else _column(own, one, notes)
        ends.append(Endpoint(name=own, spec=spec, optional=not one.get("required", not one.get("optional", False))))
        if one["type"] == _TENSOR:
            tensors[own] = spec
    is_unnamed = len(written) == 1 and "name" not in written[0]
    return Side(tuple(ends), tensors, is_unnamed, tuple(notes))


def read_params(written: list[Mapping[str, Any]]) -> list[Endpoint]:
    """Parameters of a call, which all have a default."""
    spend(STEPS_OF_ENDPOINT * len(written))
    return [
        Endpoint(
            name=one["name"],
            spec=TensorSpec(dtype=_COLUMNS.get(one["type"]), shape=_shape(one.get("shape") or ())),
            optional=True,
        )
        for one in written
    ]


def _tensor(name: str, written: Mapping[str, Any], notes: list[Note]) -> TensorSpec:
    spec = written["tensor-spec"]
    told = str(spec["dtype"])
    dtype = "string" if told in _TEXTS else told
    if dtype not in DTYPES:
        notes.append(Note(place=name, message=f"dtype {told[:40]!r} is none that TensorFlow has"))
    return TensorSpec(dtype=dtype if dtype in DTYPES else None, shape=_shape(spec["shape"]))


def _column(name: str, written: Mapping[str, Any], notes: list[Note]) -> TensorSpec:
    """A value in each row."""
    kind = written["type"]
    dtype = _COLUMNS.get(kind) if isinstance(kind, str) else None
    if dtype is None:
        notes.append(Note(place=name, message=f"a column of type {kind!r:.40}, which no tensor of one row holds"))
        return TensorSpec(dtype=None, shape=None)
    return TensorSpec(dtype=dtype, shape=(None,), facts=_BYTES if kind == "binary" else NO_FACTS)


def _shape(sizes: Any) -> tuple[int | None, ...]:
    if not isinstance(sizes, list | tuple) or any(type(size) is not int for size in sizes):
        raise ValueError(f"shape {sizes!r:.40}, expected a list of sizes")
    return tuple(None if size < 0 else size for size in sizes)
