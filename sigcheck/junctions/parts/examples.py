"""Examples: which tensors stand for which features of serialized `tf.train.Example`s."""

from __future__ import annotations

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.example_features import Feature, FeatureDtype
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.shape import Shape
from sigcheck.schema.tensor_spec import TensorSpec

# The list of a tf.train.Feature that has values of a dtype: its message and its field.
LISTS: dict[str, tuple[str, str]] = {
    "float32": ("tensorflow.FloatList", "float_list"),
    "int64": ("tensorflow.Int64List", "int64_list"),
    "string": ("tensorflow.BytesList", "bytes_list"),
}
_SPLITS = "int64"


def literal(name: str) -> str:
    """The name of a feature as it stands in code: in ASCII, and no command in a log."""
    return f'"{name}"' if name.isidentifier() and name.isascii() else ascii(name).replace("##", "#\\x23")


def listed_dtype(dtype: str | None) -> FeatureDtype:
    """The dtype that values of another one are listed as. Raises JunctionError of what no feature holds.

    >>> listed_dtype("uint8"), listed_dtype("float64")
    ('int64', 'float32')
    """
    kind = None if dtype is None else DTYPES[dtype].kind
    if kind in {"int", "uint", "bool"}:
        return "int64"
    if kind in {"float", "string"}:
        return "float32" if kind == "float" else "string"
    raise JunctionError(f"no feature of an Example holds values of {dtype or 'an unknown dtype'}")


def feature_of(part: TensorSpec, *, is_single: bool) -> Feature:
    """The feature that a tensor of a batch, or of one Example, becomes. Raises JunctionError where it becomes none."""
    if part.dtype not in LISTS:
        raise JunctionError(f"{part} is given, expected float32, int64 or string, which features are made of")
    if part.shape is None or part.kind == "sparse" or (not is_single and not part.shape):
        raise JunctionError(f"{part} is given, expected a dense or ragged tensor of known rank, a row for each Example")
    if part.kind == "ragged":
        if part.ragged_rank != 1 or None in part.shape[2:]:
            raise JunctionError(f"{part} is given: where rows within rows end no feature says")
        return Feature(dtype=part.dtype, shape=(None, *part.shape[2:]))
    shape = part.shape if is_single else part.shape[1:]
    known = shape if None not in shape else (None, *shape[1:]) if None not in shape[1:] else (None,)
    return Feature(dtype=part.dtype, shape=known)


def goal_of(part: TensorSpec, wanted: Feature | None, *, is_single: bool) -> TensorSpec:
    """What an output must be before it is a feature: of the feature's dtype and, where it has one, of its shape."""
    dtype = listed_dtype(part.dtype) if wanted is None else wanted.dtype
    batch: Shape = () if is_single else ((part.shape or (None,))[:1] or (None,))
    if wanted is not None and wanted.count is not None:
        return TensorSpec(dtype=dtype, shape=(*batch, *wanted.shape), facts=NO_FACTS)
    is_in_rows = part.kind == "sparse" or part.facts.padding is not None
    if not is_single and is_in_rows and part.rank == 2:  # noqa: PLR2004  # rows of values, of which each has its own length
        return TensorSpec(kind="ragged", dtype=dtype, shape=(*batch, None), ragged_rank=1, row_splits_dtype=_SPLITS)
    if part.kind == "sparse":
        raise JunctionError(f"{part} is given, expected a row of values for each Example")
    return part.replace(dtype=dtype, facts=NO_FACTS)


def parsed_spec(feature: Feature, batch: Shape, row_splits_dtype: str | None) -> TensorSpec:
    """What a feature is parsed to: dense where the number of its values is known, else ragged rows."""
    if feature.count is not None:
        return TensorSpec(dtype=feature.dtype, shape=(*batch, *feature.shape))
    if not batch:
        return TensorSpec(dtype=feature.dtype, shape=feature.shape)
    return TensorSpec(
        kind="ragged",
        dtype=feature.dtype,
        shape=(*batch, *feature.shape),
        ragged_rank=1,
        row_splits_dtype="int32" if row_splits_dtype == "int32" else "int64",
    )
