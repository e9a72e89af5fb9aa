"""Boxes: which specs may hold them, and which steps leave them what they are."""

from __future__ import annotations

from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.layout import whole_axes

# The numbers of one box.
COORDINATES = 4
# What scales all numbers by one factor: height and width have one each.
_ALIKE = frozenset({"scale", "batch_min_max"})


def may_be_boxes(spec: TensorSpec) -> bool:
    """Whether the last axis may hold four numbers.

    >>> from sigcheck.schema.notation import parse_spec
    >>> may_be_boxes(parse_spec("float32[?, 100, 4]")), may_be_boxes(parse_spec("float32[?, 5]"))
    (True, False)
    """
    is_number = spec.dtype is None or spec.dtype in ORDERED
    return is_number and (spec.shape is None or (len(spec.shape) > 0 and spec.shape[-1] in {None, COORDINATES}))


def of_boxes(spec: TensorSpec, required: TensorSpec, step: Step) -> Step | None:
    """A step as it is on boxes: None where it would leave them something else than the consumer declares them to be.

    What is no box any more is none for a consumer that declares none.
    """
    if spec.facts.boxes is None and required.facts.boxes is None:
        return step
    if step.transform in _ALIKE:
        return None
    if spec.facts.boxes is None or step.result.facts.boxes is None or _keeps(spec, step):
        return step
    if required.facts.boxes is not None:
        return None
    facts = step.result.facts.replace(boxes=None)
    return step.model_copy(update={"result": step.result.model_copy(update={"facts": facts})})


def _keeps(spec: TensorSpec, step: Step) -> bool:
    """Whether the four numbers stay along the last axis."""
    before, after = spec.shape, step.result.shape
    if before is None or after is None or not before or not after:
        return before == after or step.transform == "ensure_shape"
    if after[-1] not in {before[-1], COORDINATES}:
        return False
    if step.layout is not None:
        # A new axis may be put in where the numbers stood, which are behind it then.
        return step.layout[-1] == whole_axes([[len(before) - 1]])[0]
    return step.arguments.get("axis") != len(before) - 1
