"""Counterexamples: failing tensors as text for people, and as an archive that gives them back.

The archive is a NumPy `.npz` without pickles: a dense tensor under its name, a ragged one as
`NAME:values` and `NAME:row_splits_0` and so on, a sparse one as `NAME:indices`, `NAME:values`
and `NAME:dense_shape`. Strings are arrays of bytes.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from itertools import pairwise

from sigcheck.encodings.arrays import read_arrays
from sigcheck.schema.errors import SourceError
from sigcheck.schema.report import Counterexample
from sigcheck.schema.shape import format_shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, RaggedArray, SparseArray, Tensor, numpy_dtype
from sigcheck.verification.reference import values_of

# What is told in a message, and what an answer of the worker can hold beside the rest.
_SHOWN = 160
_MOST_BYTES = 2**18
# An archive of more is none that was written here.
_MOST_READ = 2**24


def write_counterexample(tensors: Mapping[str, Tensor], specs: Mapping[str, TensorSpec]) -> Counterexample:
    """The tensors as text, and as an archive unless that is larger than 256 KiB."""
    shown = {name: _text(tensor, specs[name]) for name, tensor in tensors.items()}
    if sum(values_of(tensor).nbytes for tensor in tensors.values()) > _MOST_BYTES:
        return Counterexample(tensors=shown)
    packed = pack(tensors)
    return Counterexample(
        tensors=shown, npz=base64.b64encode(packed).decode("ascii") if len(packed) <= _MOST_BYTES else None
    )


def pack(tensors: Mapping[str, Tensor]) -> bytes:
    """The archive: the same tensors give the same bytes."""
    import zipfile

    import numpy as np

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in _arrays(tensors):
            member = io.BytesIO()
            plain = np.asarray(array, dtype=np.bytes_) if array.dtype.kind == "O" else array
            np.lib.format.write_array(member, np.ascontiguousarray(plain).reshape(plain.shape), allow_pickle=False)
            # A member without a time: ZipInfo's own is that of 1980.
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return buffer.getvalue()


def unpack(place: str, packed: bytes, endpoints: Iterable[Endpoint]) -> dict[str, Tensor]:
    """The tensors of an archive that belong to the endpoints.

    Raises SourceError where one is missing, or is no tensor of its endpoint, or the archive is broken.
    """
    try:
        arrays = read_arrays(packed, _MOST_READ, _MOST_READ)
    except ValueError as error:
        raise SourceError(place, f"broken: {error}, expected an .npz archive. Write it again.") from None
    return {endpoint.name: _tensor(place, endpoint, arrays) for endpoint in endpoints}


def _arrays(tensors: Mapping[str, Tensor]) -> Iterable[tuple[str, Array]]:
    for name, tensor in tensors.items():
        if isinstance(tensor, RaggedArray):
            yield f"{name}:values", tensor.values
            yield from ((f"{name}:row_splits_{axis}", splits) for axis, splits in enumerate(tensor.row_splits))
        elif isinstance(tensor, SparseArray):
            yield f"{name}:indices", tensor.indices
            yield f"{name}:values", tensor.values
            yield f"{name}:dense_shape", tensor.dense_shape
        else:
            yield name, tensor


def _tensor(place: str, endpoint: Endpoint, arrays: Mapping[str, Array]) -> Tensor:
    name, spec = endpoint.name, endpoint.spec
    try:
        if spec.kind == "ragged":
            splits = tuple(arrays[f"{name}:row_splits_{axis}"] for axis in range(spec.ragged_rank or 0))
            return RaggedArray(_values(place, name, spec, arrays[f"{name}:values"]), splits)
        if spec.kind == "sparse":
            values = _values(place, name, spec, arrays[f"{name}:values"])
            return SparseArray(arrays[f"{name}:indices"], values, arrays[f"{name}:dense_shape"])
        return _values(place, name, spec, arrays[name])
    except KeyError as error:
        found = ", ".join(arrays) or "nothing"
        raise SourceError(place, f"no array {error} for {endpoint}, it has {found}. Write it again.") from None


def _values(place: str, name: str, spec: TensorSpec, array: Array) -> Array:
    import numpy as np

    wanted = numpy_dtype(spec.dtype or "variant")
    if wanted.kind == "O" and array.dtype.kind == "S":
        return array.astype(object)
    # NumPy writes the narrow floats of ml_dtypes as bytes of their width.
    if array.dtype.kind == "V" and array.dtype.itemsize == wanted.itemsize:
        return array.view(wanted)
    if array.dtype != wanted:
        raise SourceError(place, f"{name} is {array.dtype}, expected {spec.dtype}. Write it again.")
    return np.asarray(array)


def _text(tensor: Tensor, spec: TensorSpec) -> str:
    """The values as Python writes lists, and of what spec they are."""
    if isinstance(tensor, RaggedArray):
        return f"{_short(_rows(tensor))} (ragged {spec.dtype})"
    if isinstance(tensor, SparseArray):
        shape = format_shape(tuple(int(size) for size in tensor.dense_shape))
        return f"{_short(tensor.values.tolist())} at {_short(tensor.indices.tolist())} (sparse {spec.dtype}{shape})"
    return f"{_short(tensor.tolist())} ({spec.dtype}{format_shape(tuple(tensor.shape))})"


def _rows(tensor: RaggedArray) -> list[object]:
    rows: list[object] = tensor.values.tolist()
    for splits in reversed(tensor.row_splits):
        rows = [rows[begin:end] for begin, end in pairwise(splits)]
    return rows


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
