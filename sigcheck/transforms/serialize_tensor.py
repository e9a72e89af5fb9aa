"""Serialize tensor: the bytes of a tensor, as `tf.io.parse_tensor` takes them.

## What it does
Writes each example, or the whole tensor, as one string where the consumer declares, or its graph shows, that it parses
serialized tensors (`serialized_tensor`).

## Example
    tf.map_fn(tf.io.serialize_tensor, x, fn_output_signature=tf.string)
    float32[?, 8] -> string[?], meaning serialized_tensor

## What it loses or assumes
Nothing of the values. That the consumer parses this dtype and shape no signature says: it is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.tensor_message import WRITTEN, write_tensor
from sigcheck.transforms.parts.transform import Code

NAME = "serialize_tensor"
ORDER = 358
SETTLES: Coordinates = frozenset({"dtype", "meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "meaning", "padding", "ids", "encoding", "colours", "boxes"})
MEETS: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the messages of a dense tensor where a string, or one for each example, is to be one.

    >>> wanted = TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning="serialized_tensor"))
    >>> [str(step) for step in propose(TensorSpec(dtype="float32", shape=(None, 8)), wanted)]
    ['serialize_tensor(each=True)']
    """
    shape, wanted = spec.shape, required.shape
    if required.kind != "dense" or required.dtype != "string" or required.facts.meaning != "serialized_tensor":
        return
    if spec.kind != "dense" or spec.dtype not in WRITTEN or shape is None or wanted is None or len(wanted) > 1:
        return
    is_each = len(wanted) == 1
    if is_each and not shape:
        return
    names = spec.facts.axes
    facts = Facts(meaning="serialized_tensor", axes=None if names is None else names[:1] if is_each else ())
    result = TensorSpec(dtype="string", shape=shape[:1] if is_each else (), facts=facts)
    inner = shape[1:] if is_each else shape
    yield Step(
        transform=NAME,
        arguments={"each": is_each},
        result=result,
        assumption=f"the consumer parses {spec.dtype}{format_shape(inner)}",
        cost=Cost(assumptions=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.serialize_tensor`, on one example after the other in a batch."""
    if not step.arguments["each"]:
        return Code(f"tf.io.serialize_tensor({value})")
    return Code(f"tf.map_fn(tf.io.serialize_tensor, {value}, fn_output_signature=tf.TensorSpec([], tf.string))")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The message of each example, by the encoding of protocol buffers."""
    import numpy as np

    array, dtype = dense(value), spec.dtype or ""
    if not step.arguments["each"]:
        return np.asarray(write_tensor(array, dtype), object)
    made: Array = np.empty(len(array), object)
    for at, example in enumerate(array):
        made[at] = write_tensor(example, dtype)
    return made
