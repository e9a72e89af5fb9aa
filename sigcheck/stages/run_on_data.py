"""Run on data: what a model gives for files of data, observed. Models are programs: only who asks for it runs one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from sigcheck.observation.asked import Asked
from sigcheck.observation.column import Array, Batch, Column, Columns
from sigcheck.observation.files import suffixes
from sigcheck.observation.observer import Observer
from sigcheck.observation.opened import Digest, opened
from sigcheck.observation.sources import reader_of
from sigcheck.schema.errors import SourceError
from sigcheck.schema.observation import DataFile, Observation
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.watcher import NOBODY, Watcher
from sigcheck.stages.features import reads_examples
from sigcheck.stages.read_source import ReadSource
from sigcheck.stages.runnable import runnable_of
from sigcheck.transforms.parts.array import RaggedArray, Tensor, numpy_dtype
from sigcheck.verification.call_model import called_model

# As many rows as a model is called with, where its batch is open.
_ROWS = 64
# Arrays of one archive come one behind the other, and a row needs all of them.
_MOST_APART = 1 << 30
# Kinds of NumPy's dtypes: whole numbers and truths.
_WHOLE = frozenset("iub")


def observe_outputs(
    model: ReadSource, files: Sequence[str], asked: Asked, timeout: float, watcher: Watcher = NOBODY
) -> Observation:
    """What the outputs of a model show on data whose tensors have the names of its inputs.

    A model that parses Examples is given records as they are.

    The model runs in a worker process; `timeout` is for loading it and for each batch, in seconds. Raises UsageError
    for a model that is no file to run, SourceError where the data is not what its inputs take, or it fails.
    """
    run = runnable_of(model)
    inputs = run.signature.inputs
    asked = _with_records(asked, model.shown.signature.inputs)
    with called_model(run, timeout) as call, Observer() as observer:
        for path in files:
            count = 0
            # What is far is read once, by the model and by its hash.
            digest = Digest()
            for place, rows, columns in _rows(path, inputs, asked, watcher, digest):
                size = _batch_of(inputs)
                for start in range(0, rows, size):
                    part = slice(start, min(rows, start + size))
                    given = call({name: tensor_of(columns[name], part) for name in columns})
                    outputs = {name: _column(value, f"{run.source}: {name}") for name, value in given.items()}
                    observer.add_element(Batch(outputs, None), place)
                count += rows
            observer.add_file(DataFile(path=path, sha256=digest.hexdigest(), bytes=digest.end, rows=count))
        return observer.observation()


def _with_records(asked: Asked, inputs: Sequence[Endpoint]) -> Asked:
    """What is asked, with records as they are for the one input whose Examples the model parses itself."""
    wanted = [one for one in inputs if not one.optional]
    if asked.features is not None or len(wanted) != 1 or not reads_examples(wanted[0]):
        return asked
    return replace(asked, name=wanted[0].name, are_records=True)


def _batch_of(inputs: Sequence[Endpoint]) -> int:
    sizes = [one.spec.shape[0] for one in inputs if one.spec.shape]
    return next((size for size in sizes if size), _ROWS)


def _rows(
    path: str, inputs: Sequence[Endpoint], asked: Asked, watcher: Watcher, digest: Digest
) -> Iterator[tuple[str, int, Mapping[str, Tensor]]]:
    """The rows of a file, some at a time, as the inputs take them."""
    reader = reader_of(path)
    if reader is None:
        raise SourceError(path, f"no data that is known here, expected a file that ends in {suffixes()}. Convert it.")
    apart: dict[str, list[Column]] = {}
    with opened(path, watcher, digest) as (file, _):
        for batch in reader.batches(file, path, asked):
            if batch.rows is not None and not apart:
                yield path, batch.rows, _tensors(batch.columns, inputs, path)
                continue
            for name, column in batch.columns.items():
                apart.setdefault(name, []).append(column)
            if sum(one.values.nbytes for own in apart.values() for one in own) > _MOST_APART:
                problem = f"arrays of over {_MOST_APART >> 30} GiB, one behind the other. Save parts of them."
                raise SourceError(path, problem)
    if apart:
        joined = {name: Column(np.concatenate([one.values for one in own])) for name, own in apart.items()}
        tensors = _tensors(joined, inputs, path)
        counts = {name: joined[name].rows for name in tensors}
        if len(set(counts.values())) > 1:
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            raise SourceError(path, f"arrays of {told} rows, expected as many of each. Save them so.")
        yield path, next(iter(counts.values())), tensors


def _tensors(columns: Columns, inputs: Sequence[Endpoint], place: str) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for one in inputs:
        if one.name in columns:
            found[one.name] = _tensor(columns[one.name], one, f"{place}: {one.name}")
        elif not one.optional:
            near = ", ".join(sorted(columns)[:5]) or "nothing"
            raise SourceError(place, f"no {one.name!r} for the input of this name, but {near}. Rename it.")
    return found


def _tensor(column: Column, endpoint: Endpoint, place: str) -> Tensor:
    spec = endpoint.spec
    if column.nulls:
        raise SourceError(place, f"{column.nulls} entries without a value, expected one in each. Fill them.")
    if column.missing:
        raise SourceError(place, f"{column.missing} rows without a value, expected one in each. Leave them out.")
    if spec.dtype is None or spec.kind == "sparse" or (spec.ragged_rank or 0) > 1:
        raise SourceError(place, f"an input of {spec}, which no column of data is fed to. Run it in Python.")
    if column.is_sparse:
        # Its values are entries, of which the places are not kept.
        raise SourceError(place, f"sparse rows, expected {spec}. Save them with tf.sparse.to_dense.")
    # A float64 has no room for each id of 64 bits.
    whole = column.whole if numpy_dtype(spec.dtype).kind in "iu" else None
    values = _cast(column.values if whole is None else whole, spec.dtype, place)
    lengths = column.lengths
    if spec.kind == "ragged":
        if lengths is None:
            lengths = np.full(len(values), values.shape[1] if values.ndim > 1 else 1)
            values = values.reshape(-1, *values.shape[2:])
        return RaggedArray(values, (np.concatenate([[0], np.cumsum(lengths)]),))
    if lengths is None:
        return values
    if len(lengths) and (lengths != lengths[0]).any():
        problem = f"rows of {lengths.min()} to {lengths.max()} values, expected {spec}. Fill them to one length."
        raise SourceError(place, problem)
    return values.reshape(len(lengths), int(lengths[0]) if len(lengths) else 0, *values.shape[1:])


def _cast(values: Array, dtype: str, place: str) -> Array:
    """The values in the dtype of the input. Raises SourceError where that would change whole numbers, or texts."""
    wanted = numpy_dtype(dtype)
    if (values.dtype.kind == "O") != (dtype == "string"):
        raise SourceError(
            place, f"{'texts' if values.dtype.kind == 'O' else 'numbers'}, expected {dtype}. Convert them."
        )
    if values.dtype == wanted or dtype == "string":
        return values
    # What does not fit at all becomes some number, which is another one.
    with np.errstate(invalid="ignore"):
        cast = values.astype(wanted)
        is_kept = (cast.astype(values.dtype) == values).all()
    # Not every whole number is one of a float, either.
    if not is_kept and not _WHOLE.isdisjoint(wanted.kind + values.dtype.kind):
        raise SourceError(place, f"numbers that {dtype} does not hold. Convert them.")
    return cast


def tensor_of(tensor: Tensor, rows: slice) -> Tensor:
    """Some rows of a tensor."""
    if not isinstance(tensor, RaggedArray):
        return tensor[rows]  # type: ignore[index]  # an array: sparse ones are refused before
    (splits,) = tensor.row_splits
    own = splits[rows.start : rows.stop + 1]
    return RaggedArray(tensor.values[own[0] : own[-1]], (own - own[0],))


def _column(value: Tensor, place: str) -> Column:
    if isinstance(value, RaggedArray) and len(value.row_splits) == 1:
        return Column(value.values, np.diff(value.row_splits[0]))
    if isinstance(value, np.ndarray) and value.ndim:
        return Column(value)
    raise SourceError(place, "a scalar, or a tensor without rows, expected rows. Look at it in Python.")
