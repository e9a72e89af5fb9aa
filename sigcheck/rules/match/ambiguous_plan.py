"""Several plans are equally good and give different values.

## What it does
Finds a binding for which two or more plans lose, make up and assume the same, and mean different
things: a reshape and a transpose, two axes of equal size, a guard and a moved axis.

## Why is this bad?
Each of them runs. Only one is right, and the specs do not say which; choosing would be a guess.

## Example
    image: error[ambiguous_plan]: 2 plans are equally good and give different values: (1) ensure_shape(...); (2) ...
      required  image: float32[?, 3, ?, ?]
      provided  pixels: float32[?, ?, ?, 3]

## What to do
Declare what decides: `axes` on both sides, or `padding` where one of the plans fills rows up.

Where no declaration decides, as between cutting a picture and shrinking it, a pair of arrays does: one
batch as the producer gives it, and the same as the consumer was trained on it. Write it with
`numpy.savez("PAIR.npz", provided=..., required=...)`, and say `--example PAIR.npz`; at the link of a
config it is `example = "PAIR.npz"`, in Python `example="PAIR.npz"`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.planning.ways import likely_padding
from sigcheck.rules.views.course import Course
from sigcheck.rules.views.filling import likely_filling
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.row_by_row import row_call_help
from sigcheck.rules.views.tried import PAIR
from sigcheck.rules.words.option import axes_options, fact_option, named_axis_option, picture_options
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint

NAME = "ambiguous_plan"
ORDER = 70
LEVEL: Level = "error"

_SHOWN = 4
_FILLING = frozenset({"pad", "truncate", "crop", "resize"})
_CUTTING = frozenset({"truncate", "crop"})
# What is done to sizes: no fact says which of these is meant.
_BY_NAME = frozenset({*_FILLING, "select_class"})


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose plans tie."""
    for course in match.courses:
        candidates = course.binding.candidates
        if len(candidates) < 2:  # noqa: PLR2004  # a lone one is no choice: it makes values up
            continue
        shown = "; ".join(f"({at}) {plan}" for at, plan in enumerate(candidates[:_SHOWN], start=1))
        more = f"; and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
        yield course.finding(
            NAME,
            LEVEL,
            f"{len(candidates)} plans are equally good and give different values: {shown}{more}",
            _decide(course, match.inputs, row_call_help(match)),
        )


def _decide(course: Course, inputs: Sequence[Endpoint], row_call: str) -> str:
    """What decides: a declaration, and where the consumer takes what each row is, that it is called for each."""
    declared = _declare(course, inputs)
    if (course.provided.rank or 0) <= (course.required.rank or 0):
        return declared
    if row_call and declared.endswith(PAIR):
        return f"{row_call}; else {declared}"
    return "; or ".join(filter(None, (declared, row_call)))


def _declare(course: Course, inputs: Sequence[Endpoint]) -> str:
    theirs = course.binding.required
    named = _named(course)
    if course.provided.facts.axes and course.required.facts.axes:
        return f"the axes are declared and do not decide; {named}{PAIR}"
    used = {step.transform for plan in course.binding.candidates for step in plan.steps}
    if "resize" in used and used & _CUTTING:
        # Named axes make a crop of the truncation, and no padding makes either of them what is meant.
        return f"no fact says whether a picture is cut or shrunk; {named}{PAIR}"
    if "select_class" in used and used & _CUTTING:
        return f"no fact says whether the second class or the first entry is meant; {named}{PAIR}"
    ways = [next((way for way in _of_axes(course) if course.leads_on(way)), "")]
    # What the consumer declares is not to be declared otherwise.
    if used & _FILLING and course.required.facts.padding is None:
        filling = fact_option("consumer", theirs, "padding", likely_filling(course, inputs))
        likely = likely_padding(course.provided, course.required)
        same = fact_option("consumer", theirs, "padding", likely.as_declared)
        ways = [way for way in ways if way not in {f"declare {filling}", f"declare {same}"}]
        ways.append(f"declare what fills rows up, with {filling}")
    return "; or ".join(filter(None, ways)) or f"no fact that was tried decides; {PAIR}"


def _named(course: Course) -> str:
    """The names that decide: of what one of the plans does to sizes, and none of the others."""
    used = [dict.fromkeys(step.transform for step in plan.steps) for plan in course.binding.candidates]
    alone = [
        name
        for at, own in enumerate(used)
        for name in own
        if not any(name in one for one in used[:at] + used[at + 1 :])
    ]
    options = [f"--allow {name}" for name in alone if name in _BY_NAME]
    return f"say which with {', or with '.join(options)}; or " if options else ""


def _of_axes(course: Course) -> Iterator[str]:
    """Yields names for the axes that tell the candidates apart, with the candidate that each means."""
    ours, theirs = course.binding.provided, course.binding.required
    plans = [*enumerate(course.binding.candidates, start=1)]
    for at, plan in plans:
        for step in plan.steps:
            named = named_axis_option(ours, course.provided, plan.steps, step)
            if named is not None:
                yield f"name the axis; ({at}) is {named}"
    for at, plan in plans:
        for step in plan.steps:
            if "perm" in step.arguments and len(step.arguments["perm"]) == course.provided.rank:
                given, wanted = course.provided.facts.axes, course.required.facts.axes
                options = axes_options(ours, theirs, step.arguments["perm"], given, wanted)
                if options is None:
                    continue
                if given is None and wanted is None:
                    yield f"declare the axes on both sides; ({at}) is {options}, by any names"
                else:
                    yield f"declare the axes of the other side too; ({at}) is {options}"
    yield f"where they are pictures declare the axes on both sides, with {picture_options(ours, theirs)}"
    yield from (f"declare {way}" for way in course.ways)
