"""Merged: a stage that is called over a batch in front of its own, all of it in one call. Imports TensorFlow.

The two first axes of what it takes become its batch, and what it gives is split into them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigcheck.adapters.module import check_argument_names, type_spec
from sigcheck.adapters.stage import LoadedStage
from sigcheck.schema.errors import UsageError
from sigcheck.schema.row_call import RowCall


def merged_specs(rows: RowCall) -> dict[str, Any]:
    """The arguments of a pipeline whose first model is called so. Raises UsageError for names that none can have."""
    specs = {one.name: type_spec(one.spec, one.name) for one in rows.over}
    check_argument_names(specs)
    return specs


def call_merged(stage: LoadedStage, rows: RowCall, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What the stage gives for each entry of both axes; it fails where that is not one result for each.

    Of no entries the stage is not asked: many a model takes no empty batch. Sizes that are not known are then 0.
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
        given = stage.call(merged)
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


def require_results(stage: LoadedStage, rows: RowCall) -> None:
    """Raises UsageError for an output that neither a dense nor a ragged tensor holds behind all rows."""
    told = {one.name for one in rows.results}
    for one in stage.stage.signature.outputs:
        if one.name not in told:
            problem = (
                f"gives {one}, expected tensors of known rank, none of them sparse, from a model called row by row"
            )
            raise UsageError(stage.stage.place, f"{problem}. Export it without that output.")
