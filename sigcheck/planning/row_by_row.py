"""Row by row: the outputs of a link as one call of the consumer sees them, where one of its models is called so."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sigcheck.schema.errors import UsageError
from sigcheck.schema.row_call import RowCall, row_of, rows_of
from sigcheck.schema.signature import Endpoint

_PLACE = "map"


def take_rows(outputs: Sequence[Endpoint], results: Sequence[Endpoint]) -> tuple[tuple[Endpoint, ...], RowCall]:
    """One row of each output that has rows, and the call: `results` is what the consumer gives for one.

    Raises UsageError where no output has rows, and where they are known to have different numbers of them.
    """
    rows = [(one, row) for one in outputs if (row := row_of(one.spec)) is not None]
    if not rows:
        told = ", ".join(str(one) for one in outputs)
        expected = "expected a dense or ragged output whose first axis is its batch"
        problem = f"nothing to call the consumer over: {told}; {expected}"
        raise UsageError(_PLACE, f"{problem}. Do not map, or declare the axes.")
    sizes = {(one.spec.shape or (None,))[0] for one, _ in rows} - {None}
    if len(sizes) > 1:
        told = ", ".join(str(one) for one, _ in rows)
        raise UsageError(_PLACE, f"outputs of different numbers of rows: {told}; expected one batch. Do not map.")
    size = next(iter(sizes), None)
    if size == 0:
        empty = next(one for one, _ in rows if (one.spec.shape or ())[:1] == (0,))
        problem = f"{empty} has no rows, expected a batch to call the consumer over"
        raise UsageError(_PLACE, f"{problem}. Give some, or do not map.")
    # What is known of sizes is said of the whole tensor.
    ends = tuple(
        one.model_copy(update={"spec": row, "sizes": None if one.sizes is None else one.sizes[1:]}) for one, row in rows
    )
    call = RowCall(over=tuple(_bare(one) for one, _ in rows), results=())
    return ends, call.model_copy(update={"results": _lifted(results, size, is_ragged=call.is_ragged)})


def called_over(call: RowCall, taken: Collection[str], results: Sequence[Endpoint]) -> RowCall:
    """The call of a consumer once it is known which outputs feed it: ragged ones that do not are no part of it."""
    if not call.is_ragged or any(one.spec.kind == "ragged" for one in call.over if one.name in taken):
        return call
    over = [one for one in call.over if one.spec.kind == "dense"]
    return take_rows(over, results)[1] if over else call


def put_in_front(inputs: Sequence[Endpoint], outputs: Sequence[Endpoint]) -> tuple[tuple[Endpoint, ...], RowCall]:
    """The outputs of a producer that is called over one axis more, and the call: its own batch stays the next one.

    Raises UsageError where nothing is known to be taken, and where an input or an output has no batch of its own that
    could be merged with the one in front.
    """
    if not inputs:
        problem = "a producer of which no inputs are known, expected some to put a batch in front of. Do not map it."
        raise UsageError(_PLACE, problem)
    for one in (*inputs, *outputs):
        shape = one.spec.shape
        if one.spec.kind != "dense" or not shape or shape[0] is not None or one.spec.dtype is None:
            problem = f"{one} of the producer, expected a dense tensor whose first axis is open, as a batch is"
            raise UsageError(_PLACE, f"{problem}. Map the consumer, or neither.")
    call = RowCall(called="producer", over=_lifted(inputs, None), results=_lifted(outputs, None))
    return call.results, call


def all_rows(inputs: Sequence[Endpoint], *, is_ragged: bool = False) -> tuple[Endpoint, ...]:
    """Each input with an axis in front, for all rows that are fed; with `is_ragged` their sizes differ.

    Raises UsageError for one that no dense or ragged tensor holds.
    """
    for one in inputs:
        if rows_of(one.spec) is None and not one.optional:
            problem = f"{one} of the consumer, expected a dense or ragged tensor of known rank to feed row by row"
            raise UsageError(_PLACE, f"{problem}. Do not map.")
    lifted = _lifted(inputs, None, is_ragged=is_ragged)
    optional = {one.name for one in inputs if one.optional}
    return tuple(one.model_copy(update={"optional": one.name in optional}) for one in lifted)


def _lifted(ends: Sequence[Endpoint], size: int | None, *, is_ragged: bool = False) -> tuple[Endpoint, ...]:
    lifted = ((one, rows_of(one.spec, size, is_ragged=is_ragged)) for one in ends)
    return tuple(Endpoint(name=one.name, spec=spec) for one, spec in lifted if spec is not None)


def _bare(one: Endpoint) -> Endpoint:
    """The name and the spec: what a graph shows is no matter of a call."""
    return Endpoint(name=one.name, spec=one.spec)
