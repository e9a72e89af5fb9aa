"""One entry of an axis would stand for all of them.

## What it does
Finds an axis of several entries that the consumer has no place for, where a mean, a sum, the first or the last
entry makes it fit: two channels of sound for one, the beams of a decoder for a text, the steps of a sequence for
its end. Each is used by permission only. One that the policy allows by name is a warning, and an error under
`--assume error`; `assumed` does not repeat it.

## Why is this bad?
All of them have the right shape, and only one is what the consumer was made for. What the others said is gone.

## Example
    waveform: error[reduced_axis]: channel (axis 1) has 2 entries, and the consumer no place for them
      required  waveform: float32[?]
      provided  pcm: float32[?, 2]
      help      take the mean, with --allow mean; or take the sum, with --allow sum;
                or take the first entry, with --allow first; or take the last entry, with --allow last

## What to do
Say which is meant, with `--allow mean`, `--allow sum`, `--allow first` or `--allow last`, the axis named on both
sides with `axes`. Of colours none of these is a grey picture: declare `channel_order`. Where each entry is to be fed
by itself, the consumer is called row by row, with `--map`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.rules.views.course import Change, Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.row_by_row import row_call_help
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.transforms import REDUCING
from sigcheck.transforms.parts.reduced import axis_words

NAME = "reduced_axis"
ORDER = 145
LEVEL: Level = "warning"

# A picture, or a batch of them, and how many colours the last axis has.
_PICTURE_RANKS = (3, 4)
_ORDERS = {3: "RGB", 4: "RGBA"}
_WORDS = {"mean": "the mean", "sum": "the sum", "first": "the first entry", "last": "the last entry"}


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding in whose plan one entry stands for all of an axis, with all such axes."""
    default: Level = "error" if match.policy.assume == "error" else LEVEL
    for course in match.courses:
        changes = course.where(lambda change: change.step.transform in REDUCING)
        if not changes:
            continue
        had = "; ".join(_had(change) for change in changes)
        if course.binding.plan is not None:
            steps = [change.step for change in changes]
            told = [
                text for step in steps for text in (step.assumption, step.guard and f"guarded: {step.guard}") if text
            ]
            message = f"{had}: as allowed by name {'; '.join(dict.fromkeys(told))}"
            yield course.finding(NAME, default, message, "see that no other entry, and no mean or sum, is meant")
        elif ways := _ways(course, changes):
            message = f"{had}, and the consumer no place for them"
            # Each says by itself what is taken: they are told in the order of what they lead to.
            told = [*_colours(course, changes), *map(_taken, ways), *_by_rows(match)]
            yield course.finding(NAME, "error", message, "; or ".join(told))


def _had(change: Change) -> str:
    axis = change.step.arguments["axis"]
    size = (change.before.shape or ())[axis]
    return f"{axis_words(change.before, axis)} has {'any number of' if size is None else size} entries"


def _colours(course: Course, changes: Sequence[Change]) -> list[str]:
    """What makes a grey picture of one whose colours nobody named: a mean of them is none."""
    before, binding = changes[0].before, course.binding
    shape, wanted, axes = before.shape or (), course.required.shape or (), before.facts.axes
    is_picture = len(shape) in _PICTURE_RANKS and changes[0].step.arguments["axis"] == len(shape) - 1
    order = _ORDERS.get(shape[-1] or 0) if is_picture else None
    if order is None or len(changes) > 1 or (len(wanted), wanted[-1:]) != (len(shape), (1,)):
        return []
    if axes is not None and axes[-1] not in {None, "channel"}:
        return []
    orders = (course.provided.facts.channel_order, course.required.facts.channel_order)
    if orders not in {(None, None), (order, None), (None, "GRAY")}:
        return []
    ours = fact_option("producer", binding.provided, "channel_order", order)
    theirs = fact_option("consumer", binding.required, "channel_order", "GRAY")
    return [f"where they are colours, declare {ours} and {theirs} and allow it with --loss irreversible"]


def _by_rows(match: MatchView) -> list[str]:
    """What feeds each of the entries, where that is possible for all inputs."""
    return [said] if (said := row_call_help(match)) else []


def _taken(way: str) -> str:
    name = next((name for name in REDUCING if f"--allow {name}" in way), "")
    return f"take {_WORDS.get(name, 'what is meant')}, with {way}"


def _ways(course: Course, changes: Sequence[Change]) -> list[str]:
    """The permissions that make it fit, and last what the steps themselves lack."""
    ways = dict.fromkeys([*(f"--allow {name}" for name in REDUCING), course.opening(changes)])
    return [way for way in ways if course.leads_on(way)]
