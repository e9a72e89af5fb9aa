"""Taken apart: outputs that are one sparse tensor, as places, values and size, or rows, as values and lengths.

Alone none of them is what the tensor stands for: the places of letters are no letters, and the letters of
all words behind one another are no words.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.schema.signature import Endpoint

# The fields of tf.SparseTensor, as models call the outputs that they become, the longest word first.
_FIELDS = {
    "indices": ("indices", "indexes"),
    "values": ("values", "value"),
    "dense_shape": ("dense_shape", "denseshape", "shape"),
}
_RANKS = {"indices": 2, "values": 1, "dense_shape": 1}


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


def rows_with(output: Endpoint, outputs: Sequence[Endpoint], required: Endpoint) -> tuple[str, str] | None:
    """The outputs that are values and declared lengths of the rows that are required, where this one is of them.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> values, rows = (Endpoint(name="v", spec=parse_spec(spec)) for spec in ("int32[?]", "ragged int32[?, None]"))
    >>> counted = parse_spec("int64[?]").replace(facts=Facts(meaning="lengths"))
    >>> rows_with(values, [values, Endpoint(name="n", spec=counted)], rows)
    ('v', 'n')
    """
    if required.spec.kind != "ragged" or output.spec.kind != "dense":
        return None
    # An entry is imported by whoever needs it, so that none pays for another.
    from sigcheck.junctions import ragged_by_lengths

    is_counting = output.spec.facts.meaning == "lengths"
    for other in outputs:
        values, lengths = (other, output) if is_counting else (output, other)
        is_pair = lengths.spec.facts.meaning == "lengths" != values.spec.facts.meaning
        if is_pair and ragged_by_lengths.ways([values.spec, lengths.spec], [required.spec]):
            return values.name, lengths.name
    return None


def _is_part(output: Endpoint, field: str) -> bool:
    spec = output.spec
    return spec.kind == "dense" and spec.rank == _RANKS[field] and (field == "values" or spec.dtype == "int64")


def _is_one_tensor(parts: dict[str, Endpoint]) -> bool:
    """Whether a place has as many numbers as the size."""
    place, size = (parts["indices"].spec.shape or ())[1:], (parts["dense_shape"].spec.shape or ())[:1]
    return place == size or None in (*place, *size)
