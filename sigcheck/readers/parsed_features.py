"""Parsed features: the tensors that `tf.io.parse_example` makes of the features of a batch of `tf.train.Example`s.

And the batch itself, as a contract of the features that each Example holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sigcheck.schema.example_features import Feature, Features
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import EXAMPLES_KEY, Endpoint, Signature
from sigcheck.schema.tensor_spec import TensorSpec


def fixed(dtype: str | None, shape: Sequence[int | None], facts: Facts = NO_FACTS) -> TensorSpec:
    """What a `FixedLenFeature` becomes: a dense tensor with the batch in front.

    >>> str(fixed("float32", [3]))
    'float32[?, 3]'
    """
    return TensorSpec(dtype=dtype, shape=(None, *_sizes(shape)), facts=facts)


def variable(dtype: str | None, facts: Facts = NO_FACTS) -> TensorSpec:
    """What a `VarLenFeature` becomes: a sparse matrix.

    >>> str(variable("int64"))
    'sparse int64[?, ?]'
    """
    return TensorSpec(kind="sparse", dtype=dtype, shape=(None, None), facts=facts)


def sparse(dtype: str | None, sizes: Sequence[int | None], facts: Facts = NO_FACTS) -> TensorSpec:
    """What a `SparseFeature` becomes: a sparse tensor with the batch in front of these sizes.

    >>> str(sparse("float32", [3, 4]))
    'sparse float32[?, 3, 4]'
    """
    return TensorSpec(kind="sparse", dtype=dtype, shape=(None, *_sizes(sizes)), facts=facts)


def ragged(
    dtype: str | None,
    partitions: Sequence[int | None] = (),
    row_splits_dtype: Literal["int32", "int64"] = "int32",
    facts: Facts = NO_FACTS,
) -> TensorSpec:
    """What a `RaggedFeature` becomes; of each partition the uniform length, or None where rows differ.

    Uniform partitions that come last are axes of the values, as in TensorFlow.

    >>> str(ragged("float32", [None, 2]))
    'ragged float32[?, None, None, 2]'
    """
    last = max((at for at, length in enumerate(partitions, 1) if length is None), default=0)
    return TensorSpec(
        kind="ragged",
        dtype=dtype,
        shape=(None, None, *_sizes(partitions)),
        ragged_rank=1 + last,
        row_splits_dtype=row_splits_dtype,
        facts=facts,
    )


def serialized(features: Mapping[str, Feature]) -> Signature:
    """The Examples of these features as a signature of their own, for who gives them and who parses them."""
    held = Features(named=tuple(sorted(features.items())))
    facts = Facts(meaning="serialized_example", features=held).with_origin("read")
    end = Endpoint(name="examples", spec=TensorSpec(dtype="string", shape=(None,), facts=facts))
    return Signature(key=EXAMPLES_KEY, inputs=(end,), outputs=(end,))


def _sizes(sizes: Sequence[int | None]) -> Shape:
    return tuple(None if size is None or size < 0 else size for size in sizes)
