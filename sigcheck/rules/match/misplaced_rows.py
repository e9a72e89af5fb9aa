"""Rows of one input come to lie elsewhere than those of another input of its consumer.

## What it does
Compares where the entries of rows come to lie on the way to each input of one consumer: where they were, or at the
other end, by a filling in front, a change of sides or a cut from the front; and whether ragged rows that are made of
arrays are freed of what fills these. Finds inputs whose rows are not moved as
those of another one are, where both are as long before and behind, and no names of axes say that they are of two
things. Where the consumer declares how both are filled it is a warning; not of a mask that lies where no rows do.

## Why is this bad?
Each plan alone is right, and all shapes fit. Token ids at the end of their rows beside a mask in front have the model
attend to what fills the rows, and look away from what was said: the values that come out are others, and nothing
fails.

## Example
    attention_mask: error[misplaced_rows]: it gets its rows where they begin, and input_ids its rows at the end
      required  attention_mask: int32[?, 10]
      provided  attention_mask: int32[?, 8]

## What to do
Declare how both are filled, on one side. Where they are rows of two things, say so by naming the axis along which they
lie otherwise: `consumer.NAME.axes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from sigcheck.planning.advice import planned, with_fact
from sigcheck.planning.row_places import is_moved_alike, row_axis
from sigcheck.rules.views.beside import beside_others
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import listed
from sigcheck.schema.facts import Padding, PaddingSide
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.report import Binding

NAME = "misplaced_rows"
ORDER = 46
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose rows lie elsewhere."""
    bindings = {binding.required: binding for binding in match.bindings}
    for one in match.misplaced:
        if one.is_of_boxes:
            continue
        binding = bindings[one.required]
        cure = _cure(match, binding, bindings[one.others[0]])
        yield beside_others(NAME, "warning" if one.is_told else LEVEL, one, binding, cure)


def _cure(match: MatchView, binding: Binding, usual: Binding) -> str:
    """The filling that moves these rows as the others are; else names that say that they are of two things."""
    if binding.required_spec.kind == usual.required_spec.kind == "ragged":
        # A filling that may be a value too, as the first segment, would cut other rows.
        together = f"give {binding.provided} as ragged rows, or declare what fills it where none of its values is that"
    elif _is_moved_in_parts(usual):
        together = _in_parts(binding, usual)
    else:
        options = " and ".join(_options(match, binding, usual))
        together = f"declare how it is filled, with {options}" if options else ""
    cure = f"where they belong together {together}; " if together else ""
    named = [_named(match, *one) for one in ((binding, "other"), (usual, "row"))]
    apart = " and ".join(option for options in named for option in options or ())
    as_with = f", as with {apart}" if None not in named else ""
    return f"{cure}where they are rows of two things, name their axes otherwise{as_with}"


def _named(match: MatchView, binding: Binding, name: str) -> list[str] | None:
    """What names the rows of a binding, on both sides where the producer has names; None where nothing leads there."""
    specs = {"producer": binding.provided_spec, "consumer": binding.required_spec}
    ends = {"producer": binding.provided, "consumer": binding.required}
    options = []
    for side in ("producer", "consumer"):
        spec, row = specs[side], row_axis(specs[side])
        if side == "producer" and spec.facts.axes is None:
            continue
        is_joined = side == "producer" and binding.junction is not None
        if is_joined or row is None or spec.rank is None or spec.rank > len(ascii_lowercase):
            return None
        known = spec.facts.axes or specs["producer"].facts.axes or ()
        usual = known if len(known) == spec.rank else ("batch", *ascii_lowercase[: spec.rank - 1])
        axes = tuple(name if axis == row else one or f"axis_{axis}" for axis, one in enumerate(usual))
        try:
            specs[side] = with_fact(spec, "axes", axes)
        except ValueError:
            return None
        options.append(fact_option(side, ends[side], "axes", ",".join(axes)))
    is_planned = planned(specs["producer"], specs["consumer"], match.policy.of(binding.required)).plan is not None
    return options if is_planned else None


def _in_parts(binding: Binding, usual: Binding) -> str:
    """What has the parts of these rows moved as those of the others are."""
    own, theirs = ([part.provided for part in one.parts] for one in (binding, usual))
    if not own:
        return f"give it in parts, as {listed(theirs)} are, and join these"
    ends = (listed([*own, binding.required]), listed([*theirs, usual.required]))
    return f"declare how {ends[0]} are filled, as {ends[1]} are"


def _is_moved_in_parts(usual: Binding) -> bool:
    """Whether its rows were moved before they were joined: nothing brings a whole row to where those of parts lie."""
    return any(not is_moved_alike(part.steps, ()) for part in usual.parts)


def _options(match: MatchView, binding: Binding, usual: Binding) -> list[str]:
    """What is to be declared of both sides so that the rows are moved as the others are; nothing where none does."""
    theirs = usual.required_spec.facts.padding
    if theirs is None:
        return []
    given = usual.provided_spec.facts.padding
    value = "" if binding.required_spec.dtype == "string" else 0
    sides: dict[str, PaddingSide | None] = {"producer": None if given is None else given.side, "consumer": theirs.side}
    specs = {"producer": binding.provided_spec, "consumer": binding.required_spec}
    options = []
    is_counted = binding.provided_spec.facts.meaning == "lengths"
    for side, filled in sides.items():
        # Nothing fills lengths.
        if filled is None or (is_counted and side == "producer"):
            continue
        padding = Padding(value=value, side=filled)
        known = specs[side].facts.padding
        if known is not None and known.side == filled:
            continue
        if side == "producer" and binding.junction is not None:
            return []
        try:
            specs[side] = with_fact(specs[side], "padding", padding)
        except ValueError:
            return []
        name = binding.provided if side == "producer" else binding.required
        options.append(fact_option(side, name, "padding", padding.as_declared))
    plan = planned(specs["producer"], specs["consumer"], match.policy.of(binding.required)).plan
    if plan is None:
        return []
    return options if is_counted or is_moved_alike(plan.steps, usual.steps) else []
