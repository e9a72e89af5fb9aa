"""Which axis holds the classes that logits and probabilities are about."""

from __future__ import annotations

from typing import NamedTuple

from sigcheck.schema.facts import Axes
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.channels import has_one_number
from sigcheck.transforms.parts.kernels import ORDERED

CLASS_NAMES = ("class", "classes", "label", "labels")
# Names of axes that hold no classes, however many entries they have.
NO_CLASSES = frozenset({"batch", "height", "width", "time", "position"})
# What scores of classes may mean.
SCORES = frozenset({"logits", "log_probabilities", "probabilities"})


class ClassAxis(NamedTuple):
    """`is_doubtful` where there may be no such axis: the only one is as likely the batch."""

    axis: int
    assumption: str | None = None
    is_doubtful: bool = False


def class_axis(spec: TensorSpec, theirs: Axes | None = None) -> ClassAxis | None:
    """The axis of the classes: the one that is named so, else the last behind the batch that may hold them by its name.

    Where the producer names no axes, `theirs` are the names that the consumer has for as many.
    None where there is none: a number alone, or a batch of them, or one for each place in a picture or in time.

    >>> from sigcheck.schema.notation import parse_spec
    >>> class_axis(parse_spec("float32[?, 10]")).axis, class_axis(parse_spec("float32[?, 5, 10]")).assumption
    (1, 'the classes are the last axis')
    """
    if not spec.shape:
        return None
    rank, axes = len(spec.shape), spec.facts.axes or theirs
    for name in CLASS_NAMES:
        if axes is not None and name in axes:
            return ClassAxis(axes.index(name))
    if rank == 1:
        if spec.shape[0] is None or (axes is not None and axes[0] is not None):
            return None
        return ClassAxis(0, "the only axis holds the classes", is_doubtful=True)
    if axes is not None and axes[-1] in NO_CLASSES:
        left = [axis for axis in range(1, rank) if axes[axis] not in NO_CLASSES]
        return ClassAxis(left[-1], f"the classes are axis {left[-1]}") if left else None
    # One axis beside the batch leaves no choice.
    return ClassAxis(rank - 1, "the classes are the last axis" if rank > 2 else None)  # noqa: PLR2004  # more than batch and classes


def scored_classes(spec: TensorSpec) -> tuple[ClassAxis, int] | None:
    """The axis of the classes of dense scores, and how many there are, where one of several scores is the greatest.

    One scale, and one mean and deviation, for all keep the order of the scores. Of no class there is no greatest
    score; of one column the greatest says nothing.

    >>> from sigcheck.schema.facts import Facts
    >>> scores = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="logits"))
    >>> scored_classes(scores), scored_classes(scores.replace(shape=(None, 1)))
    ((ClassAxis(axis=1, assumption=None, is_doubtful=False), 10), None)
    """
    if spec.facts.meaning not in SCORES or spec.kind != "dense" or spec.dtype not in ORDERED:
        return None
    found = class_axis(spec) if has_one_number(spec.facts) else None
    count = None if found is None or spec.shape is None else spec.shape[found.axis]
    return None if found is None or count is None or count <= 1 else (found, count)


def names_classes(axes: Axes | None) -> bool:
    """Whether one of the names is that of classes."""
    return axes is not None and not set(axes).isdisjoint(CLASS_NAMES)
