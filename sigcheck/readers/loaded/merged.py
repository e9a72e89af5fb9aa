"""Merged: a model that is called over a batch in front of its own, all of it in one call. Imports TensorFlow.

The two first axes of what it takes become its batch, and what it gives is split into them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sigcheck.schema.row_call import RowCall


def call_merged(
    model: Callable[[Mapping[str, Any]], Mapping[str, Any]], rows: RowCall, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """What the model gives for each entry of both axes; it fails where that is not one result for each.

    Of no entries the model is not asked: many take no empty batch. Sizes that are not known are then 0.
    """
    import tensorflow as tf

    first = tf.shape(next(iter(arguments.values())))[:2]
    merged = {}
    for name, value in arguments.items():
        same = tf.reduce_all(tf.equal(tf.shape(value)[:2], first))
        with tf.control_dependencies([tf.debugging.Assert(same, ["inputs of different batches"])]):
            merged[name] = tf.reshape(value, tf.concat([[first[0] * first[1]], tf.shape(value)[2:]], 0))
        merged[name].set_shape([None, *value.shape[2:]])

    def called() -> dict[str, Any]:
        given = model(merged)
        return {
            one.name: tf.reshape(given[one.name], tf.concat([first, tf.shape(given[one.name])[1:]], 0))
            for one in rows.results
        }

    def nothing() -> dict[str, Any]:
        shapes = {one.name: [size or 0 for size in (one.spec.shape or ())[2:]] for one in rows.results}
        return {one.name: tf.zeros(tf.concat([first, shapes[one.name]], 0), one.spec.dtype) for one in rows.results}

    split: dict[str, Any] = tf.cond(first[0] * first[1] > 0, called, nothing)
    for one in rows.results:
        split[one.name].set_shape(one.spec.shape)
    return split


def call_apart(
    model: Callable[[Mapping[str, Any]], Mapping[str, Any]], rows: RowCall, arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """The same by one call for each entry of the axis in front, which each is a batch of the model; run eagerly."""
    import tensorflow as tf

    first = tuple(next(iter(arguments.values())).shape[:2])
    if not all(first):
        sizes = {one.name: [size or 0 for size in (one.spec.shape or ())[2:]] for one in rows.results}
        return {one.name: tf.zeros([*first, *sizes[one.name]], one.spec.dtype) for one in rows.results}
    given = [model({name: value[at] for name, value in arguments.items()}) for at in range(first[0])]
    return {one.name: tf.stack([each[one.name] for each in given]) for one in rows.results}
