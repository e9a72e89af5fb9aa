"""Tensor: what is kept of one tensor of the data while its rows go by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, replace

import numpy as np

from sigcheck.observation.channels import Channels, has_channels
from sigcheck.observation.column import Array, Column, Holed
from sigcheck.observation.distinct import Distinct
from sigcheck.observation.rows import Lengths, Sums
from sigcheck.observation.texts import Texts
from sigcheck.schema.errors import SourceError
from sigcheck.schema.observation import TensorObserved
from sigcheck.schema.tensor_spec import TensorSpec

# Runs a function on each item, perhaps side by side, and gives the results.
Run = Callable[[Callable[[Array], Channels], Iterable[Array]], Iterable[Channels]]

# Numbers that are counted at a time: enough to share the work, few enough to stay in the cache.
_CHUNK = 1 << 18
# Of float32 that have no channels the bins are looked at once for each chunk, which takes as long as a part of these.
_CHUNK_OF_SINGLES = 1 << 19
_MATRIX = 2


@dataclass(frozen=True)
class Form:
    """What all rows of a tensor have in common. Numbers that are written in a file of text have no dtype."""

    dtype: str
    rank: int
    is_sparse: bool = False
    is_written: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers, which may be ids."""
        return self.dtype.startswith(("int", "uint"))

    def __str__(self) -> str:
        return f"{'sparse ' if self.is_sparse else ''}{self.dtype} of rank {self.rank}"


class Tensor:
    """The state of one tensor. Two of the same name merge, whichever rows each has seen."""

    def __init__(self, name: str) -> None:
        """No row yet."""
        self.name = name
        self.rows = self.missing = self.nulls = 0
        self.form: Form | None = None
        # Whether some rows came as lists: of one length they are dense, however many came at a time.
        self._are_lists = False
        # Empty lists, whose dtype nobody knows: rows of length 0 if others are lists, else without a value.
        self._empty = 0
        self._sizes: tuple[tuple[int, int], ...] = ()
        self._channels: Channels | None = None
        # Of written numbers the same as int64, to their last digit, as long as all are whole.
        self._whole: Channels | None = None
        self._has_fractions = False
        self._distinct = Distinct()
        self._texts = Texts()
        self._sums = Sums()
        self._lengths = Lengths()

    def add(self, column: Column, run: Run, place: str) -> None:
        """Adds rows. Raises SourceError at `place` where they have another dtype or rank than those before."""
        self.missing += column.missing
        self.nulls += column.nulls
        if column.is_untyped:
            self._empty += column.rows
            return
        if not column.rows:
            return
        self._take_form(_form_of(column), place)
        self._are_lists = self._are_lists or (column.lengths is not None and not column.is_sparse)
        self.rows += column.rows
        if column.holed is not None:
            self._add_holed(column.holed, run)
        if not column.whole_rows:
            return
        self._widen(_sizes_of(column))
        if column.is_text:
            self._texts.add(column.values.ravel().tolist())
        if column.is_text or column.values.dtype.kind == "c":
            self._lengths.add_widths(column.lengths)
            return
        self._add_rows(column)
        self._add_numbers(column, run)

    def merge(self, other: Tensor, place: str) -> None:
        """Adds what another has seen. Raises SourceError as `add` does."""
        self.missing += other.missing
        self.nulls += other.nulls
        self._empty += other._empty
        if other.form is None:
            return
        self._take_form(other.form, place)
        self._are_lists = self._are_lists or other._are_lists
        self.rows += other.rows
        self._widen(other._sizes)
        self._channels = _with(self._channels, other._channels)
        self._take_fractions(has_some=other._has_fractions)
        if not self._has_fractions:
            self._whole = _with(self._whole, other._whole)
            self._distinct.merge(other._distinct)
        self._texts.merge(other._texts)
        self._sums.merge(other._sums)
        self._lengths.merge(other._lengths)

    def taken_for(self, other: Tensor) -> Tensor | None:
        """Written numbers as those of the form of another, which is not written: text has no dtype.

        None where that one holds no numbers, and where these are not all among those that its dtype has.
        """
        form, numbers = other.form, other._channels
        if self.form is None or not self.form.is_written or form is None or numbers is None:
            return None
        if form.is_written or form.is_sparse or (form.dtype, form.rank) != (numbers.all.dtype.name, self.form.rank):
            return None
        channels = self._whole if form.is_whole else self._channels
        taken = None if channels is None else channels.taken_for(numbers.all.dtype)
        return None if taken is None else copy(self).convert(form, taken)

    def convert(self, form: Form, channels: Channels) -> Tensor:
        """Takes the numbers for those of another form, which these channels are of, and gives itself."""
        self.form, self._channels, self._whole = form, channels, None
        return self

    def shown(self) -> Form | None:
        """The form of the rows that have a value, as it is told."""
        return self._shown(0)

    @property
    def valueless(self) -> int:
        """How many rows have no value, or are empty lists of which nobody knows what they would hold."""
        return self.missing + self._empty

    def count_empty(self) -> None:
        """Takes empty lists of an unknown dtype for rows of length 0, as beside other lists they are."""
        self.rows += self._empty
        self._widen(((0, 0), *self._sizes[1:]))
        self._lengths.add_widths(np.zeros(self._empty, np.int64))
        self._empty = 0

    def observed(self, lacking: int = 0) -> TensorObserved | None:
        """What was seen, with the rows `lacking` in which nobody looked for it; None where no row had a value."""
        form = self._shown(self.missing + self._empty + lacking)
        if form is None:
            return None
        if self._are_lists and self._empty:
            whole = Tensor(self.name)
            whole.merge(self, self.name)
            whole.count_empty()
            return whole.observed(lacking)
        sizes = [low if low == high else None for low, high in self._sizes]
        is_ragged = self._are_lists and self._lengths.vary
        spec = TensorSpec(
            kind="sparse" if form.is_sparse else "ragged" if is_ragged else "dense",
            dtype=form.dtype,
            shape=(None, *sizes),
            ragged_rank=1 if is_ragged else None,
            row_splits_dtype="int64" if is_ragged else None,
        )
        # Lists of several lengths need no filling: what their ends have in common is chance.
        padding = None if is_ragged else self._lengths.padding()
        channels = self._whole if form.is_whole and self._whole is not None else self._channels
        return TensorObserved(
            name=self.name,
            spec=spec,
            rows=self.rows,
            missing=self.missing + self._empty + lacking,
            nulls=self.nulls,
            sizes=self._sizes,
            numbers=None
            if channels is None
            else channels.all.observed(self._distinct.count if form.is_whole else None),
            texts=self._texts.observed(),
            channels=channels.observed() if channels is not None and sizes and sizes[-1] is not None else (),
            sums_to_one=None if form.is_whole else self._sums.holds,
            lengths=self._lengths.without(padding) if is_ragged or padding is not None else (),
            entries=self._lengths.without(None) if form.is_sparse else (),
            padding=padding,
        )

    def _add_holed(self, holed: Holed, run: Run) -> None:
        """Adds the entries that have a value: of such rows, as of their sums and channels, nothing is."""
        self._widen(holed.sizes)
        self._lengths.add_widths(holed.lengths)
        if holed.entries.is_text:
            self._texts.add(holed.entries.values.tolist())
        elif holed.entries.values.dtype.kind != "c":
            self._add_numbers(holed.entries, run)

    def _add_rows(self, column: Column) -> None:
        """What is kept of whole rows of numbers."""
        if column.is_sparse:
            self._lengths.add_widths(column.lengths)
            return
        # What ends several lengths of lists have in common is chance: their ends need not be looked at.
        are_even = column.lengths is None or not self._lengths.vary_with(column.lengths)
        is_matrix = are_even and _form_of(column).rank == _MATRIX
        if not is_matrix:
            self._lengths.add_widths(column.lengths)
        is_float = column.values.dtype.kind not in "biu"
        if not is_matrix and (not is_float or self._sums.holds is False):
            return
        for values in column.by_width():
            if is_matrix:
                self._lengths.add(_plain(values))
            if is_float and values.ndim >= _MATRIX and values.shape[-1] > 1:
                self._sums.add(_plain(values))

    def _add_numbers(self, column: Column, run: Run) -> None:
        self._channels = self._counted(self._channels, _plain(column.values), _last_size(column), run)
        if column.is_written and column.values.size:
            self._take_fractions(has_some=column.whole is None)
            if column.whole is not None and not self._has_fractions:
                self._whole = self._counted(self._whole, column.whole, _last_size(column), run)

    def _counted(self, before: Channels | None, values: Array, width: int, run: Run) -> Channels | None:
        flat = np.ascontiguousarray(values).reshape(-1)
        chunk = _CHUNK_OF_SINGLES if values.dtype == np.float32 and not has_channels(width) else _CHUNK
        step = max(1, chunk // width) * width
        chunks = (flat[at : at + step] for at in range(0, len(flat), step))
        for found in run(lambda chunk: Channels(chunk, width), chunks):
            if values.dtype.kind in "iu":
                self._distinct.add(found.values)
            before = _with(before, found)
        return before

    def _take_fractions(self, *, has_some: bool) -> None:
        if has_some and not self._has_fractions:
            self._has_fractions = True
            # Different numbers are counted of whole ones only, whichever came first.
            self._whole, self._distinct = None, Distinct()

    def _shown(self, missing: int) -> Form | None:
        """The form that is told: numbers that are all written as whole ones are int64, but float64 where cells lack.

        So pandas reads them, which fills such cells with NaN. A list that lacks changes nothing of the others.
        """
        form = self.form
        if form is None or not form.is_written or self._has_fractions or self._channels is None:
            return form
        return replace(form, dtype="int64") if form.rank > 1 or not missing else form

    def _take_form(self, form: Form, place: str) -> None:
        if self.form is None:
            self.form = form
            return
        mine = self.form
        if mine != form:
            told = f"{form}, and {mine} in the rows before"
            raise SourceError(place, f"{self.name}: {told}, expected one for all rows. Convert it, or leave it out.")

    def _widen(self, sizes: tuple[tuple[int, int], ...]) -> None:
        if not self._sizes:
            self._sizes = sizes
        self._sizes = tuple(
            (min(one[0], other[0]), max(one[1], other[1])) for one, other in zip(self._sizes, sizes, strict=True)
        )


def _with(before: Channels | None, other: Channels | None) -> Channels | None:
    """The one, with what the other has seen."""
    if before is not None and other is not None:
        before.merge(other)
    elif other is not None:
        other.forget()
    return other if before is None else before


def _form_of(column: Column) -> Form:
    dtype = "string" if column.is_text else column.values.dtype.name
    if column.sizes is not None:
        return Form(dtype, 1 + len(column.sizes), is_sparse=True)
    rank = column.values.ndim + (column.lengths is not None)
    return Form(dtype, rank, is_written=column.is_written)


def _sizes_of(column: Column) -> tuple[tuple[int, int], ...]:
    if column.sizes is not None:
        return column.sizes
    tail = tuple((size, size) for size in column.values.shape[1:])
    if column.lengths is None:
        return tail
    return ((int(column.lengths.min()), int(column.lengths.max())), *tail)


def _last_size(column: Column) -> int:
    """How many numbers the last axis has; 1 where that differs, or there is none but that of the rows."""
    if column.is_sparse:
        return 1
    if column.values.ndim > 1:
        return max(1, int(column.values.shape[-1]))
    lengths = column.lengths
    is_even = lengths is not None and len(lengths) and (lengths == lengths[0]).all()
    return max(1, int(lengths[0])) if is_even and lengths is not None else 1


def _plain(values: Array) -> Array:
    """The same numbers in a dtype of NumPy's own: bfloat16 and its like are extensions."""
    return values if values.dtype.kind in "biuf" else values.astype(np.float32)
