"""An input gets another number of examples than the other inputs of its consumer.

## What it does
Compares what becomes of the batch on the way to each input of one consumer: the axis that both sides
name batch, else the first one where its size is open. Finds inputs that get the examples of another axis,
several times as many as the others, or one only. Beside one example a batch of any size is a warning: the
adapter refuses more than one.

## Why is this bad?
Each plan alone is right, and every call of the consumer fails; or it broadcasts one example to all.

## Example
    title: error[unshared_batch]: it gets 3 times the batch of titles, and user_id the batch of user
      required  title: string[?]
      provided  titles: string[?, 3]

## What to do
Bind outputs of one batch, or bring them to one in the producer. Where the inputs share no batch, say so by
naming their first axes otherwise: `consumer.NAME.axes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_lowercase

from sigcheck.planning.advice import planned, with_fact
from sigcheck.planning.batch import Unshared
from sigcheck.rules.views.beside import beside_others
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.repeated import laid_beside, repeated, repeated_call, repeated_option
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

_BATCH = "batch"
NAME = "unshared_batch"
ORDER = 45
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose batch is another one, or may be."""
    bindings = {binding.required: binding for binding in match.bindings}
    for one in match.unshared:
        level: Level = "warning" if one.guard else LEVEL
        yield beside_others(NAME, level, one, bindings[one.required], _cure(match, bindings, one))


def _cure(match: MatchView, bindings: Mapping[str, Binding], unshared: Unshared) -> str:
    """What brings it to the batch of the others: its axes in another order, where one side says which is the batch."""
    binding = bindings[unshared.required]
    if option := _moved(match, binding):
        return f"where the batch comes first on the other side, declare {option}"
    axes = ",".join(ascii_lowercase[: binding.required_spec.rank or 0])
    cure = _repeated(match, bindings, unshared) or "bind outputs of one batch"
    cure = f"the adapter refuses others: {unshared.guard}" if unshared.guard else cure
    option = fact_option("consumer", unshared.required, "axes", axes)
    return f"{cure}; where the inputs share none, name the first axis otherwise, as with {option}"


def _moved(match: MatchView, binding: Binding) -> str:
    """The names of the axes of the side that has none, the batch in front, where the other has it elsewhere."""
    provided, required = binding.provided_spec, binding.required_spec
    ours, theirs = provided.facts.axes, required.facts.axes
    named = ours or theirs or ()
    if (ours is None) == (theirs is None) or provided.rank != required.rank or binding.junction is not None:
        return ""
    if None in named or _BATCH not in named[1:]:
        return ""
    axes = [_BATCH, *(name for name in named if name is not None and name != _BATCH)]
    side, name, spec = ("consumer", binding.required, required) if ours else ("producer", binding.provided, provided)
    sides = {"producer": provided, "consumer": required, side: with_fact(spec, "axes", axes)}
    outcome = planned(sides["producer"], sides["consumer"], match.policy.of(binding.required))
    return fact_option(side, name, "axes", ",".join(axes)) if outcome.plan is not None else ""


def _repeated(match: MatchView, bindings: Mapping[str, Binding], unshared: Unshared) -> str | None:
    """What gives each value of one input to all entries that another is made of, where that is what it takes."""
    if pair := repeated(bindings, unshared, match.policy):
        return _meant(*pair)
    mine = bindings[unshared.required]
    for name in unshared.others:
        other = bindings.get(name)
        if other is None or other.junction is not None or mine.junction is not None or other.steps:
            continue
        # That its entries are examples may be for somebody to say, too: no plan leads there yet.
        if other.provided_spec.rank == mine.required_spec.rank and laid_beside(other, mine) is not None:
            return _meant(other, mine)
    for name in unshared.others:
        other = bindings.get(name)
        if other is None or other.junction is not None or mine.junction is not None:
            continue
        for value, like in ((other, mine), (mine, other)):
            if call := repeated_call(value, like):
                told = f"where each of {value.provided} is meant for all of {like.provided}"
                return f"{told}, repeat it so in the producer, with {call}"
    return None


def _meant(value: Binding, like: Binding) -> str:
    option = repeated_option(value, like)
    return f"where each of {value.provided} is meant for all of {like.provided}, say so with {option}"
