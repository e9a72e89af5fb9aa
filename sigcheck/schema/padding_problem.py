"""Padding that cannot be meant: a value that the tensor cannot hold, or one among ids that would have to be one.

Looked at where padding is declared only: on the way to a consumer a tensor may be of another type, and have fewer
ids, than what fills it up is for.
"""

from __future__ import annotations

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NOT_A_NUMBER, Filler
from sigcheck.schema.tensor_spec import TensorSpec


def padding_problem(spec: TensorSpec) -> str | None:
    """What is wrong with the padding of a spec, in words; None where nothing is.

    Below `id_count` it may be an id, as most tables have one for it. What is no id is written as a negative number,
    or as the first one behind the ids, as the blank of many decoders.

    >>> from sigcheck.schema.facts import Facts, Padding
    >>> def filled(value):
    ...     return TensorSpec(dtype="int8", shape=(None,), facts=Facts(id_count=10, padding=Padding(value=value)))
    >>> [padding_problem(filled(value)) for value in (0, -1, 10)]
    [None, None, None]
    >>> padding_problem(filled(99))
    'padding 99 is no id below id_count 10, nor what marks none, as -1 or 10'
    >>> padding_problem(filled(300))
    'padding 300 does not fit in int8'
    """
    facts = spec.facts
    if facts.padding is None or spec.dtype is None:
        return None
    value = facts.padding.value
    told = f"{value:g}" if isinstance(value, float) else repr(value)
    if not _is_held(value, spec.dtype):
        return f"padding {told} does not fit in {spec.dtype}"
    if facts.id_count is None or isinstance(value, str) or value <= facts.id_count:
        return None
    return f"padding {told} is no id below id_count {facts.id_count}, nor what marks none, as -1 or {facts.id_count}"


def _is_held(value: Filler, name: str) -> bool:
    dtype = DTYPES[name]
    if dtype.kind == "string" or isinstance(value, str):
        return isinstance(value, str) and (dtype.kind == "string" or (dtype.kind == "float" and value == NOT_A_NUMBER))
    if dtype.lowest is None or dtype.highest is None:
        return True
    return dtype.lowest <= value <= dtype.highest and (dtype.kind == "float" or float(value).is_integer())
