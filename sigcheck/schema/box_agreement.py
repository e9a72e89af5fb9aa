"""Agreement of boxes: whether two declarations of what four numbers say differ, and what could not be compared."""

from __future__ import annotations

from sigcheck.schema.facts import Boxes


def differ(ours: Boxes, theirs: Boxes) -> bool:
    """Whether a box would be read as another one; what a side does not say does not differ.

    >>> differ(Boxes(order="yxyx"), Boxes(order="xyxy")), differ(Boxes(order="yxyx"), Boxes(order="yxyx"))
    (True, False)
    """
    return ours.order != theirs.order or has_other_unit(ours, theirs)


def has_other_unit(ours: Boxes, theirs: Boxes) -> bool:
    """Whether the units are known to differ: shares and pixels, or pixels of images of two sizes."""
    if ours.unit is None or theirs.unit is None:
        return False
    return ours.unit != theirs.unit or (None not in {ours.size, theirs.size} and ours.size != theirs.size)


def is_open_box(ours: Boxes | None, theirs: Boxes | None) -> bool:
    """Whether something that one side may mean could not be compared: a declaration, a unit, the size of an image."""
    if ours is None or theirs is None:
        return ours is not theirs
    if ours.unit is None or theirs.unit is None:
        return ours.unit != theirs.unit
    is_of_one = ours.size == theirs.size and ours.image == theirs.image
    return ours.unit == theirs.unit == "pixels" and None in {ours.size, theirs.size} and not is_of_one


def ratio(ours: Boxes, theirs: Boxes) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """What coordinates of y, and of x, are multiplied with, as (numerator, denominator); None where nothing says it.

    >>> ratio(Boxes(order="yxyx", unit="pixels", size=(480, 640)), Boxes(order="yxyx", unit="normalized"))
    ((1.0, 480.0), (1.0, 640.0))
    """
    if not has_other_unit(ours, theirs):
        return (1.0, 1.0), (1.0, 1.0)
    if (ours.unit == "pixels" and ours.size is None) or (theirs.unit == "pixels" and theirs.size is None):
        return None
    (to_y, to_x), (of_y, of_x) = theirs.size or (1.0, 1.0), ours.size or (1.0, 1.0)
    return (float(to_y), float(of_y)), (float(to_x), float(of_x))


def told(boxes: Boxes) -> str:
    """In words: order, unit and the image that pixels are counted on.

    >>> told(Boxes(order="xyxy", unit="pixels", size=(480, 640)))
    'xyxy in pixels of 480 by 640'
    """
    if boxes.unit != "pixels":
        return boxes.order if boxes.unit is None else f"{boxes.order} normalized"
    size = "" if boxes.size is None else f" of {boxes.size[0]:g} by {boxes.size[1]:g}"
    image = f" of {boxes.image}" if boxes.image is not None and not size else ""
    return f"{boxes.order} in pixels{size}{image}"
