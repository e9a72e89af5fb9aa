"""Sparse parts: outputs that are one sparse tensor, taken apart into places, values and size.

Alone none of them is what the tensor stands for: the places of letters are no letters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sigcheck.schema.signature import Endpoint

# The fields of tf.SparseTensor, as models call the outputs that they become.
_FIELDS = {
    "indices": re.compile(r"(.*?)_?(?:indices|indexes)(.*)", re.IGNORECASE),
    "values": re.compile(r"(.*?)_?values?(.*)", re.IGNORECASE),
    "dense_shape": re.compile(r"(.*?)_?(?:dense_?)?shape(.*)", re.IGNORECASE),
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
        for field, pattern in _FIELDS.items():
            named = pattern.fullmatch(output.name)
            if named is not None and _is_part(output, field):
                groups.setdefault((named[1], named[2]), {}).setdefault(field, output)
    return tuple(
        parts[field].name
        for parts in groups.values()
        if len(parts) == len(_FIELDS) and _is_one_tensor(parts)
        for field in _FIELDS
    )


def _is_part(output: Endpoint, field: str) -> bool:
    spec = output.spec
    return spec.kind == "dense" and spec.rank == _RANKS[field] and (field == "values" or spec.dtype == "int64")


def _is_one_tensor(parts: dict[str, Endpoint]) -> bool:
    """Whether a place has as many numbers as the size."""
    place, size = (parts["indices"].spec.shape or ())[1:], (parts["dense_shape"].spec.shape or ())[:1]
    return place == size or None in (*place, *size)
