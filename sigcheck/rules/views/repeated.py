"""Repeated: one value for all entries of another output, where that gives the inputs of a consumer one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sigcheck.junctions import JUNCTIONS
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.planning.advice import planned
from sigcheck.planning.batch import Unshared
from sigcheck.rules.words.option import bind_option
from sigcheck.schema.policy import Policy
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec

# A batch of them.
_VECTORS = 2


def repeated(bindings: Mapping[str, Binding], unshared: Unshared, policy: Policy) -> tuple[Binding, Binding] | None:
    """The binding whose values are meant for all entries of the other; None where that feeds no input.

    `bindings` are those of the consumer by its inputs.
    """
    mine = bindings[unshared.required]
    others = [bindings[name] for name in unshared.others if name in bindings]
    for value, like in [*((mine, other) for other in others), *((other, mine) for other in others)]:
        if value.junction is None and like.junction is None and _feeds(value, like, policy):
            return value, like
    return None


def laid_beside(value: Binding, like: Binding) -> TensorSpec | None:
    """What the values are, one for each entry of the other; None where they cannot be repeated so."""
    try:
        steps = JUNCTIONS["broadcast"].join((value.provided_spec, like.provided_spec), (value.required_spec,), None)
    except JunctionError:
        return None
    return steps[-1].result


def repeated_call(value: Binding, like: Binding) -> str | None:
    """How the producer gives a vector for each entry of the other, which has one axis more; None where it is none.

    `broadcast` repeats numbers: it takes the axes of a value for those in front.
    """
    ours, theirs = value.provided_spec.shape, like.provided_spec.shape
    if {value.provided_spec.kind, like.provided_spec.kind} != {"dense"}:
        return None
    if ours is None or theirs is None or len(ours) < _VECTORS or len(theirs) != len(ours) + 1:
        return None
    if ours[0] not in {None, theirs[0]} or ours[1:] != theirs[2:]:
        return None
    count = f"tf.shape({like.provided})[1]" if theirs[1] is None else str(theirs[1])
    return f"tf.repeat({value.provided}[:, tf.newaxis], {count}, axis=1)"


def _feeds(value: Binding, like: Binding, policy: Policy) -> bool:
    # What it is repeated for is fed entry by entry.
    is_fed = like.plan is not None or len(like.candidates) == 1
    laid = laid_beside(value, like) if is_fed else None
    return laid is not None and planned(laid, value.required_spec, policy.of(value.required)).plan is not None


def repeated_option(value: Binding, like: Binding) -> str:
    """The option that says so: `--bind 'broadcast(user, titles)=user'`."""
    return bind_option(f"broadcast({value.provided}, {like.provided})", value.required)


def repeated_options(rows: Sequence[Binding], found: Sequence[Unshared], policy: Policy) -> tuple[str, ...] | None:
    """The options that bring all inputs of one row to one batch; none where they have one, None where nothing does."""
    named = {one.required: one for one in rows}
    options: dict[str, None] = {}
    for one in found:
        pair = repeated(named, one, policy)
        # An axis of a row that is open is no batch that both have: the row is a vector, and each takes the whole.
        if pair is None or None in (pair[0].provided_spec.shape or ()):
            return None
        options[repeated_option(*pair)] = None
    return tuple(options)
