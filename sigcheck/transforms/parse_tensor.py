"""Parse tensor: a tensor from the bytes that `tf.io.serialize_tensor` makes of one.

## What it does
Parses each string that the producer declares to be a serialized tensor (`serialized_tensor`) to the dtype and the
shape that the consumer wants: of one string the whole tensor, of a batch an example for each.

## Example
    tf.map_fn(lambda one: tf.io.parse_tensor(one, tf.float32), x, fn_output_signature=tf.TensorSpec([8], tf.float32))
    string[?], meaning serialized_tensor -> float32[?, 8]

## What it loses or assumes
Nothing. A tensor of another dtype or shape, and what is none, is refused when the adapter runs; so are batches of none
or of several shapes where the consumer leaves sizes open.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import could_be, format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.tensor_message import WRITTEN, UnreadTensorError, read_tensor
from sigcheck.transforms.parts.transform import Code

NAME = "parse_tensor"
ORDER = 356
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "meaning", "padding", "ids", "encoding", "colours", "boxes"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the tensor of strings that are declared to be serialized ones, of one or of a batch of them.

    >>> one = TensorSpec(dtype="string", shape=(), facts=Facts(meaning="serialized_tensor"))
    >>> [str(step.result) for step in propose(one, TensorSpec(dtype="int32", shape=(None, 3)))]
    ['int32[?, 3]']
    """
    shape, wanted = spec.shape, required.shape
    if spec.kind != "dense" or spec.dtype != "string" or spec.facts.meaning != "serialized_tensor" or shape is None:
        return
    if required.kind != "dense" or required.dtype not in WRITTEN or wanted is None:
        return
    if len(shape) > 1 or len(wanted) < len(shape):
        return
    inner = wanted[len(shape) :]
    names = spec.facts.axes
    axes = None if names is None else (*names, *(None for _ in inner))
    facts = NO_FACTS if axes is None else Facts(axes=axes)
    result = TensorSpec(dtype=required.dtype, shape=(*shape, *inner), facts=facts)
    what = f"{required.dtype}{format_shape(inner)}"
    is_stacked = bool(shape) and None in inner
    yield Step(
        transform=NAME,
        arguments={"dtype": required.dtype, "shape": inner},
        result=result,
        guard=f"there are tensors {what}, all of one shape" if is_stacked else f"every string is a tensor {what}",
        cost=Cost(guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.parse_tensor`, on one string after the other in a batch."""
    dtype, inner = f"tf.{step.arguments['dtype']}", list(step.arguments["shape"])
    if not spec.shape:
        return Code(f"tf.ensure_shape(tf.io.parse_tensor({value}, {dtype}), {inner})")
    # What is of another shape than the signature says is refused.
    signature = f"fn_output_signature=tf.TensorSpec({inner}, {dtype})"
    return Code(f"tf.map_fn(lambda one: tf.io.parse_tensor(one, {dtype}), {value}, {signature})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The array of each message. Raises GuardError for what is refused."""
    import numpy as np

    dtype, inner = step.arguments["dtype"], tuple(step.arguments["shape"])
    try:
        arrays = [read_tensor(one, dtype) for one in dense(value).reshape(-1).tolist()]
    except UnreadTensorError as error:
        raise GuardError(str(error)) from None
    if any(not could_be(array.shape, inner) for array in arrays) or len({array.shape for array in arrays}) > 1:
        raise GuardError(f"tensors of other shapes than {format_shape(inner)}")
    if not arrays and None in inner:
        raise GuardError("no tensor")
    made: Array = np.stack(arrays) if arrays else np.zeros((0, *(size or 0 for size in inner)), numpy_dtype(dtype))
    return made if spec.shape else np.asarray(made[0])
