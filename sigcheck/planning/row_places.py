"""Row places: whether rows of one consumer that belong together lie at one place.

Each input is planned by itself. Token ids that are moved to the end of their rows, beside a mask that stays in front,
have the right shapes, and say nothing of each other any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.rows import named_row_axis, places_of_rows

# Where the entries of a row come to lie: where they were, all of the width at the end, or the row without its filling.
Place = Literal["start", "end", "row start", "row end"]

_TOLD: dict[Place, str] = {
    "start": "its rows where they begin",
    "end": "its rows at the end",
    "row start": "its rows freed of what fills them, at the beginning",
    "row end": "its rows freed of what fills them, at the end",
}
_FULL, _FREED = "its rows in full, with what fills them", "its rows freed of it"
# A batch, and rows.
_RANK = 2
_LENGTHS = ("lengths", None)
# What holds no entries of rows, whatever sizes it has.
_NO_ROWS = frozenset({"embedding", "probabilities", "log_probabilities", "logits", "pixels", "lengths", "class_ids"})
# Junctions whose rows are of one value, or are counted: they lie along all of their axis.
_MADE = frozenset({"broadcast", "constant", "range"})


class Misplaced(NamedTuple):
    """An input whose rows come to lie elsewhere than those of others: in words, where, and where those do.

    `is_told` says that the consumer declares how both are filled, and that it is no mask of nothing else than these.
    `is_of_boxes` where it is boxes, and the others are the picture that they are no longer of.
    """

    required: str
    own: str
    other: str
    others: tuple[str, ...]
    is_told: bool
    is_of_boxes: bool = False


class _Rows(NamedTuple):
    """Rows that an input gets: where they come to lie, how long they are on both sides, what their axis is called."""

    required: str
    place: Place
    given: tuple[str, int | None]
    taken: int | None
    name: str | None
    is_told: bool
    is_mask: bool
    # Of ragged rows made of an array: whether they were freed of what fills them.
    is_freed: bool | None
    # Whether rows end where their axis does; of a mask made of lengths it is known that they begin where it does.
    is_in_front: bool
    is_counted: bool

    def is_beside(self, other: _Rows) -> bool:
        """Whether both may be rows of the same entries."""
        if self.name is not None and other.name is not None and self.name != other.name:
            return False
        # Of lengths nothing says which rows they are of.
        is_any = _LENGTHS in (self.given, other.given)
        if not (is_any or _may_be(self.given, other.given)) or not _may_be((self.taken,), (other.taken,)):
            return False
        # What is open on both sides may be anything that stands beside it; a mask is of rows.
        is_same = is_any or self.given == other.given or self.taken == other.taken
        return is_same or self.is_mask or other.is_mask


def _may_be(one: tuple[str | int | None, ...], other: tuple[str | int | None, ...]) -> bool:
    return all(None in {ours, theirs} or ours == theirs for ours, theirs in zip(one, other, strict=True))


def find_misplaced(bindings: Sequence[Binding]) -> tuple[Misplaced, ...]:
    """The inputs whose rows lie elsewhere than those of another one that was moved, in the order of the bindings."""
    rows = [found for binding in bindings if (found := _rows_of(binding)) is not None]
    return tuple({one.required: one for one in (*_find_full(rows), *_find_moved(rows), *_find_counted(rows))}.values())


def _find_full(rows: Sequence[_Rows]) -> Iterator[Misplaced]:
    """Yields the ragged rows that keep what fills them, beside others of as many entries that do not."""
    for one in rows:
        freed = [other.required for other in rows if other.is_freed and one.is_beside(other)]
        if one.is_freed is False and freed:
            yield Misplaced(one.required, _FULL, _FREED, tuple(freed), is_told=False)


def _find_moved(rows: Sequence[_Rows]) -> tuple[Misplaced, ...]:
    moved = [one for one in rows if one.place != "start"]
    if not moved:
        return ()
    # In which order the signature has them decides nothing.
    usual = min(moved, key=_first_told)
    return tuple(
        Misplaced(one.required, _TOLD[one.place], _TOLD[usual.place], _at(usual, rows), _is_told(one, usual, rows))
        for one in rows
        if one.place != usual.place and one.is_beside(usual) and not _is_of_another(one, rows)
    )


def _find_counted(rows: Sequence[_Rows]) -> Iterator[Misplaced]:
    """Yields the masks made of lengths, from the first place on, beside rows that end where their axis does."""
    for one in rows:
        in_front = sorted((other for other in rows if other.is_in_front and one.is_beside(other)), key=_first_told)
        if one.is_counted and not one.is_in_front and in_front:
            others = tuple(other.required for other in in_front)
            is_told = _is_told(one, in_front[0], rows)
            yield Misplaced(one.required, _TOLD["row start"], _TOLD["end"], others, is_told)


def _first_told(one: _Rows) -> tuple[bool, str]:
    return not one.is_told, one.required


def is_moved_alike(steps: Sequence[Step], others: Sequence[Step]) -> bool:
    """Whether these steps bring the entries of rows to one place, and those there too."""
    return _place(steps) == _place(others)


def _at(usual: _Rows, rows: Sequence[_Rows]) -> tuple[str, ...]:
    """The inputs whose rows lie where the usual ones do, these first: what they declare leads there."""
    beside = (one.required for one in rows if one.place == usual.place and one.is_beside(usual))
    return tuple(dict.fromkeys((usual.required, *beside)))


def _is_told(one: _Rows, usual: _Rows, rows: Sequence[_Rows]) -> bool:
    """Whether the consumer says itself that these rows lie elsewhere; a mask is of rows, and lies where some do."""
    is_alone = one.is_mask and not any(
        other.place == one.place and not other.is_mask for other in rows if one.is_beside(other)
    )
    return one.is_told and usual.is_told and not is_alone


def _is_of_another(one: _Rows, rows: Sequence[_Rows]) -> bool:
    """Whether what nobody told of may belong to rows beside it that are told to lie there."""
    return not one.is_told and any(other.is_told and other.place == one.place for other in rows if one.is_beside(other))


def _rows_of(binding: Binding) -> _Rows | None:
    """The rows that an input gets; None where it has none, or no plan."""
    provided, required, plan = binding.provided_spec, binding.required_spec, binding.plan
    is_made = binding.junction is not None and binding.junction.transform in _MADE
    if plan is None or is_made or required.facts.meaning in _NO_ROWS:
        return None
    given, taken = row_axis(provided), row_axis(required)
    is_counted = any(step.transform == "lengths_to_mask" for step in binding.steps)
    if (given is None and not is_counted) or taken is None:
        return None
    size = provided.shape[given] if provided.shape is not None and given is not None else None
    wanted = required.shape[taken] if required.shape is not None else None
    names = required.facts.axes or provided.facts.axes
    return _Rows(
        binding.required,
        _place(binding.steps),
        _LENGTHS if is_counted else (provided.kind, size),
        wanted,
        None if names is None or taken >= len(names) else names[taken],
        required.facts.padding is not None,
        required.facts.meaning == "mask",
        _is_freed(binding),
        _is_in_front(binding),
        is_counted,
    )


def _is_in_front(binding: Binding) -> bool:
    """Whether something says that the rows an input gets are filled in front: they end where their axis does."""
    given = binding.steps[-1].result if binding.steps else binding.provided_spec
    padding = given.facts.padding
    return padding is not None and padding.side == "pre"


def _is_freed(binding: Binding) -> bool | None:
    """Whether ragged rows that are made of an array lose what fills them; None of what is no such rows."""
    if binding.required_spec.kind != "ragged":
        return None
    return next(("value" in step.arguments for step in binding.steps if step.transform == "dense_to_ragged"), None)


def row_axis(spec: TensorSpec) -> int | None:
    """The axis along which rows lie: behind the batch, passing over axes of one entry; None where there is none."""
    rank, axes = spec.rank, spec.facts.axes
    if rank is None or rank < _RANK:
        return None
    if axes is not None and "batch" in axes[1:]:
        return named_row_axis(axes)
    places = places_of_rows(spec, _RANK) if rank > _RANK else None
    return 1 if places is None else places[1]


def _place(steps: Sequence[Step]) -> Place:
    """Where the entries of rows come to lie by these steps."""
    place: Place = "start"
    freed: str | None = None
    for step in steps:
        told = step.arguments
        side = told.get("side")
        if step.transform == "repad" and told["from_side"] != told["to_side"]:
            place = "row end" if told["to_side"] == "pre" else "row start"
        elif step.transform == "dense_to_ragged" and "value" in told:
            freed = side
            place = "row start" if freed == "pre" else place
        elif step.transform == "ragged_to_dense":
            place = _filled(side, freed)
        elif step.transform in {"pad", "truncate"} and side == "pre" and place == "start":
            # Rows that end where their axis does still do.
            place = "end"
    return place


def _filled(side: object, freed: str | None) -> Place:
    """Where rows come to lie that are filled on a side, and were freed of what filled them on a side, or were not."""
    if side == "pre":
        return "row end" if freed == "post" else "end"
    return "row start" if freed == "pre" else "start"
