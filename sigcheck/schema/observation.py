"""Observation: what data showed of its tensors. No row of the data is in it: counts, ends, sums and bins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator

from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import SCHEMA_VERSION, Value

# The shares at which quantiles are told.
SHARES = (0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999)

# What a file that somebody edited says may be any number; no data has more of anything.
Count = Annotated[int, Field(ge=0, lt=2**63)]
# Of the widest dtypes, signed or not.
Whole = Annotated[int, Field(ge=-(2**63), lt=2**64)]


class NumbersObserved(Value):
    """Numbers of a tensor, or of one channel of it.

    `count` counts all, NaN and infinities among them; the rest is of the finite ones. `std` is that of the
    population. `quantiles` are (share, value), exact for whole numbers of at most two bytes and for float16, else off
    by at most 0.4 percent of the value. `distinct` counts different whole numbers, where that was done.
    """

    count: Count
    nan: Count = 0
    infinite: Count = 0
    zeros: Count = 0
    # Whole numbers of more digits than a float has stand with all of them.
    least: float | Whole | None = None
    greatest: float | Whole | None = None
    mean: float | None = None
    std: float | None = None
    is_whole: bool = False
    quantiles: tuple[tuple[float, float], ...] = ()
    distinct: Count | None = None

    @field_validator("quantiles")
    @classmethod
    def _are_numbers(cls, quantiles: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
        if any(part != part for one in quantiles for part in one):  # noqa: PLR0124  # NaN is not itself
            raise ValueError("a quantile that is no number")
        return quantiles


class TextsObserved(Value):
    """Strings: how many, how long in bytes, and how many look like what (`jpeg`, `base64`, `utf-8`, ...)."""

    count: Count
    least_bytes: Count
    greatest_bytes: Count
    forms: Mapping[str, Count]
    distinct: Count | None = None


class PaddingObserved(Value):
    """Rows that end, or begin, in the same value, at least twice: how many of them there are."""

    value: float
    side: Literal["post", "pre"]
    rows: Count


class TensorObserved(Value):
    """One tensor of the data.

    `spec` has the sizes that were the same in all rows; its first axis is that of the rows. `sizes` are the
    least and greatest size seen of each axis behind it. `missing` counts rows that have no value, `nulls` such
    entries of the others: no number of values counts them, lengths do. `lengths` are
    (length, rows): of ragged rows, or of padded ones without their padding; `entries` are (entries, rows) of sparse
    rows, of which `numbers` and `texts` are those of the entries alone. `sums_to_one` says whether each
    last axis is not negative and sums to one, where it is long enough to ask. `channels` are the indices of
    the last axis, each by itself.
    """

    name: str
    spec: TensorSpec
    rows: Count
    missing: Count = 0
    nulls: Count = 0
    sizes: tuple[tuple[Count, Count], ...] = ()
    numbers: NumbersObserved | None = None
    texts: TextsObserved | None = None
    channels: tuple[NumbersObserved, ...] = ()
    sums_to_one: bool | None = None
    lengths: tuple[tuple[Count, Count], ...] = ()
    entries: tuple[tuple[Count, Count], ...] = ()
    padding: PaddingObserved | None = None


# Files of text, in which a number is no more than what is written.
_OF_TEXT = tuple(f"{suffix}{packed}" for suffix in (".csv", ".jsonl", ".ndjson") for packed in ("", ".gz"))


class DataFile(Value):
    """A file that was observed; `path` as it was named, `sha256` of its bytes."""

    path: str
    sha256: str
    bytes: Count
    rows: Count


class LeftOut(Value):
    """A column of the data that is no tensor, and what it is instead, as `date32[day]`."""

    name: str
    found: str

    def __str__(self) -> str:
        return f"{self.name} ({self.found})"


class Observation(Value):
    """All tensors of the data, the files that stand behind them, and the columns that were left out."""

    schema_version: Literal[1] = SCHEMA_VERSION
    files: tuple[DataFile, ...] = ()
    tensors: tuple[TensorObserved, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether all of it stood in files of text, which have no dtypes."""
        return bool(self.files) and all(one.path.lower().endswith(_OF_TEXT) for one in self.files)
