"""Box images: the sizes of the images that boxes are declared to be in pixels of, where an image is named."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.planning.names import nearest
from sigcheck.schema.box_agreement import ratio
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

_HEIGHT, _WIDTH = "height", "width"


def with_image_sizes(endpoints: Sequence[Endpoint], images: Sequence[Endpoint], side: str) -> tuple[Endpoint, ...]:
    """The endpoints, boxes in pixels of a named image with its size, where its axes are named and known.

    `images` are what a name may mean. A size that is open is left so: only the run knows it. Raises UsageError for a
    name that is none of them, and for an image whose height and width nothing names.
    """
    if all(one.spec.facts.boxes is None or one.spec.facts.boxes.image is None for one in endpoints):
        return tuple(endpoints)
    named = {one.name: one.spec for one in images}
    return tuple(_with_size(one, named, f"{side}.{one.name}.boxes") for one in endpoints)


def as_if_sized(provided: TensorSpec, required: TensorSpec) -> tuple[TensorSpec, TensorSpec]:
    """Both specs as they would be if the sizes were declared that alone are missing to convert boxes; else as they are.

    >>> from sigcheck.schema.facts import Boxes, Facts
    >>> pixels, shares = (
    ...     TensorSpec(dtype="float32", shape=(None, 4), facts=Facts(boxes=Boxes(order="xyxy", unit=unit)))
    ...     for unit in ("pixels", "normalized")
    ... )
    >>> [spec.facts.boxes.size for spec in as_if_sized(pixels, shares)]
    [(1.0, 1.0), None]
    """
    ours, theirs = provided.facts.boxes, required.facts.boxes
    if ours is None or theirs is None or ratio(ours, theirs) is not None:
        return provided, required
    return _sized(provided), _sized(required)


def _sized(spec: TensorSpec) -> TensorSpec:
    boxes = spec.facts.boxes
    if boxes is None or boxes.unit != "pixels" or boxes.size is not None:
        return spec
    return spec.replace(facts=spec.facts.replace(boxes=boxes.model_copy(update={"size": (1.0, 1.0)})))


def _with_size(endpoint: Endpoint, images: dict[str, TensorSpec], place: str) -> Endpoint:
    boxes = endpoint.spec.facts.boxes
    if boxes is None or boxes.image is None or boxes.size is not None:
        return endpoint
    if boxes.image not in images:
        raise UsageError(place, f"no image {boxes.image!r}; {nearest(boxes.image, images)}")
    axes = images[boxes.image].facts.axes or ()
    if _HEIGHT not in axes or _WIDTH not in axes:
        problem = f"no axes height and width in {boxes.image}: {images[boxes.image]}"
        raise UsageError(place, f"{problem}. Declare its axes, or write the size: size = [HEIGHT, WIDTH].")
    size = _size_of(images[boxes.image])
    if size is None:
        return endpoint
    facts = endpoint.spec.facts.replace(boxes=boxes.model_copy(update={"size": size}))
    return endpoint.model_copy(update={"spec": endpoint.spec.replace(facts=facts)})


def _size_of(spec: TensorSpec) -> tuple[float, float] | None:
    axes, shape = spec.facts.axes, spec.shape
    if axes is None or shape is None or _HEIGHT not in axes or _WIDTH not in axes:
        return None
    height, width = shape[axes.index(_HEIGHT)], shape[axes.index(_WIDTH)]
    return None if not height or not width else (float(height), float(width))
