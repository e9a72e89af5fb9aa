"""One hot: an id as probabilities of which one is 1 and the others are 0.

## What it does
Adds an axis with one entry for each class where the producer declares class_ids and the
consumer probabilities. How many classes there are is the consumer's size of that axis, or
the producer's id_count.

## Example
    tf.one_hot(x, 10, axis=1, dtype=tf.float32)    int64[?], meaning class_ids -> float32[?, 10], meaning probabilities

## What it loses or assumes
Nothing; that each id is certain is an assumption. Ids that are not known to be below the
number of classes are guarded: `tf.one_hot` by itself makes rows of zeros of them. Of what fills
short rows and is no class, as -1, these zeros are meant: they fill the rows then.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.id_agreement import id_bound
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import could_be
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import class_forms
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.classes import CLASS_NAMES, NO_CLASSES
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import ACTIVATED, ONE_HOT
from sigcheck.transforms.parts.padding import forgets_padding
from sigcheck.transforms.parts.transform import Code

NAME = "one_hot"
ORDER = 210
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding"})

NUMPY_CALLS = {
    **class_forms.NUMPY_CALLS,
    "tf.where": NumpyCall(("condition", "x", "y"), "np.where({condition}, {x}, {y})"),
}
KERAS_CALLS = {**class_forms.KERAS_CALLS, "tf.where": lambda keras: keras.ops.where}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the axis of classes that the required probabilities have and the ids have not.

    >>> from sigcheck.schema.facts import Facts
    >>> ids = TensorSpec(dtype="int64", shape=(None,), facts=Facts(meaning="class_ids", id_count=10))
    >>> shares = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="probabilities"))
    >>> [str(step) for step in propose(ids, shares)]
    ['one_hot(axis=1, count=10, dtype=float32)']
    """
    if spec.facts.meaning != "class_ids" or required.facts.meaning != "probabilities" or spec.kind != "dense":
        return
    if spec.dtype not in ONE_HOT or spec.shape is None or required.shape is None or spec.facts.quantization:
        return
    if len(required.shape) != len(spec.shape) + 1:
        return
    axis = _axis(spec, required)
    known = id_bound(spec.facts)
    count = required.shape[axis] if required.shape[axis] is not None else known
    # An id that is known to have no class is a matter of vocabularies, not of a guard.
    if not count or (known is not None and known > count):
        return
    axes, filler = spec.facts.axes, _classless(spec.facts, count)
    facts = spec.facts.replace(
        meaning="probabilities",
        axes=None if axes is None else (*axes[:axis], _name(required, axis, axes), *axes[axis:]),
        id_count=None,
        range=(0.0, 1.0),
        padding=_zeros(spec.facts, filler),
    )
    dtype = required.dtype if required.dtype in ACTIVATED else "float32"
    result = TensorSpec(dtype=dtype, shape=(*spec.shape[:axis], count, *spec.shape[axis:]), facts=facts)
    if forgets_padding(spec, result, required):
        return
    is_guarded = known is None
    arguments = {"axis": axis, "count": count, "dtype": dtype, **({"check": True} if is_guarded else {})}
    yield Step(
        transform=NAME,
        arguments=arguments if filler is None else {**arguments, "padding": filler},
        result=result,
        assumption="each id is certain" + ("" if filler is None else f", and {filler}, which fills rows, is zeros"),
        guard=_guard(count, filler) if is_guarded else None,
        cost=Cost(assumptions=1, guards=int(is_guarded), bytes_moved=bytes_moved(spec, result), steps=1),
    )


def _classless(facts: Facts, count: int) -> int | None:
    """What fills rows, where it is no id of a class; else None."""
    value = None if facts.padding is None else facts.padding.value
    return None if value is None or isinstance(value, str) or 0 <= value < count else int(value)


def _zeros(facts: Facts, filler: int | None) -> Padding | None:
    return None if filler is None or facts.padding is None else Padding(value=0, side=facts.padding.side)


def _guard(count: int, filler: int | None) -> str:
    return f"every id is from 0 to {count - 1}" + ("" if filler is None else f", or {filler}, which fills rows")


def _axis(spec: TensorSpec, required: TensorSpec) -> int:
    """Where the consumer has its classes: the axis that is named so, else the last that may hold them.

    It holds none by a name that the ids have too, and where the sizes of the ids are not those that the others have.
    """
    shape, wanted, names = spec.shape or (), required.shape or (), required.facts.axes
    if names is not None:
        named = [axis for axis, name in enumerate(names) if name in CLASS_NAMES]
        if named:
            return named[0]
    taken = {*NO_CLASSES, *(spec.facts.axes or ())} - {None}
    left = [
        axis
        for axis, size in enumerate(wanted)
        if (axis or size is not None) and (names is None or names[axis] not in taken)
    ]
    fitting = [axis for axis in left if could_be((*shape[:axis], wanted[axis], *shape[axis:]), wanted)]
    return (fitting or left or [len(shape)])[-1]


def _name(required: TensorSpec, axis: int, taken: tuple[str | None, ...]) -> str | None:
    name = None if required.facts.axes is None else required.facts.axes[axis]
    return None if name in taken else name


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.one_hot`, behind assertions where the ids may be out of range."""
    axis, count, dtype = (step.arguments[name] for name in ("axis", "count", "dtype"))
    filler = step.arguments.get("padding")
    lines: list[str] = []
    if step.arguments.get("check"):
        message = f'message="an id is not from 0 to {count - 1}"'
        kind = spec.dtype if spec.dtype in {"int32", "int64"} else "int32"
        wide = value if spec.dtype == kind else f"tf.cast({value}, tf.int32)"
        if filler is not None:
            lines.append(f"ids = tf.where(tf.not_equal({wide}, tf.constant({filler}, tf.{kind})), {wide}, 0)")
            wide = "ids"
        lines += [
            f"tf.debugging.assert_non_negative({wide}, {message})",
            f"tf.debugging.assert_less({wide}, tf.constant({count}, tf.{kind}), {message})",
        ]
    return Code(f"tf.one_hot({value}, {count}, axis={axis}, dtype=tf.{dtype})", tuple(lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """1 where the index is the id, else 0. Raises GuardError where an id has no class and is no filling."""
    import numpy as np

    array, count, axis = dense(value), step.arguments["count"], step.arguments["axis"]
    ids = array[array != step.arguments["padding"]] if "padding" in step.arguments else array
    if step.arguments.get("check") and ids.size and not (ids.min() >= 0 and ids.max() < count):
        raise GuardError(f"an id is not from 0 to {count - 1}")
    shape = [1] * (array.ndim + 1)
    shape[axis] = count
    hot: Array = np.expand_dims(array, axis) == np.arange(count).reshape(shape)
    return hot.astype(numpy_dtype(step.arguments["dtype"]))
