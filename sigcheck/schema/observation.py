"""Observation: what data showed of its tensors. No row of the data is in it: counts, ends, sums and bins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import SCHEMA_VERSION, Value

# The shares at which quantiles are told.
SHARES = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)


class NumbersObserved(Value):
    """Numbers of a tensor, or of one channel of it.

    `count` counts all, NaN and infinities among them; the rest is of the finite ones. `std` is that of the
    population. `quantiles` are (share, value), exact for whole numbers of at most two bytes and for float16, else off
    by at most 0.4 percent of the value. `distinct` counts different whole numbers, where that was done.
    """

    count: int
    nan: int = 0
    infinite: int = 0
    zeros: int = 0
    # Whole numbers of more digits than a float has stand with all of them.
    least: float | int | None = None
    greatest: float | int | None = None
    mean: float | None = None
    std: float | None = None
    is_whole: bool = False
    quantiles: tuple[tuple[float, float], ...] = ()
    distinct: int | None = None


class TextsObserved(Value):
    """Strings: how many, how long in bytes, and how many look like what (`jpeg`, `base64`, `utf-8`, ...)."""

    count: int
    least_bytes: int
    greatest_bytes: int
    forms: Mapping[str, int]
    distinct: int | None = None


class PaddingObserved(Value):
    """Rows that end, or begin, in the same value, at least twice: how many of them there are."""

    value: float
    side: Literal["post", "pre"]
    rows: int


class TensorObserved(Value):
    """One tensor of the data.

    `spec` has the sizes that were the same in all rows; its first axis is that of the rows. `sizes` are the
    least and greatest size seen of each axis behind it. `missing` counts rows that have no value. `lengths` are
    (length, rows): of ragged rows, or of padded ones without their padding; `entries` are (entries, rows) of sparse
    rows, of which `numbers` and `texts` are those of the entries alone. `sums_to_one` says whether each
    last axis is not negative and sums to one, where it is long enough to ask. `channels` are the indices of
    the last axis, each by itself.
    """

    name: str
    spec: TensorSpec
    rows: int
    missing: int = 0
    sizes: tuple[tuple[int, int], ...] = ()
    numbers: NumbersObserved | None = None
    texts: TextsObserved | None = None
    channels: tuple[NumbersObserved, ...] = ()
    sums_to_one: bool | None = None
    lengths: tuple[tuple[int, int], ...] = ()
    entries: tuple[tuple[int, int], ...] = ()
    padding: PaddingObserved | None = None


# Files of text, in which a number is no more than what is written.
_OF_TEXT = (".csv", ".jsonl", ".ndjson")


class DataFile(Value):
    """A file that was observed; `path` as it was named, `sha256` of its bytes."""

    path: str
    sha256: str
    bytes: int
    rows: int


class Observation(Value):
    """All tensors of the data, and the files that stand behind them."""

    schema_version: Literal[1] = SCHEMA_VERSION
    files: tuple[DataFile, ...] = ()
    tensors: tuple[TensorObserved, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether all of it stood in files of text, which have no dtypes."""
        return bool(self.files) and all(one.path.lower().endswith(_OF_TEXT) for one in self.files)
