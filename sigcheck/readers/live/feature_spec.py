"""Feature specs: dicts of `tf.io.FixedLenFeature` and the like, as `tf.io.parse_example` takes them.

They stand for the batch of tensors that parsing makes, so the same endpoints stand on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigcheck.readers.live.parts.specs import dtype_name, loaded_tensorflow
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "feature_spec"
ORDER = 42
ACCEPTS = "tf.io features by their names"


def recognizes(value: object) -> bool:
    """Whether it maps names to features, and to nothing else."""
    tensorflow = loaded_tensorflow()
    if tensorflow is None or not isinstance(value, Mapping) or not value:
        return False
    kinds = _kinds(tensorflow)
    return all(isinstance(one, kinds) for one in value.values())


def read(value: object) -> Model:
    """One signature under the key `default`, with the same tensors on both sides, in the order of the dict.

    The signature `examples` is the serialized Examples of which they are parsed.

    Raises SourceError, naming the feature, where TensorFlow would not take it either.
    """
    tensorflow: Any = loaded_tensorflow()
    features: Mapping[Any, Any] = value  # type: ignore[assignment]  # what `recognizes` has looked at
    ends = tuple(Endpoint(name=str(name), spec=_told(tensorflow, str(name), one)) for name, one in features.items())
    signature = Signature(key=DEFAULT_KEY, inputs=ends, outputs=ends)
    held = _held(tensorflow, features)
    signatures = (signature,) if held is None else (signature, held)
    return Model(source=type(value).__name__, reader=NAME, signatures=signatures)


def _kinds(tensorflow: Any) -> tuple[type, ...]:
    io = tensorflow.io
    return (io.FixedLenFeature, io.FixedLenSequenceFeature, io.VarLenFeature, io.RaggedFeature, io.SparseFeature)


def _told(tensorflow: Any, name: str, feature: Any) -> TensorSpec:
    try:
        return _spec(tensorflow, feature)
    except (TypeError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0][:200].rstrip(".")
        raise SourceError(name, f"a {type(feature).__name__} that is none: {reason}. Correct it.") from None


def _spec(tensorflow: Any, feature: Any) -> TensorSpec:
    # Loaded where a feature is there: recognizing is asked of every object.
    from sigcheck.readers import parsed_features

    io = tensorflow.io
    dtype = dtype_name(tensorflow.as_dtype(feature.dtype))
    if isinstance(feature, io.VarLenFeature):
        return parsed_features.variable(dtype)
    if isinstance(feature, io.SparseFeature):
        sizes = feature.size if isinstance(feature.size, list | tuple) else [feature.size]
        return parsed_features.sparse(dtype, [int(size) for size in sizes])
    if isinstance(feature, io.RaggedFeature):
        uniform = io.RaggedFeature.UniformRowLength
        lengths = [int(one.length) if isinstance(one, uniform) else None for one in feature.partitions]
        is_short = tensorflow.as_dtype(feature.row_splits_dtype) == tensorflow.int32
        return parsed_features.ragged(dtype, lengths, "int32" if is_short else "int64")
    shape = tensorflow.TensorShape(feature.shape).as_list()
    # Of a sequence the rows are filled up to the longest of the batch.
    return parsed_features.fixed(dtype, [None, *shape] if isinstance(feature, io.FixedLenSequenceFeature) else shape)


def _held(tensorflow: Any, features: Mapping[Any, Any]) -> Signature | None:
    """The Examples that hold these features; None where a dtype is none of theirs, or two want one otherwise."""
    from sigcheck.readers import parsed_features
    from sigcheck.schema.example_features import Feature

    held: dict[str, Feature] = {}
    try:
        for name, feature in features.items():
            for key, told in _listed(tensorflow, str(name), feature):
                if held.setdefault(key, Feature.model_validate(told)) != Feature.model_validate(told):
                    return None
        return parsed_features.serialized(held)
    except ValueError:
        return None


def _listed(tensorflow: Any, name: str, feature: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the features of an Example that a tensor is made of."""
    io = tensorflow.io
    dtype = dtype_name(tensorflow.as_dtype(feature.dtype))
    rows = {"dtype": dtype, "shape": (None,)}
    if isinstance(feature, io.SparseFeature):
        keys = feature.index_key if isinstance(feature.index_key, list | tuple) else [feature.index_key]
        yield from ((key, {"dtype": "int64", "shape": (None,)}) for key in keys)
        yield feature.value_key, rows
    elif isinstance(feature, io.RaggedFeature):
        yield feature.value_key or name, rows
        for one in feature.partitions:
            if hasattr(one, "key"):
                yield one.key, {"dtype": "int64", "shape": (None,)}
    elif isinstance(feature, io.VarLenFeature):
        yield name, rows
    else:
        shape = tuple(tensorflow.TensorShape(feature.shape).as_list())
        is_rows = isinstance(feature, io.FixedLenSequenceFeature)
        has_default = not is_rows and feature.default_value is not None
        yield name, {"dtype": dtype, "shape": (None, *shape) if is_rows else shape, "optional": has_default}
