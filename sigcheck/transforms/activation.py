"""Activation: turn logits, log probabilities and probabilities into one another.

## What it does
Applies softmax, sigmoid, exponential or logarithm where both meanings are declared. A single
column of logits, or an example that is one number, is the logit of yes against no: its
function is sigmoid, of which softmax would make a column of ones. Normalized numbers, and
probabilities of another range than 0 to 1, are brought back first. Log probabilities of several
classes are logits as they are. Of ragged scores each row has its own number of entries, and each entry all classes.

## Example
    tf.nn.softmax(x, axis=1)    float32[?, 10], meaning logits -> float32[?, 10], meaning probabilities

## What it loses or assumes
Rounding: softmax keeps the order and the differences of the classes and loses one constant of
each row. Log probabilities of several classes become logits exactly. With several axes behind
the batch, and none named class, that the last one holds the classes is an assumption.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.classes import class_axis, names_classes
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import ACTIVATED
from sigcheck.transforms.parts.padding import forgets_padding
from sigcheck.transforms.parts.transform import Code, values_code, with_values_code

NAME = "activation"
ORDER = 190
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "meaning", "padding"})

# What _sigmoid does, which NumPy has no function for.
_SIGMOID = '''
def _sigmoid(x):
    """The logistic function, computed in double precision."""
    return np.exp(-np.logaddexp(0, -x.astype(np.float64))).astype(x.dtype)
'''
# What _log_softmax does, which NumPy has no function for.
_LOG_SOFTMAX = '''
def _log_softmax(x, axis):
    """The logarithms of the probabilities, computed in double precision."""
    wide = x.astype(np.float64)
    wide -= wide.max(axis=axis, keepdims=True, initial=-np.inf)
    return (wide - np.log(np.exp(wide).sum(axis=axis, keepdims=True))).astype(x.dtype)
'''
# What _softmax does, which NumPy has no function for.
_SOFTMAX = '''
def _softmax(x, axis):
    """The probabilities, computed in double precision."""
    wide = x.astype(np.float64)
    wide = np.exp(wide - wide.max(axis=axis, keepdims=True, initial=-np.inf))
    return (wide / wide.sum(axis=axis, keepdims=True)).astype(x.dtype)
'''
NUMPY_CALLS = {
    "tf.math.exp": NumpyCall(("x",), "np.exp({x})"),
    "tf.math.log": NumpyCall(("x",), "np.log({x})"),
    "tf.math.log_sigmoid": NumpyCall(("x",), "-np.logaddexp(0, -({x}))"),
    "tf.math.sigmoid": NumpyCall(("x",), "_sigmoid({x})", {"_sigmoid": _SIGMOID}),
    "tf.nn.log_softmax": NumpyCall(("x", "axis"), "_log_softmax({x}, {axis})", {"_log_softmax": _LOG_SOFTMAX}),
    "tf.nn.softmax": NumpyCall(("x", "axis"), "_softmax({x}, {axis})", {"_softmax": _SOFTMAX}),
}
KERAS_CALLS = {
    "tf.math.exp": lambda keras: keras.ops.exp,
    "tf.math.log": lambda keras: keras.ops.log,
    "tf.math.log_sigmoid": lambda keras: lambda x: keras.layers.Activation("log_sigmoid", dtype=x.dtype)(x),
    "tf.math.sigmoid": lambda keras: lambda x: keras.layers.Activation("sigmoid", dtype=x.dtype)(x),
    "tf.nn.log_softmax": lambda keras: keras.ops.log_softmax,
    "tf.nn.softmax": lambda keras: lambda x, axis: keras.layers.Softmax(axis, dtype=x.dtype)(x),
}

# From meaning, to meaning: the function of tf.nn or tf.math over several classes, and of one column.
FUNCTIONS = {
    ("logits", "probabilities"): ("softmax", "sigmoid"),
    ("logits", "log_probabilities"): ("log_softmax", "log_sigmoid"),
    ("log_probabilities", "probabilities"): ("exp", "exp"),
    ("probabilities", "log_probabilities"): ("log", "log"),
    # Softmax of logarithms of probabilities gives the probabilities back; of one column they are the odds.
    ("probabilities", "logits"): ("log", "logit"),
    ("log_probabilities", "logits"): ("identity", "log_odds"),
}
_OVER_CLASSES = ("softmax", "log_softmax")
# With oneDNN, TensorFlow has no softmax of these on processors that do not compute with them.
_HALF = frozenset({"float16", "bfloat16"})


class _Choice(NamedTuple):
    """A function, the axis that it works along, if any, and what it assumes."""

    function: str
    axis: int | None = None
    assumption: str | None = None


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the function between the two declared meanings.

    >>> from sigcheck.schema.facts import Facts
    >>> from sigcheck.schema.shape import is_subshape
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> logits = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="logits"))
    >>> wanted = TensorSpec(dtype="float32", shape=(None, 10), facts=Facts(meaning="probabilities"))
    >>> [str(step) for step in propose(logits, wanted)]
    ['activation(function=softmax, axis=1)']
    """
    functions = FUNCTIONS.get((spec.facts.meaning or "", required.facts.meaning or ""))
    if functions is None or spec.kind == "sparse" or spec.dtype not in ACTIVATED or not _is_plain(spec.facts):
        return
    # Narrower floats lose what another conversion still needs: they are cast first.
    if spec.dtype not in COMPUTE_DTYPES and (spec.dtype != required.dtype or _has_more(spec, required)):
        return
    facts = spec.facts.replace(
        meaning=required.facts.meaning,
        range=(0.0, 1.0) if required.facts.meaning == "probabilities" else None,
        padding=None,
    )
    result = spec.replace(facts=facts)
    if forgets_padding(spec, result, required):
        return
    for function, axis, assumption in _choices(spec, required, *functions):
        arguments = {"function": function} if axis is None else {"function": function, "axis": axis}
        yield Step(
            transform=NAME,
            arguments=arguments,
            result=result,
            loss="exact" if function == "identity" else "rounding",
            assumption=assumption,
            cost=Cost(
                rounding=int(function != "identity"),
                assumptions=int(assumption is not None),
                bytes_moved=0 if function == "identity" else bytes_moved(spec, result),
                steps=1,
            ),
            reach="element" if axis is None else "line",
        )


def _has_more(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether the values have to be converted in another way too."""
    return bool(VALUE_FACTS.intersection(conflicts(spec, required)) - {"meaning"})


def _is_plain(facts: Facts) -> bool:
    """Whether the numbers are those that the meaning speaks of, in no other encoding."""
    is_share = facts.meaning != "probabilities" or facts.range in {None, (0.0, 1.0)}
    return facts.quantization is None and facts.normalization is None and is_share


def _choices(spec: TensorSpec, required: TensorSpec, many: str, single: str | None) -> Iterator[_Choice]:
    if many == single:
        yield _Choice(many)
        return
    is_told = spec.facts.axes is None and names_classes(required.facts.axes)
    if is_told and not is_subshape(spec.shape, required.shape):
        # The axes come to stand where the consumer's names say which are the classes.
        return
    found = class_axis(spec, required.facts.axes if is_told else None)
    size = None if found is None or spec.shape is None else spec.shape[found.axis]
    if found is not None and spec.kind == "ragged" and found.axis <= (spec.ragged_rank or 0) and many in _OVER_CLASSES:
        # Classes of which each row has its own number lie in no one axis.
        return
    if found is not None and size != 1 and (many in _OVER_CLASSES):
        yield _Choice(many, found.axis, found.assumption)
    elif found is not None and size != 1:
        yield _Choice(many)
    # Without an axis of classes each number is an example of its own.
    if single is not None and (found is None or size == 1 or found.is_doubtful):
        is_said = size == 1 or not spec.shape or spec.facts.axes is not None
        yield _Choice(single, None, None if is_said else "each number is the logit of an example")


def is_mixing(step: Step) -> bool:
    """Whether a value of the result is a difference, and rounds as the largest value does."""
    return step.arguments["function"] in {"log_softmax", "logit", "log_odds"}


def leaves_nan_open(step: Step) -> bool:
    """Softmax of a row with NaN: TensorFlow gives NaN for all of the row, with oneDNN for some of it."""
    return bool(step.arguments["function"] in _OVER_CLASSES)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.nn.softmax` and its relatives."""
    if step.arguments["function"] == "identity":
        return Code(value)
    return Code(with_values_code(spec, value, _values_code(spec, step, values_code(spec, value))))


def _values_code(spec: TensorSpec, step: Step, value: str) -> str:
    function = step.arguments["function"]
    if function == "logit":
        return f"tf.math.log({value}) - tf.math.log1p(-{value})"
    if function == "log_odds":
        return f"{value} - tf.math.log(-tf.math.expm1({value}))"
    if function not in _OVER_CLASSES:
        return f"tf.math.{function}({value})"
    axis = _axis_of_values(spec, step)
    if function == "softmax" and spec.dtype in _HALF:
        return f"tf.cast(tf.nn.softmax(tf.cast({value}, tf.float32), axis={axis}), tf.{spec.dtype})"
    return f"tf.nn.{function}({value}, axis={axis})"


def _axis_of_values(spec: TensorSpec, step: Step) -> int:
    """The axis of the classes among those of the values, which of a ragged tensor have no rows."""
    return int(step.arguments.get("axis", -1)) - (spec.ragged_rank or 0)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The textbook formula in float64, rounded once."""
    import numpy as np

    function, axis = step.arguments["function"], _axis_of_values(spec, step)

    def applied(array: Array) -> Array:
        wide = array.astype(np.float64, copy=False)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            made = np.asarray(_apply(wide, function, axis))
        return made.astype(array.dtype, copy=made is wide)

    return map_values(value, applied)


def _apply(array: Array, function: str, axis: int) -> Array:
    import numpy as np

    formulas: dict[str, Callable[[Array], Array]] = {
        "exp": np.exp,
        "log": np.log,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
        # The logarithm of 1 + exp(-x), which would overflow as written.
        "log_sigmoid": lambda x: -np.logaddexp(0, -x),
        "identity": lambda x: x,
        "logit": lambda x: np.log(x) - np.log1p(-x),
        "log_odds": lambda x: x - np.log(-np.expm1(x)),
    }
    if function in formulas:
        return formulas[function](array)
    if array.size == 0:
        return array
    # In place: arrays that plans are compared on are large.
    most = array.max(axis=axis, keepdims=True)
    shifted: Array = array - most
    total: Array = np.exp(shifted, out=shifted).sum(axis=axis, keepdims=True)
    if function == "softmax":
        return np.divide(shifted, total, out=shifted)
    np.subtract(array, most, out=shifted)
    return np.subtract(shifted, np.log(total), out=shifted)
