"""Asked: what is asked of data beside where it lies."""

from __future__ import annotations

from dataclasses import dataclass

from sigcheck.schema.example_features import Features

# The tensor of an array or a picture, which has no name of its own.
DEFAULT_NAME = "values"


@dataclass(frozen=True)
class Asked:
    """How data is to be read, where it does not say so itself.

    `name` is the tensor of arrays and pictures, which have none. `features` are those of examples that are looked at,
    with their shapes; without them all are, as lists, and with `are_records` none: each example is a text as it is. An
    element of a saved `tf.data.Dataset` is a row, or with `is_batched` a batch of rows.
    """

    name: str = DEFAULT_NAME
    features: Features | None = None
    is_batched: bool = False
    are_records: bool = False


AS_IT_IS = Asked()
