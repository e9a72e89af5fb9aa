"""The producer may emit ids that the consumer has no row for.

## What it does
Finds ids that count higher than the consumer's `id_count`: a tokenizer of 50000 words before
an embedding of 30522 rows. So it does rows that are filled with what is none of the consumer's ids, where
the consumer does not say that it takes rows that are filled so.

## Why is this bad?
On a CPU the lookup fails on the first such id. On a GPU it returns zeros, and nothing is said.

## Example
    ids: error[id_out_of_vocabulary]: required ids below 30522, provided below 50000
      required  ids: int32[?, 128]
      provided  tokens: int32[?, 128]
      help      guard_ids(...) would do it; allow it with --allow guard_ids

## What to do
Pair the tokenizer with the model that it was made for. Where ids beyond the count never occur
in practice, `--allow guard_ids` asserts it for each batch. Of filled rows declare what fills those of the consumer:
the adapter fills them so.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.course import Course
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.facts import Facts, Filler
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.id_agreement import has_no_ids, is_filled_beyond_ids, limits_as_ids
from sigcheck.schema.padding_problem import padding_problem

NAME = "id_out_of_vocabulary"
ORDER = 280
LEVEL: Level = "warning"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding whose ids may be none of the consumer's."""
    for course in match.courses:
        if "id_count" not in course.conflicts:
            continue
        cures = [change for change in course.changing("id_count") if change.step.guard is not None]
        yield course.finding(
            NAME,
            course.level(LEVEL, cures, is_cured=course.is_settled("id_count")),
            _told(course.provided.facts, course.required.facts),
            _corrected(course)
            or _filled(course)
            or course.cure(
                cures, "pair the vocabulary with its model, or assert the ids at run time with --allow guard_ids"
            ),
        )


def _corrected(course: Course) -> str | None:
    """What to correct where the facts of one side leave no id."""
    sides = {"consumer": course.required.facts, "producer": course.provided.facts}
    wrong = [side for side, facts in sides.items() if has_no_ids(facts)]
    return f"correct the id_count or the range of the {' and the '.join(wrong)}" if wrong else None


def _filled(course: Course) -> str | None:
    """What to declare where it is the filling that is no id of the consumer."""
    ours, spec, name = course.provided.facts, course.required, course.binding.required
    if ours.padding is None or course.is_settled("id_count") or not is_filled_beyond_ids(ours, spec.facts):
        return None
    least, _ = limits_as_ids(spec.facts) or (0, 0)
    own = ours.padding
    fillings = {
        "where the consumer takes such rows declare it": own,
        "declare what its own rows are filled with": own.model_copy(update={"value": least}),
    }
    told = (
        f"{what}, as with {fact_option('consumer', name, 'padding', padding.as_declared)}"
        for what, padding in fillings.items()
        if padding_problem(spec.replace(facts=spec.facts.replace(padding=padding))) is None
    )
    return "; or ".join(told)


def _whole(value: Filler) -> Filler:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _told(ours: Facts, theirs: Facts) -> str:
    for side, facts in (("required", theirs), ("provided", ours)):
        if has_no_ids(facts) and facts.range is not None:
            low, high = facts.range
            count = "" if facts.id_count is None else f" below {facts.id_count}"
            return f"{side} ids{count} from {low:.6g} to {high:.6g}, of which there are none"
    if ours.padding is not None and is_filled_beyond_ids(ours, theirs):
        least, most = limits_as_ids(theirs) or (0, 0)
        ids = f"ids below {most + 1}" if least == 0 else f"ids from {least} to {most}"
        return f"required {ids}, provided rows that are filled with {_whole(ours.padding.value)}"
    (low, high), (least, most) = limits_as_ids(ours) or (0, 0), limits_as_ids(theirs) or (0, 0)
    if low == least == 0:
        return f"required ids below {most + 1}, provided below {high + 1}"
    return f"required ids from {least} to {most}, provided from {low} to {high}"
