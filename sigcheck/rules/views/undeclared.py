"""What to declare where a step rests on what nobody said."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from string import ascii_lowercase

from sigcheck.planning.made_axes import FIRST
from sigcheck.rules.views.course import Course
from sigcheck.rules.views.filling import side_beside
from sigcheck.rules.views.tried import SEE
from sigcheck.rules.words.axis_names import names_along
from sigcheck.rules.words.option import FILLING_ZERO, fact_option, named_axis_option, picture_options
from sigcheck.schema.facts import Padding, PaddingSide
from sigcheck.schema.plan import Step
from sigcheck.schema.signature import Endpoint
from sigcheck.transforms.parts.rows import row_names

_FILLING = frozenset({"pad", "ragged_to_dense", "sparse_to_dense"})
# No fact says that what these keep, copy or make up is what is meant.
_UNDECLARED = frozenset({"crop", "number_entries", "one_hot", "select_class", "truncate"})
_COLOURS, _WITH_ALPHA = 3, 4
# Height, width and channels.
_LEAST_PICTURE = 3


def declare(course: Course, step: Step, inputs: Sequence[Endpoint]) -> str:
    """What to declare so that a step of the course assumes nothing, or so that another one is taken.

    `inputs` are all of the consumer: its rows are filled on one side.
    """
    return _of_values(course, step, inputs) or _of_axes(course, step)


def _of_values(course: Course, step: Step, inputs: Sequence[Endpoint]) -> str | None:
    """The cure where no name of an axis is one."""
    ours, theirs = course.binding.provided, course.binding.required
    gray = fact_option("producer", ours, "channel_order", "GRAY")
    colour = fact_option("consumer", theirs, "channel_order", "RGB")
    if step.transform == "repeat":
        return _of_repeat(course, step, f"where they are pictures declare it, with {gray} and {colour}")
    if step.transform == "pad" and FIRST in (step.assumption or ""):
        names = ("time", *ascii_lowercase[: (course.required.rank or 1) - 1])
        option = fact_option("consumer", theirs, "axes", ",".join(names))
        return f"where they are steps of one example name the axes, as with {option}"
    if step.transform in _FILLING:
        # Of rows of varying length something has to fill the short ones; of others it may be that none is short.
        what = "where they are short rows declare what fills them" if step.transform == "pad" else "declare it"
        return f"{what}, as with {fact_option('consumer', theirs, 'padding', _filling(course, step, inputs))}"
    if step.transform in _UNDECLARED:
        return _see(course, step)
    if step.transform == "dense_to_ragged" and "value" in step.arguments:
        rank = course.binding.provided_spec.rank or 0
        return f"say where its rows lie, as with {fact_option('producer', ours, 'axes', row_names(rank))}"
    return {
        "decode_base64": "have the producer give the picture files themselves, with the meaning encoded_image",
        "decode_csv": "no fact says so: see that the columns are those of the entries, in their order",
        "decode_wav": "no fact says so: see that the sound has the consumer's sample rate, else resample it before",
        "lengths_to_mask": "where the rows are longer than the longest length, say how long with --max-length LENGTH",
        "encode_image": f"declare what they are, as with {fact_option('producer', ours, 'channel_order', 'RGB')}",
        "serialize_tensor": "no fact says so: see that the consumer parses this dtype and shape",
        "decode_image": f"declare what they are, as with {fact_option('producer', ours, 'channel_order', 'RGB')}",
        "dense_to_ragged": f"declare what fills its rows, as with "
        f"{fact_option('producer', ours, 'padding', FILLING_ZERO)}",
    }.get(step.transform)


def _see(course: Course, step: Step) -> str:
    """What to see to; of a cut with what keeps the other end: of 1001 classes the first may be none of a thousand."""
    if step.transform != "truncate":
        return SEE
    side: PaddingSide = "pre" if step.arguments["side"] == "post" else "post"
    kept = "last" if side == "pre" else "first"
    known = course.required.facts.padding
    value = known.value if known else "" if course.required.dtype == "string" else 0
    option = fact_option("consumer", course.binding.required, "padding", Padding(value=value, side=side).as_declared)
    return f"see that it is meant; where the {kept} are, say so with {option}; else bind another output"


def _filling(course: Course, step: Step, inputs: Sequence[Endpoint]) -> str:
    """The padding that says what the step fills rows with; on the side of those rows that the consumer tells of."""
    told = step.arguments
    side: PaddingSide = "pre" if "pre" in {told.get("side"), side_beside(course, inputs)} else "post"
    return Padding(value=told.get("value", 0), side=side).as_declared


def _of_repeat(course: Course, step: Step, pictures: str) -> str:
    """Names of axes say that another axis is meant, where they lead on."""
    is_picture = step.arguments["count"] == _COLOURS and (course.required.rank or 0) >= _LEAST_PICTURE
    # Colours that are there are not made of gray.
    is_gray = course.provided.facts.channel_order in {None, "GRAY"}
    if is_picture and (opaque := _without_alpha(course)):
        return opaque
    if is_picture and is_gray and (course.binding.plan is not None or course.leads_on(pictures)):
        return pictures
    named = next((way for way in course.ways if ".axes=" in way), None)
    return SEE if named is None else f"where another axis is meant name the axes of both sides, with {named}"


def _without_alpha(course: Course) -> str:
    """What leaves out the fourth channel, where the producer has four and none is copied for another reason."""
    ours, theirs = course.provided, course.required
    if _WITH_ALPHA not in (ours.shape or ()) or 1 in (ours.shape or ()) or _COLOURS not in (theirs.shape or ()):
        return ""
    binding = course.binding
    sides = (("producer", binding.provided, ours, "RGBA"), ("consumer", binding.required, theirs, "RGB"))
    options = [
        fact_option(side, name, "channel_order", order)
        for side, name, spec, order in sides
        if spec.facts.channel_order is None
    ]
    loss = f"--loss {shlex.quote(f'{binding.required}=truncating')}"
    told = f"where the fourth channel says how opaque a picture is, leave it out, with {' and '.join([*options, loss])}"
    return told if course.leads_on(told) else ""


def _of_axes(course: Course, step: Step) -> str:
    ours, theirs = course.binding.provided, course.binding.required
    steps = [one for _, one in course.changes]
    if step.transform == "resize" and not any("perm" in one.arguments for one in steps):
        return f"declare the axes on both sides, with {picture_options(ours, theirs)}"
    named = named_axis_option(ours, course.provided, steps, step)
    if named is not None:
        return f"name the axis, as with {named}"
    along = names_along(ours, course.provided, theirs, course.required, steps)
    if not along or ("perm" not in step.arguments and not course.is_sure_of(step, " and ".join(along))):
        return SEE
    if len(along) == 1:
        return f"declare the axes of the other side too, with {along[0]}"
    return f"declare the axes on both sides, with {' and '.join(along)}; any names will do"
