"""Named rows: which axes of rows are meant by a side that has time in front of its batch.

Rows of a ragged tensor, and rows that are declared to be filled up, lie along the second axis where nobody names it.
Taken place by place, examples would be steps, and steps examples.
"""

from __future__ import annotations

from sigcheck.schema.tensor_spec import TensorSpec

# A batch, and rows.
_RANK = 2


def with_row_names(spec: TensorSpec, other: TensorSpec) -> TensorSpec:
    """The spec with its rows called as the other side calls its own, where that names the second axis its batch.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.notation import parse_spec
    >>> turned = parse_spec("int32[9, ?]").replace(facts=Facts(axes=("time", "batch")))
    >>> with_row_names(parse_spec("ragged int32[?, None]"), turned).facts.axes
    ('batch', 'time')
    >>> with_row_names(parse_spec("int32[?, ?]"), turned).facts.axes
    """
    theirs, rank = other.facts.axes, spec.rank
    if spec.facts.axes is not None or theirs is None or rank is None or len(theirs) != rank or rank < _RANK:
        return spec
    if theirs[1] != "batch" or not _has_rows(spec):
        return spec
    return spec.replace(facts=spec.facts.replace(axes=("batch", theirs[0], *theirs[2:])))


def _has_rows(spec: TensorSpec) -> bool:
    if spec.kind == "ragged":
        return spec.ragged_rank == 1
    return spec.kind == "dense" and spec.rank == _RANK and spec.facts.padding is not None
