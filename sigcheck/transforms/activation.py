"""Activation: turn logits, log probabilities and probabilities into one another.

Offered only where both meanings are declared. Softmax keeps the order and the differences
of the classes and loses one constant of each row: rounding.

    tf.nn.softmax(x, axis=-1)    meaning logits -> meaning probabilities
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Array, Tensor, dense
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.transform import Code

NAME = "activation"

# From meaning, to meaning: the function of tf.nn or tf.math.
FUNCTIONS = {
    ("logits", "probabilities"): "softmax",
    ("logits", "log_probabilities"): "log_softmax",
    ("log_probabilities", "probabilities"): "exp",
    ("probabilities", "log_probabilities"): "log",
}
# Names of the axis over which the classes lie.
CLASS_AXES = ("class", "classes")


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the function between the two declared meanings.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> logits = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="logits"))
    >>> wanted = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="probabilities"))
    >>> [str(step) for step in propose(logits, wanted)]
    ['activation(function=softmax, axis=1)']
    """
    function = FUNCTIONS.get((spec.facts.meaning or "", required.facts.meaning or ""))
    if function is None or spec.kind != "dense" or not spec.shape or spec.dtype is None:
        return
    if DTYPES[spec.dtype].kind != "float" or spec.facts.quantization is not None:
        return
    facts = spec.facts.replace(
        meaning=required.facts.meaning,
        range=(0.0, 1.0) if required.facts.meaning == "probabilities" else None,
    )
    result = spec.replace(facts=facts)
    cost = Cost(rounding=1, bytes_moved=bytes_moved(spec, result), steps=1)
    if "softmax" not in function:
        yield Step(
            transform=NAME,
            arguments={"function": function},
            result=result,
            loss="rounding",
            cost=cost,
            reach="element",
        )
        return
    axis, is_assumed = _class_axis(spec)
    yield Step(
        transform=NAME,
        arguments={"function": function, "axis": axis},
        result=result,
        loss="rounding",
        assumption="the classes are the last axis" if is_assumed else None,
        cost=cost + Cost(assumptions=int(is_assumed)),
    )


def _class_axis(spec: TensorSpec) -> tuple[int, bool]:
    for name in CLASS_AXES:
        if spec.facts.axes is not None and name in spec.facts.axes:
            return spec.facts.axes.index(name), False
    # One axis beside the batch leaves no choice.
    rank = len(spec.shape or ())
    return rank - 1, rank > 2  # noqa: PLR2004  # batch and classes


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.nn.softmax` and its relatives."""
    function = step.arguments["function"]
    if "softmax" in function:
        return Code(f"tf.nn.{function}({value}, axis={step.arguments['axis']})")
    return Code(f"tf.math.{function}({value})")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The textbook formula in float64, rounded once."""
    import numpy as np

    array, function = dense(value), step.arguments["function"]
    wide = array.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        result: Array = _apply(wide, function, step.arguments.get("axis", -1)).astype(array.dtype)
    return result


def _apply(array: Array, function: str, axis: int) -> Array:
    import numpy as np

    if function in {"exp", "log"}:
        return np.exp(array) if function == "exp" else np.log(array)
    if array.size == 0:
        return array
    shifted: Array = array - array.max(axis=axis, keepdims=True)
    total: Array = np.exp(shifted).sum(axis=axis, keepdims=True)
    return np.exp(shifted) / total if function == "softmax" else shifted - np.log(total)
