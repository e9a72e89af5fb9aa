"""Taken apart: outputs that are one sparse tensor, as places, values and size, or rows, as values and lengths.

Alone none of them is what the tensor stands for: the places of letters are no letters, and the letters of
all words behind one another are no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, product

from sigcheck.planning.names import words_of
from sigcheck.schema.facts import Facts
from sigcheck.schema.signature import Endpoint

# The fields of tf.SparseTensor, as models call the outputs that they become, the longest word first.
_FIELDS = {
    "indices": ("indices", "indexes"),
    "values": ("values", "value"),
    "dense_shape": ("dense_shape", "denseshape", "shape"),
}
_RANKS = {"indices": 2, "values": 1, "dense_shape": 1}

# Of so many outputs it is looked whether some are one tensor, taken apart.
MOST_APART = 64
# As data loaders of recommenders call them, too.
_LENGTHS = frozenset({"lengths", "nnz", "nnzs"})
_VALUES = frozenset({"values", "flat", "row"})
# What tells where rows are, beside their values, as tf.RaggedTensor calls it.
_COUNTING = {
    "ragged_by_lengths": (_LENGTHS,),
    "ragged_by_row_splits": (frozenset({"splits"}),),
    "ragged_by_value_rowids": (frozenset({"rowids"}), frozenset({"nrows", "rows"})),
}


def sparse_parts(outputs: Sequence[Endpoint]) -> tuple[str, ...]:
    """The names of the outputs that are parts of sparse tensors: places, values and size of each.

    >>> from sigcheck.schema.notation import parse_spec
    >>> given = {"indices": "int64[?, 2]", "values": "int64[?]", "dense_shape": "int64[2]", "score": "float32[?]"}
    >>> sparse_parts([Endpoint(name=name, spec=parse_spec(spec)) for name, spec in given.items()])
    ('indices', 'values', 'dense_shape')
    """
    groups: dict[tuple[str, str], dict[str, Endpoint]] = {}
    for output in outputs:
        for field, words in _FIELDS.items():
            rest = _without(output.name, words)
            if rest is not None and _is_part(output, field):
                groups.setdefault(rest, {}).setdefault(field, output)
    return tuple(
        parts[field].name
        for parts in groups.values()
        if len(parts) == len(_FIELDS) and _is_one_tensor(parts)
        for field in _FIELDS
    )


def _without(name: str, words: Sequence[str]) -> tuple[str, str] | None:
    """What stands before and behind the first of these words in a name, whatever their case; None without one."""
    lower = name.lower()
    found = [(at, word) for word in words if (at := lower.find(word)) >= 0]
    if not found or len(lower) != len(name):
        return None
    # Of two words that begin at one place the longer one stands first in the list.
    at, word = min(found, key=lambda one: one[0])
    return name[:at].removesuffix("_"), name[at + len(word) :]


def rows_of(outputs: Sequence[Endpoint], required: Endpoint) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the junctions that make the rows that are required of outputs, by their names, that are rows taken apart:
    of values, and of lengths that are declared, or of what is called lengths, row splits or row ids. A dense tensor is
    filled from such where lengths are declared.

    >>> from sigcheck.schema.notation import parse_spec
    >>> given = {"v": "int32[?]", "v_row_splits": "int64[?]", "score": "float32[?]"}
    >>> outputs = [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in given.items()]
    >>> next(rows_of(outputs, Endpoint(name="x", spec=parse_spec("ragged int32[?, None]"))))
    ('ragged_by_row_splits', ('v', 'v_row_splits'))
    """
    # A column has no rows, and of other dense tensors the junction says which are filled from rows.
    if required.spec.kind == "sparse" or (required.spec.kind == "dense" and (required.spec.shape or ())[1:2] == (1,)):
        return
    # An entry is imported by whoever needs it, so that none pays for another.
    from sigcheck.junctions import ragged_by_lengths, ragged_by_row_splits, ragged_by_value_rowids

    junctions = (ragged_by_lengths, ragged_by_row_splits, ragged_by_value_rowids)
    likeliest = sorted(outputs, key=lambda one: not _is_of(one, required))
    for is_named, junction in product((True, False), junctions):
        roles = [[one for one in outputs if _is_called(one, words)] for words in _COUNTING[junction.NAME]]
        for values in likeliest:
            if values in roles[0] or values.spec.facts.meaning == "lengths":
                continue
            for counts in product(*roles):
                if values in counts or _is_of(values, counts[0]) is not is_named:
                    continue
                if junction.ways([values.spec, *(one.spec for one in counts)], [required.spec]):
                    yield junction.NAME, (values.name, *(one.name for one in counts))


def is_of_rows(output: Endpoint, outputs: Sequence[Endpoint], required: Endpoint) -> bool:
    """Whether an output is the values of the rows that are required: that its name is theirs makes it no row of each.

    What tells where they are is called like it, or it is called values and nothing else.
    """
    if required.spec.kind != "ragged" or output.spec.kind != "dense":
        return False
    is_any = _VALUES.issuperset(words_of(output.name))
    beside = [one for one in outputs if one.name != output.name and (is_any or _is_of(output, one))]
    near = [output, *beside[:MOST_APART]]
    return any(names[0] == output.name for _, names in in_parts(near, required))


def in_parts(outputs: Sequence[Endpoint], required: Endpoint) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields what makes the rows that are required of outputs that are these taken apart, of columns too."""
    yield from rows_of(outputs, required)
    yield from columns_of(outputs, required)


def columns_of(outputs: Sequence[Endpoint], required: Endpoint) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the junctions that would make the rows that are required, were outputs no columns of one number.

    >>> from sigcheck.schema.notation import parse_spec
    >>> given = {"v": "int32[?, 1]", "v_lengths": "int64[?, 1]"}
    >>> outputs = [Endpoint(name=name, spec=parse_spec(spec)) for name, spec in given.items()]
    >>> next(columns_of(outputs, Endpoint(name="x", spec=parse_spec("ragged int32[?, None]"))))
    ('ragged_by_lengths', ('v', 'v_lengths'))
    """
    columns = {one.name for one in outputs if _is_column(one)}
    found = rows_of([_flat(one) if one.name in columns else one for one in outputs], required) if columns else ()
    return ((kind, names) for kind, names in found if not columns.isdisjoint(names))


def _is_column(output: Endpoint) -> bool:
    return output.spec.kind == "dense" and (output.spec.shape or ())[1:] == (1,)


def _flat(column: Endpoint) -> Endpoint:
    """The one axis of a column; what is said of both says nothing of it."""
    spec = column.spec
    facts = Facts(meaning=spec.facts.meaning)
    return column.model_copy(update={"spec": spec.replace(shape=(spec.shape or ())[:1], facts=facts)})


def _is_called(output: Endpoint, words: frozenset[str]) -> bool:
    """Whether it tells where rows are, by what it is declared as, or by its name where it is declared as nothing."""
    meaning = output.spec.facts.meaning
    if output.spec.kind != "dense" or meaning not in {None, "lengths"}:
        return False
    if meaning is not None:
        return words == _LENGTHS
    called = words_of(output.name)
    # Row ids are called `row_ids`, too.
    return not words.isdisjoint([*called, *map("".join, pairwise(called))])


def _is_of(values: Endpoint, other: Endpoint) -> bool:
    """Whether a name says that something is of these values: row splits of words, or rows of them."""
    return not ({*words_of(values.name)} - _VALUES).isdisjoint(words_of(other.name))


def _is_part(output: Endpoint, field: str) -> bool:
    spec = output.spec
    return spec.kind == "dense" and spec.rank == _RANKS[field] and (field == "values" or spec.dtype == "int64")


def _is_one_tensor(parts: dict[str, Endpoint]) -> bool:
    """Whether a place has as many numbers as the size."""
    place, size = (parts["indices"].spec.shape or ())[1:], (parts["dense_shape"].spec.shape or ())[:1]
    return place == size or None in (*place, *size)
