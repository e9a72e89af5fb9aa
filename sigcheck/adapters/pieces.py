"""Pieces: which steps of a plan are written as one, and its code.

The report shows the steps; the code computes what they come to. Steps that only scale and shift become one
product and one sum, up to the rounding to whole numbers behind them, and steps that only count the axes otherwise
become one reshape. A picture that gets smaller is resized before its values are converted. What that gives is
compared by the proof with the references of the steps, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import value_range
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.line import NO_LINE, Line
from sigcheck.transforms.parts.line_form import Form, best_form
from sigcheck.transforms.parts.stored import Stored, narrow_code, shift_code, shift_of
from sigcheck.transforms.parts.transform import Code, keep_static_shape, values_code, with_values_code

# Steps that keep the order of all values.
_COUNTING = frozenset({"expand_dims", "reshape", "squeeze"})
# The axis of the channels of a picture that can be resized: numbers along the others belong to its points.
_CHANNELS = 3

# Sums and differences of whole numbers of so many bytes are exact in float32.
_EXACT_BYTES = 2
# What `tf.image.resize` takes besides float32, and gives float32 of.
_RESIZED = frozenset({"int8", "uint8", "int16", "uint16"})


class Piece(NamedTuple):
    """Neighbouring steps, or one, and the spec that they are applied to.

    `line` is what they do to each number where they are several that only scale and shift, and round to
    whole numbers at the end where `stored` is set.
    """

    spec: TensorSpec
    steps: tuple[Step, ...]
    line: Line | None = None
    stored: Stored | None = None

    @property
    def result(self) -> TensorSpec:
        """The spec behind the last step."""
        return self.steps[-1].result

    @property
    def writers(self) -> list[str]:
        """The transforms whose calls may stand in the code: a line that moves stored numbers writes as `requantize`."""
        names = [step.transform for step in self.steps]
        return names if self.stored is None else [*names, "requantize"]

    @property
    def apart(self) -> list[Piece]:
        """Each of the steps alone."""
        return _single(self.spec, self.steps)

    @property
    def meaning(self) -> str | None:
        """What a comment says above the code of several steps."""
        # One says what it is itself.
        if len(self.steps) == 1:
            return None
        return f"{', '.join(step.transform for step in self.steps)} in one"

    def emit(self, value: str) -> Code:
        """The TensorFlow code on the expression `value`."""
        if self.line is not None:
            return _line_code(self, self.line, value)
        last = self.steps[-1]
        if len(self.steps) > 1 and last.transform in _COUNTING:
            return _counting_code(self.spec, self.steps, value)
        return BY_NAME[last.transform].emit(self.spec, last, value)


def pieces(spec: TensorSpec, steps: Sequence[Step]) -> Iterator[Piece]:
    """Yields the steps of a plan on a spec, those together that are written as one."""
    waiting = _smaller_first(spec, steps)
    while waiting:
        found = (
            _converting(waiting) or _counting(waiting) or _resizing(waiting) or Piece(waiting[0].spec, waiting[0].steps)
        )
        yield found
        waiting = waiting[len(found.steps) :]


def _single(spec: TensorSpec, steps: Sequence[Step]) -> list[Piece]:
    """Each step as a piece of its own."""
    specs = [spec, *(step.result for step in steps)]
    return [Piece(before, (step,)) for before, step in zip(specs, steps, strict=False)]


def _converting(waiting: Sequence[Piece]) -> Piece | None:
    """The steps at the beginning that scale and shift, if two of them do; a rounding to whole numbers ends them."""
    whole, taken, computing, stored = NO_LINE, 0, 0, None
    for piece in waiting:
        (step,) = piece.steps
        own = _line_of(piece.spec, step)
        ending = _stored_by(piece.spec, step) if own is None and taken else None
        given = own if ending is None else ending.given
        joined = None if given is None else whole.then(given)
        if given is None or joined is None:
            break
        whole, taken, stored = joined, taken + 1, ending
        computing += not given.is_identity
        if stored is not None:
            break
    if taken <= 1:
        return None
    made = Piece(waiting[0].spec, tuple(one.steps[0] for one in waiting[:taken]), whole, stored)
    # The cast in front of one computing step is read better as a line of its own.
    is_one = computing > 1 or (stored is not None and _bytes_code(made, whole, stored, "x") is not None)
    return made if is_one and _form(made, whole) is not None else None


def _line_of(spec: TensorSpec, step: Step) -> Line | None:
    says = getattr(BY_NAME[step.transform], "line_of", None)
    found: Line | None = None if says is None or spec.dtype is None else says(spec, step)
    return found


def _stored_by(spec: TensorSpec, step: Step) -> Stored | None:
    says = getattr(BY_NAME[step.transform], "stored", None)
    # Of whole numbers there is nothing before that only scales.
    is_real = spec.dtype is not None and DTYPES[spec.dtype].kind == "float"
    found: Stored | None = says(spec, step) if says is not None and is_real else None
    return found


def _computed(piece: Piece) -> str:
    """The float that the numbers of a piece are computed in: that of its last step but the one that stores."""
    last = piece.steps[-1].result if piece.stored is None else piece.steps[-2].result
    return last.dtype or "float32"


def _form(piece: Piece, whole: Line) -> Form | None:
    """How the line of a piece is computed; None where its float does not have the numbers."""
    source = DTYPES[piece.spec.dtype or "variant"]
    is_whole = source.kind in {"int", "uint"}
    # The range is one of real numbers: of stored ones the dtype says where they end.
    ends = value_range(piece.spec.facts) if piece.spec.facts.quantization is None else None
    if is_whole and source.bytes <= _EXACT_BYTES:
        ends = (float(source.lowest or 0), float(source.highest or 0))
    return best_form(whole, _computed(piece), ends, is_whole=is_whole and source.bytes <= _EXACT_BYTES)


def _line_code(piece: Piece, whole: Line, value: str) -> Code:
    spec, computed, stored = piece.spec, _computed(piece), piece.stored
    code = None if stored is None else _bytes_code(piece, whole, stored, value)
    if code is None:
        form = _form(piece, whole)
        if form is None:
            raise ValueError(f"{whole} has no numbers in {computed}")
        values = values_code(spec, value)
        real = values if spec.dtype == computed else f"tf.cast({values}, tf.{computed})"
        code = form.code(spec, real, computed, whole.axis)
        code = code if stored is None else code._replace(expression=stored.code(spec, code.expression, computed))
    return keep_static_shape(piece.result, Code(with_values_code(spec, value, code.expression), code.lines))


def _bytes_code(piece: Piece, whole: Line, stored: Stored, value: str) -> Code | None:
    """The code of numbers of 8 bits that become whole ones again."""
    values = values_code(piece.spec, value)
    shift = shift_of(whole, stored, piece.spec.dtype)
    if shift is not None:
        return Code(shift_code(piece.spec, values, shift, stored.dtype))
    return narrow_code(piece.spec, values, whole, stored) if _computed(piece) == "float32" else None


def _counting(waiting: Sequence[Piece]) -> Piece | None:
    """The steps at the beginning that only count the axes otherwise, if they are several and have one code."""
    taken: list[Step] = []
    for piece in waiting:
        (step,) = piece.steps
        if step.transform not in _COUNTING or step.guard is not None:
            break
        taken.append(step)
    if len(taken) <= 1:
        return None
    made = Piece(waiting[0].spec, tuple(taken))
    return made if _is_one_reshape(made.result) or _squeezed(made.spec, made.steps) else None


def _resizing(waiting: Sequence[Piece]) -> Piece | None:
    """A cast and the resize behind it: the operation takes whole numbers as they are, and makes float32 of them."""
    if len(waiting) == 1 or waiting[1].steps[0].transform != "resize":
        return None
    spec, (step,) = waiting[0].spec, waiting[0].steps
    is_taken = step.transform == "cast" and step.result.dtype == "float32" and spec.dtype in _RESIZED
    return Piece(spec, (step, waiting[1].steps[0])) if is_taken else None


def _is_one_reshape(result: TensorSpec) -> bool:
    """Whether the result has one unknown size at most, and none of 0 beside which -1 could not be worked out."""
    shape = result.shape or ()
    return shape.count(None) <= 1 and 0 not in shape


def _counting_code(spec: TensorSpec, steps: Sequence[Step], value: str) -> Code:
    squeezed = _squeezed(spec, steps)
    if squeezed:
        return Code(f"tf.squeeze({value}, axis={squeezed})")
    return Code(f"tf.reshape({value}, {[-1 if size is None else size for size in steps[-1].result.shape or ()]})")


def _squeezed(spec: TensorSpec, steps: Sequence[Step]) -> list[int]:
    """The axes that are removed, as the spec counts them, where the steps do nothing else."""
    if any(step.transform != "squeeze" for step in steps):
        return []
    left = list(range(len(spec.shape or ())))
    return sorted(left.pop(step.arguments["axis"]) for step in steps)


def _smaller_first(spec: TensorSpec, steps: Sequence[Step]) -> list[Piece]:
    """The steps, a resize to a smaller picture in front of those that scale and shift its values."""
    found = _single(spec, steps)
    for at, piece in enumerate(found):
        (step,) = piece.steps
        if step.transform == "resize" and step.loss == "truncating":
            start = at
            while start and _is_moved_over(found[start - 1]):
                start -= 1
            moved = [one.steps[0] for one in found[start:at]]
            if moved:
                shape = step.result.shape
                early = Piece(
                    found[start].spec, (step.model_copy(update={"result": found[start].spec.replace(shape=shape)}),)
                )
                late = [
                    Piece(
                        one.spec.replace(shape=shape),
                        (own.model_copy(update={"result": own.result.replace(shape=shape)}),),
                    )
                    for one, own in zip(found[start:at], moved, strict=True)
                ]
                return [*found[:start], early, *late, *found[at + 1 :]]
    return found


def _is_moved_over(piece: Piece) -> bool:
    """Whether a float picture is scaled and shifted, alike at all of its points."""
    own = _line_of(piece.spec, piece.steps[0])
    return (
        own is not None
        and piece.spec.dtype == "float32"
        and piece.spec.kind == "dense"
        and own.axis in {None, _CHANNELS}
    )
