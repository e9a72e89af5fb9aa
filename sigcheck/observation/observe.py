"""Observe: one pass over files or over data in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from sigcheck.observation.asked import DEFAULT_NAME, Asked, named
from sigcheck.observation.files import find_files, observe_file, require_heeded
from sigcheck.observation.gathered import Gathered, Part
from sigcheck.observation.live import batches_of, is_element
from sigcheck.observation.observer import Observer
from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.example_features import Features
from sigcheck.schema.observation import Observation


def observe(
    data: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | Iterable[Any],
    *,
    name: str = DEFAULT_NAME,
    is_batched: bool | None = None,
    features: Features | Mapping[str, str] | None = None,
    only: str | Iterable[str] | None = None,
) -> Observation:
    """What data shows of its tensors: ends, statistics, quantiles, lengths, padding, ids. No row of it is kept.

    `data` is a path, a glob or a folder of `.npy`, `.npz`, `.tfrecord`, `.csv`, `.jsonl`, `.parquet` files or of
    pictures, or several of these; or an array, a dict of arrays or a pandas table; or a `tf.data.Dataset` or another
    iterable of arrays, or of dicts or tuples of arrays. The first axis of each array is that of the rows, unless
    `is_batched` is False: then each element is one row. A folder that `tf.data.Dataset.save` wrote has an element for
    each row, unless it is True. `name` is that of arrays that have none, `features` those of records that are looked
    at, as `{"x": "float32[3]"}`. Columns that are no tensors, as dates, are `left_out` of what is given. `only` names
    the tensors that are looked at: other columns may be anything. Raises SourceError where something cannot be read,
    UsageError for what says nothing of this data.
    """
    wanted = named(only)
    if isinstance(data, str | os.PathLike):
        data = [data]
    if isinstance(data, Sequence) and data and all(isinstance(one, str | os.PathLike) for one in data):
        files, asked = find_files([os.fspath(one) for one in data]), _asked(name, is_batched, features, wanted)
        require_heeded(files, asked, {"features": "features"})
        return _of_files(files, asked)
    _require_iterable(data)
    if features is not None:
        raise UsageError("features", "of data in memory, which is parsed, expected paths of records. Leave them out.")
    with Observer() as observer:
        for batch in batches_of(data, Asked(name, is_batched=is_batched is not False, only=wanted)):
            observer.add_element(batch, "data")
        observer.require(wanted)
        return observer.observation()


def _asked(
    name: str, is_batched: bool | None, features: Features | Mapping[str, str] | None, only: tuple[str, ...]
) -> Asked:
    try:
        parsed = features if features is None else Features.model_validate(features)
    except ValidationError as error:
        problem = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise UsageError("features", f"{problem}. Correct it.") from None
    return Asked(name, parsed, is_batched=is_batched is True, only=only)


def _of_files(files: Sequence[str], asked: Asked) -> Observation:
    gathered = Gathered()
    for index, file in enumerate(files):
        with Observer() as observer:
            observe_file(observer, file, asked)
        gathered.add(Part(index, file, observer))
    for path, problem in gathered.conflicts():
        raise SourceError(path, problem)
    for problem in gathered.missed(asked.only):
        raise UsageError("only", problem)
    return gathered.observation()


def _require_iterable(data: object) -> None:
    if not isinstance(data, Iterable) and not is_element(data):
        found = type(data).__name__
        raise SourceError("data", f"{found}, expected paths, or an iterable of arrays. Give a list of it.")
