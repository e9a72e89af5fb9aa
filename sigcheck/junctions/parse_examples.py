"""Parse examples: a feature of serialized `tf.train.Example`s becomes a tensor.

## What it does
Parses one feature of each Example for the input that it is bound to: the one that is called as the input is, or that
somebody names. What the Examples hold has to be declared, by the `features` of the output, or read, as of a schema.
A known number of values becomes a dense tensor, any number of them ragged rows.

## Example
    --bind 'parse_examples(examples)=age' --bind 'parse_examples(words=examples)=ids'
    --fact 'producer.examples.features={"age": "float32[3]", "words": "int64[?]"}'
    string[?] -> float32[?, 3], ragged int64[?, None]

## What it loses or assumes
Nothing. What is no Example, or lacks the feature, is refused when it is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.junctions.parts.examples import literal, parsed_spec
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.example_features import Feature
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.example_message import UnreadExampleError, read_feature
from sigcheck.transforms.parts.transform import Code

NAME = "parse_examples"
ORDER = 81
# What is known of the bytes is not known of the values that they hold.
VALUE_PARTS: tuple[int, ...] | None = ()
HAS_KERAS = False
HAS_NUMPY = False


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: which feature is meant its name says, and no shape.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("string[?]")], [parse_spec("float32[?]")])
    []
    """
    return []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], names: Any) -> tuple[Step, ...]:
    """The values of the feature. Raises JunctionError where the output holds none, or none of this name is known."""
    (part,), (spec,), (name,) = parts, required, names
    held = part.facts.features
    if part.kind != "dense" or part.dtype != "string" or part.shape is None or len(part.shape) > 1:
        raise JunctionError(f"{part} is given, expected one serialized Example, or a batch of them")
    if part.facts.meaning not in {None, "serialized_example"}:
        raise JunctionError(f"{part.facts.meaning} is given, expected serialized_example")
    if held is None:
        cure = 'declare what they hold, as with features = { age = "float32[1]" } of the output'
        raise JunctionError("nothing says which features the Examples hold", cure=cure)
    feature = held.get(name)
    if feature is None or feature.optional:
        found = "may be absent" if feature is not None else f"is none of theirs, which are {_listed(held)}"
        raise JunctionError(f"the feature {name} {found}")
    splits = spec.row_splits_dtype if spec.kind == "ragged" else None
    result = parsed_spec(feature, part.shape, splits)
    told = "" if feature.count is None else f" with {name} {feature}"
    step = Step(
        transform=NAME,
        arguments={"name": name, "feature": str(feature)},
        result=result,
        guard=f"every string is an Example{told}",
        cost=Cost(guards=1, bytes_moved=bytes_moved(part, result), steps=1),
    )
    return (step,)


def _listed(held: Any) -> str:
    names = list(held)
    return f"{', '.join(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"  # noqa: PLR2004  # shown


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.io.parse_example` with the specification of the one feature."""
    name, feature = literal(step.arguments["name"]), Feature.model_validate(step.arguments["feature"])
    is_single = not (parts[0].shape or ())
    if feature.count is not None:
        told = f"tf.io.FixedLenFeature({list(feature.shape)}, tf.{feature.dtype})"
    elif is_single:
        told = f"tf.io.FixedLenSequenceFeature({list(feature.shape[1:])}, tf.{feature.dtype}, allow_missing=True)"
    else:
        rows = "".join(f", tf.io.RaggedFeature.UniformRowLength({size})" for size in feature.shape[1:])
        partitions = f", partitions=[{rows[2:]}]" if rows else ""
        splits = f"row_splits_dtype=tf.{step.result.row_splits_dtype}"
        told = f"tf.io.RaggedFeature(tf.{feature.dtype}, {name}{partitions}, {splits})"
    call = "parse_single_example" if is_single else "parse_example"
    return Code(f"tf.io.{call}({values[0]}, {{{name}: {told}}})[{name}]")


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The values of each Example, by the encoding of protocol buffers. Raises GuardError where one cannot be parsed."""
    import numpy as np

    name, feature = step.arguments["name"], Feature.model_validate(step.arguments["feature"])
    strings = dense(values[0])
    try:
        rows = [read_feature(one, name, feature) for one in strings.reshape(-1).tolist()]
    except UnreadExampleError as error:
        raise GuardError(str(error)) from None
    inner = [size for size in feature.shape if size is not None]
    flat: Array = np.empty(sum(map(len, rows)), numpy_dtype(feature.dtype))
    flat[:] = [value for row in rows for value in row]
    if step.result.kind == "ragged":
        lengths = [len(row) // max(feature.row, 1) for row in rows]
        splits = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(step.result.row_splits_dtype)
        return RaggedArray(flat.reshape(-1, *inner), (splits,))
    known = [size if size is not None else -1 for size in feature.shape]
    return flat.reshape((*strings.shape, *known))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The values as they are: there is one part."""
    return values
