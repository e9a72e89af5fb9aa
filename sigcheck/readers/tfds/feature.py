"""Feature: the tensors that one feature becomes in an example, by the keys that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.schema.budget import STEPS_OF_ENDPOINT, spend
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.tensor_spec import TensorSpec

# Classes of others decode as they like.
_OWN = "tensorflow_datasets."
_DATASET = ".Dataset"
_ORDERS = {1: "GRAY", 3: "RGB", 4: "RGBA"}
_IMAGE_AXES = ("height", "width", "channel")
# tfds.features.BBoxFeature: what the numbers of a box are where nothing is said, and what else is sure.
_BOXES = {"REL_YXYX": "yxyx normalized", "REL_XYXY": "xyxy normalized"}
_UNKNOWN = TensorSpec(dtype=None, shape=None)


class Leaf(NamedTuple):
    """A tensor: the keys that lead to it, its spec, and why that is not known."""

    path: tuple[str, ...]
    spec: TensorSpec
    problem: str | None = None


def read_feature(written: Message, path: tuple[str, ...] = (), lengths: tuple[int | None, ...] = ()) -> Iterator[Leaf]:
    """Yields the tensors of a feature, of a dict by sorted keys; `lengths` are those of the sequences around it.

    Raises KeyError or ValueError where it is none.
    """
    spend(STEPS_OF_ENDPOINT)
    kind = written.get("python_class_name", "")
    if "features_dict" in written:
        inner = written["features_dict"].get("features", {})
        for key in sorted(inner):
            yield from read_feature(inner[key], (*path, key), lengths)
    elif not kind.startswith(_OWN):
        yield Leaf(path, _UNKNOWN, f"a feature of the class {kind[:80]!r}, which is not one of TFDS: not known")
    elif "sequence" in written:
        if kind.endswith(_DATASET):
            yield Leaf(path, _UNKNOWN, "a data set inside of each example: not known")
        else:
            length = written["sequence"].get("length", -1)
            added = (*lengths, None if length < 0 else length)
            yield from read_feature(written["sequence"]["feature"], path, added)
    elif "translation" in written:
        yield from _translation(written["translation"], path, lengths)
    else:
        yield _leaf(written, path, lengths)


def _translation(written: Message, path: tuple[str, ...], lengths: tuple[int | None, ...]) -> Iterator[Leaf]:
    if written.get("variable_languages_per_example", False):
        for key in ("language", "translation"):
            yield _in_sequences((*path, key), "string", (None,), lengths, NO_FACTS)
    else:
        for language in sorted(written.get("languages", ())):
            yield _in_sequences((*path, language), "string", (), lengths, NO_FACTS)


def _leaf(written: Message, path: tuple[str, ...], lengths: tuple[int | None, ...]) -> Leaf:
    if "text" in written:
        return _in_sequences(path, "string", (), lengths, NO_FACTS)
    if "class_label" in written:
        return _in_sequences(path, "int64", (), lengths, _classes(written["class_label"]))
    for kind in ("tensor", "image", "video", "audio", "bounding_box"):
        if kind in written:
            one = written[kind]
            sizes = one.get("shape", {}).get("dimensions", ())
            shape = tuple(None if size < 0 else size for size in sizes)
            return _in_sequences(path, one.get("dtype", ""), shape, lengths, _facts(kind, one, shape))
    return Leaf(path, _UNKNOWN, "a feature that says no tensor of itself: not known")


def _in_sequences(
    path: tuple[str, ...], dtype: str, shape: tuple[int | None, ...], lengths: tuple[int | None, ...], facts: Facts
) -> Leaf:
    """The tensor with the sequences around it in front; several of them make it ragged."""
    if dtype not in DTYPES:
        return Leaf(path, _UNKNOWN, f"dtype {dtype[:40]!r} is none that TensorFlow has")
    if facts.axes is not None:
        facts = facts.replace(axes=(*(None for _ in lengths), *facts.axes))
    sizes = (*lengths, *shape)
    if len(lengths) < 2:  # noqa: PLR2004  # one sequence is an axis like any other
        return Leaf(path, TensorSpec(dtype=dtype, shape=sizes, facts=facts))
    if None in shape or any(length is not None for length in lengths):
        return Leaf(path, _UNKNOWN, "sequences of sequences of which some have a length of their own: not known")
    return Leaf(
        path,
        TensorSpec(
            kind="ragged",
            dtype=dtype,
            shape=sizes,
            ragged_rank=len(lengths) - 1,
            row_splits_dtype="int64",
            facts=facts,
        ),
    )


def _facts(kind: str, written: Message, shape: tuple[int | None, ...]) -> Facts:
    if kind == "bounding_box":
        order = _BOXES.get(written.get("bbox_format", "") or "REL_YXYX")
        return _read({"boxes": order} if order and shape[-1:] == (4,) else {})
    if kind not in {"image", "video"} or len(shape) != len(_IMAGE_AXES) + (kind == "video"):
        return NO_FACTS
    found: dict[str, Any] = {"axes": (None, *_IMAGE_AXES) if kind == "video" else _IMAGE_AXES}
    if "label" in written:
        return _read(found | _classes(written["label"]).known())
    # A map of colours shows numbers that are none.
    if written.get("dtype") == "uint8" and not written.get("use_colormap", False):
        found |= {"meaning": "pixels", "range": (0, 255)}
        order = _ORDERS.get(shape[-1] or 0)
        found |= {"channel_order": order} if order else {}
    return _read(found)


def _classes(written: Message) -> Facts:
    count = written.get("num_classes", 0)
    return _read({"meaning": "class_ids", **({"id_count": count} if count > 0 else {})})


def _read(found: dict[str, Any]) -> Facts:
    return Facts(**found).with_origin("read") if found else NO_FACTS
