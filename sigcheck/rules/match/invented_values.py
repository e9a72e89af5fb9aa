"""The only plan makes up values that nobody gave or declared, or joins examples.

## What it does
Finds a binding whose cheapest plan fills rows up, copies one entry of an axis until there are
enough, fills the gaps of a sparse tensor, or merges axes that no size and no name explains, while
no fact and no policy says that this is meant. The plan is shown as the candidate that it is.

## Why is this bad?
It runs. A column of zeros beside ten features, one frame forty times as a video, clips glued to
one waveform: no model was trained on these, and every one of them has the right shape.

## Example
    tokens: error[invented_values]: pad(sizes=[?, 128], value=0, side=post) makes up what nobody declared: 0 at the ...
      required  tokens: int32[?, 128]
      provided  ids: int32[?, 100]

## What to do
Bind another output, where it was not meant. Where it was, declare the fact that says so: `padding` of
the consumer for what fills rows up and gaps, `channel_order` on both sides for gray pictures, `axes`
on both sides for what is merged. Where a consumer without a batch is fed a whole one, it is called
once for each row, with `--map`. `--pad-value VALUE` (`pad_value` of a policy) says it of all inputs
that declare no padding, and `--assume warn` accepts whatever is made up, with a warning. One batch
of both sides decides too, with `--example PAIR.npz`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from sigcheck.planning.advice import planned
from sigcheck.planning.goal import is_permitted
from sigcheck.planning.opening import accepting
from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.row_by_row import row_call_help
from sigcheck.rules.views.undeclared import declare
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import Step
from sigcheck.schema.signature import Endpoint

NAME = "invented_values"
ORDER = 80
LEVEL: Level = "error"

# What is made of rows, and of which values.
_OF_ROWS = frozenset({"mask", "lengths"})
_IDS = frozenset({"int32", "int64"})
_PICTURE = ("batch", "height", "width", "channel")


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each step that makes values up and keeps its plan from passing."""
    for course in match.courses:
        if course.is_ambiguous:
            for _, step in course.changes:
                if not is_permitted(step, match.policy):
                    message = f"{step} makes up what nobody declared: {step.assumption}"
                    told = [_accept(course, step, match.inputs), row_call_help(match), _average(course, step)]
                    yield course.finding(NAME, LEVEL, message, "; or ".join(filter(None, told)))


def _made_of_ids(course: Course) -> str | None:
    """What makes the mask, or the lengths, of ids that nothing calls so: rows that are filled up are no mask."""
    provided, meaning = course.provided, course.required.facts.meaning
    if meaning not in _OF_ROWS or provided.facts.meaning is not None or provided.dtype not in _IDS:
        return None
    ids = provided.replace(facts=provided.facts.replace(meaning="token_ids"))
    if planned(ids, course.required, course.policy.model_copy(update={"loss": "irreversible"})).plan is None:
        return None
    option = fact_option("producer", course.binding.provided, "meaning", "token_ids")
    loss = f"--loss {shlex.quote(f'{course.binding.required}=irreversible')}"
    return f"where they are ids, and the {meaning} is made of their rows, say so with {option} and {loss}"


def _average(course: Course, step: Step) -> str:
    """What keeps the examples apart where a merge joins them: the mean of the axes that the consumer has no place for.

    Pooling over height and width, say. It is not named where it does not lead there.
    """
    ours, theirs = course.provided, course.required
    if step.transform != "reshape" or theirs.facts.axes is not None or None in (ours.facts.axes or ()):
        return ""
    if not ours.rank or not theirs.rank or not 1 < theirs.rank < ours.rank <= len(ascii_lowercase):
        return ""
    names = _PICTURE if ours.rank == len(_PICTURE) else ("batch", *ascii_lowercase[1 : ours.rank])
    names = tuple(name for name in ours.facts.axes or names if name is not None)
    kept = (names[0], *names[1 - theirs.rank :])
    options = [] if ours.facts.axes else [fact_option("producer", course.binding.provided, "axes", ",".join(names))]
    options.append(fact_option("consumer", course.binding.required, "axes", ",".join(kept)))
    return f"take the mean of the axes between, with {' and '.join(options)} and --allow mean"


def _accept(course: Course, step: Step, inputs: Sequence[Endpoint]) -> str:
    """What declares it, for this input alone; what the policy says of all inputs only where no fact does."""
    declared = declare(course, step, inputs)
    if said := _made_of_ids(course):
        return f"{said}; where they are {course.required.facts.meaning} already, {declared}"
    if "value" in step.arguments and (course.policy.assume == "error" or course.leads_on(declared)):
        return declared
    return f"{declared}; or accept what is made up for any input, with {accepting([step], course.policy)}"
