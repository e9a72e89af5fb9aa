"""Transforms: one kind of edge per file. The catalog below is the whole list.

Each is a module of the shape of `transform.Transform`. It carries three accounts of one
meaning, which are tested against each other: the spec it declares, the TensorFlow code it
emits, and an independent NumPy reference.
"""

from __future__ import annotations

from sigcheck.transforms import (
    activation,
    argmax,
    batch_min_max,
    cast,
    clip,
    crop,
    dequantize,
    destandardize,
    drop_alpha,
    ensure_shape,
    expand_dims,
    gray_to_rgb,
    guard_ids,
    one_hot,
    pad,
    quantize,
    ragged_to_dense,
    repeat,
    requantize,
    reshape,
    resize,
    reverse_channels,
    rgb_to_gray,
    saturating_cast,
    scale,
    select_class,
    squeeze,
    standardize,
    transpose,
    truncate,
)
from sigcheck.transforms.transform import Transform

CATALOG: tuple[Transform, ...] = (
    cast,
    saturating_cast,
    expand_dims,
    squeeze,
    reshape,
    transpose,
    scale,
    clip,
    standardize,
    destandardize,
    quantize,
    dequantize,
    requantize,
    batch_min_max,
    reverse_channels,
    drop_alpha,
    gray_to_rgb,
    rgb_to_gray,
    activation,
    argmax,
    one_hot,
    select_class,
    ragged_to_dense,
    repeat,
    pad,
    truncate,
    crop,
    resize,
    ensure_shape,
    guard_ids,
)

BY_NAME: dict[str, Transform] = {transform.NAME: transform for transform in CATALOG}
