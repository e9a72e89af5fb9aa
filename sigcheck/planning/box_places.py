"""Box places: whether boxes are still of the picture beside them once that is filled up, cut or resized.

Each input is planned by itself. Shares of a picture are others of the same picture with a border, and pixels are
counted on another one once it is resized: all shapes fit, and the boxes lie beside what they are of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from sigcheck.planning.row_places import Misplaced
from sigcheck.schema.facts import Boxes
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import crop, pad, resize, truncate
from sigcheck.transforms.parts.sizes import IMAGE_AXES

# A border behind, or less there, leaves each pixel where it was; one in front, or cut off all around, does not.
Change = Literal["behind", "moved", "resized"]

_TOLD: dict[Change, str] = {
    "behind": "the picture with another lower right edge",
    "moved": "the picture with another upper left edge",
    "resized": "the picture resized",
}
_NAMES = ("height", "width")
_CHANNELS = frozenset({1, 3, 4})
# Height, width and channels; and a batch of such.
_RANKS = frozenset({3, 4})


def find_moved_boxes(bindings: Sequence[Binding]) -> tuple[Misplaced, ...]:
    """The inputs whose boxes are no longer of the pictures beside them, in the order of the bindings.

    Boxes beside a picture that stays as it is may be of that one.
    """
    boxes = [one for one in bindings if _boxes_of(one) != (None, None)]
    pictures = [(one, _changes(one)) for one in bindings if one not in boxes and _is_picture(one)] if boxes else []
    if not pictures or not all(changes for _, changes in pictures):
        return ()
    others = tuple(one.required for one, _ in pictures)
    told = " and ".join(_TOLD[one] for one in sorted(set().union(*(changes for _, changes in pictures))))
    return tuple(
        Misplaced(one.required, "its boxes of the picture as it was", told, others, is_told=False, is_of_boxes=True)
        for one in boxes
        if one.plan is not None and all(_are_moved(one, changes, picture) for picture, changes in pictures)
    )


def _boxes_of(binding: Binding) -> tuple[Boxes | None, Boxes | None]:
    return binding.provided_spec.facts.boxes, binding.required_spec.facts.boxes


def _is_picture(binding: Binding) -> bool:
    """Whether an input is a picture: by the names of its axes, else by its sizes."""
    return any(_looks_like_picture(spec) for spec in (binding.provided_spec, binding.required_spec))


def _looks_like_picture(spec: TensorSpec) -> bool:
    if spec.kind != "dense" or spec.shape is None:
        return False
    if spec.facts.axes is not None and any(spec.facts.axes):
        return set(spec.facts.axes) >= IMAGE_AXES
    is_like = len(spec.shape) in _RANKS and not _CHANNELS.isdisjoint((spec.shape[-1], spec.shape[-3]))
    return is_like and spec.facts.meaning in {None, "pixels"}


def _changes(binding: Binding) -> frozenset[Change]:
    """What becomes of the edges of a picture by its plan; nothing without one."""
    return frozenset(change for step in binding.steps if binding.plan is not None for change in _change(step))


def _change(step: Step) -> Iterator[Change]:
    if step.transform == resize.NAME:
        yield "resized"
    elif step.transform == crop.NAME:
        yield "moved"
    elif step.transform in {pad.NAME, truncate.NAME} and any(
        step.arguments["sizes"][axis] is not None for axis in _edges(step.result)
    ):
        yield "moved" if step.arguments["side"] == "pre" else "behind"


def _edges(spec: TensorSpec) -> tuple[int, ...]:
    """The axes of height and width: by their names, else those beside the channels; none where there are no such."""
    shape, axes = spec.shape or (), spec.facts.axes
    if axes is not None and any(axes):
        return tuple(axes.index(name) for name in _NAMES) if set(axes) >= IMAGE_AXES else ()
    if len(shape) not in _RANKS:
        return ()
    last = len(shape) - 1
    return (last - 2, last - 1) if shape[-1] in _CHANNELS else (last - 1, last)


def _are_moved(binding: Binding, changes: frozenset[Change], picture: Binding) -> bool:
    """Whether boxes mean others, as far as units and sizes say, once the picture beside them has changed so.

    Where neither side says the unit they may.
    """
    ours, theirs = _boxes_of(binding)
    own, wanted = (None if one is None else one.unit for one in (ours, theirs))
    if own is None and wanted is None:
        return True
    size = None if ours is None else ours.size
    to = None if theirs is None else theirs.size
    if "pixels" not in {own, wanted} or (own == "pixels" and wanted == "normalized"):
        # Pixels of the picture as it becomes are made shares of that one.
        is_of_made = own == "pixels" and size is not None and size == _extent(picture.required_spec)
        return not is_of_made and bool(changes - {"resized"})
    if own == "normalized":
        is_of_given = changes == {"behind"} and to is not None and to == _extent(picture.provided_spec)
        return not is_of_given and bool(changes - {"resized"})
    if changes == {"behind"}:
        return size is not None and to is not None and size != to
    return changes != {"resized"} or size is None or to is None


def _extent(spec: TensorSpec) -> tuple[float, float] | None:
    """Height and width of a picture, where they are known."""
    sizes = [float(size) for axis in _edges(spec) if (size := (spec.shape or ())[axis]) is not None]
    return (sizes[0], sizes[1]) if len(sizes) == len(_NAMES) else None
