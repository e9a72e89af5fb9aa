"""Row words: which model is called row by row, as a report says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sigcheck.schema.row_call import RowCall


def row_words(rows: RowCall) -> str:
    """One line: the model, what it is called over, and what it then gives.

    >>> from sigcheck.schema.notation import parse_spec
    >>> from sigcheck.schema.row_call import RowCall
    >>> from sigcheck.schema.signature import Endpoint
    >>> clips = Endpoint(name="clips", spec=parse_spec("float32[?, 1000]"))
    >>> row_words(RowCall(over=(clips,), results=()))
    'row by row: the consumer is called once for each row of clips: float32[?, 1000]'
    """
    over = ", ".join(str(one) for one in rows.over)
    gives = f"; it gives {', '.join(str(one) for one in rows.results)}" if rows.results else ""
    if rows.called == "consumer":
        return f"row by row: the consumer is called once for each row of {over}{gives}"
    return f"row by row: the producer has a batch in front of its own, {over}, called over both as one{gives}"
