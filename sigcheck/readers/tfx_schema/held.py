"""Held: what a schema says of each feature in its serialized Examples."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.encodings.message import Message
from sigcheck.readers.tfx_schema.messages import DTYPES
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.example_features import MOST_FEATURES, Feature

_Shape = tuple[int | None, ...]


def held_features(features: Mapping[str, Message]) -> dict[str, Feature]:
    """The features of known type by their names; none where they are more than are held against each other.

    One whose presence is not required in every Example (min_fraction 1) may be absent.
    """
    if len(features) > MOST_FEATURES:
        return {}
    spend(STEPS_OF_ENDPOINT * len(features))
    return {name: _held(one) for name, one in features.items() if one.get("type") in DTYPES}


def _held(feature: Message) -> Feature:
    shape = _shape(feature)
    is_always_there = feature.get("presence", {}).get("min_fraction", 0) == 1
    told = {"dtype": DTYPES[feature["type"]], "shape": shape}
    return Feature.model_validate({**told, "optional": None not in shape and not is_always_there})


def _shape(feature: Message) -> _Shape:
    """The sizes of a fixed shape, else as many values as there are at least and at most, else any number of them."""
    if "shape" in feature:
        sizes: list[int | None] = [one.get("size") for one in feature["shape"].get("dim", ())]
        known = tuple(size for size in sizes if size is not None and size >= 0)
        return known if len(known) == len(sizes) else (None,)
    count = feature.get("value_count", {})
    least, most = count.get("min"), count.get("max")
    return (most,) if least == most and most is not None and most >= 0 else (None,)
