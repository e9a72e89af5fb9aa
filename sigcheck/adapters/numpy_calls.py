"""NumPy calls: emitted TensorFlow code, each of its calls said in NumPy.

The TensorFlow code stays the one account of how a step is carried out, so a transform needs
none of its own for NumPy. What a call becomes stands in the tables below; a call that is not
in them raises `UntranslatableError`, which a test over the whole catalog looks for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.transform import Code

_Say = Callable[[ast.expr], str]


class UntranslatableError(Exception):
    """NumPy has nothing for a call or a dtype: the message says which."""


class _Call(NamedTuple):
    """The parameters of a TensorFlow function in their order, and the NumPy expression of them."""

    parameters: tuple[str, ...]
    expression: str


# Names with an underscore are functions of `numpy_support`, written into the module that uses them.
_CALLS = {
    "tf.argmax": _Call(("x", "axis", "output_type"), "np.argmax({x}, {axis}).astype({output_type})"),
    "tf.cast": _Call(("x", "dtype"), "({x}).astype({dtype})"),
    "tf.clip_by_value": _Call(("x", "low", "high"), "np.clip({x}, {low}, {high})"),
    "tf.concat": _Call(("values", "axis"), "np.concatenate({values}, axis={axis})"),
    "tf.constant": _Call(("value", "dtype"), "np.array({value}, {dtype})"),
    "tf.ensure_shape": _Call(("x", "shape"), "_ensure_shape({x}, {shape})"),
    "tf.expand_dims": _Call(("x", "axis"), "np.expand_dims({x}, {axis})"),
    "tf.image.resize": _Call(("x", "size", "method"), "_resize({x}, {size}, {method})"),
    "tf.math.count_nonzero": _Call(("x", "axis", "dtype"), "np.count_nonzero({x}, {axis}).astype({dtype})"),
    "tf.math.divide_no_nan": _Call(("x", "y"), "_divide_no_nan({x}, {y})"),
    "tf.math.exp": _Call(("x",), "np.exp({x})"),
    "tf.math.log": _Call(("x",), "np.log({x})"),
    "tf.math.log_sigmoid": _Call(("x",), "-np.logaddexp(0, -({x}))"),
    "tf.math.sigmoid": _Call(("x",), "_sigmoid({x})"),
    "tf.nn.log_softmax": _Call(("x", "axis"), "_log_softmax({x}, {axis})"),
    "tf.nn.softmax": _Call(("x", "axis"), "_softmax({x}, {axis})"),
    "tf.not_equal": _Call(("x", "y"), "({x}) != ({y})"),
    "tf.one_hot": _Call(("x", "depth", "axis", "dtype"), "_one_hot({x}, {depth}, {axis}, {dtype})"),
    "tf.pad": _Call(("x", "paddings", "constant_values"), "_pad({x}, {paddings}, {constant_values})"),
    "tf.reduce_max": _Call(("x",), "np.max({x}, initial=-np.inf)"),
    "tf.reduce_min": _Call(("x",), "np.min({x}, initial=np.inf)"),
    "tf.reduce_sum": _Call(("x", "axis", "keepdims"), "np.sum({x}, axis={axis}, keepdims={keepdims})"),
    "tf.repeat": _Call(("x", "repeats", "axis"), "np.repeat({x}, {repeats}, axis={axis})"),
    "tf.reshape": _Call(("x", "shape"), "np.reshape({x}, {shape})"),
    "tf.reverse": _Call(("x", "axis"), "np.flip({x}, tuple({axis}))"),
    "tf.round": _Call(("x",), "np.rint({x})"),
    "tf.sequence_mask": _Call(("lengths", "maxlen"), "_sequence_mask({lengths}, {maxlen})"),
    "tf.shape": _Call(("x",), "np.shape({x})"),
    "tf.split": _Call(("x", "sizes", "axis"), "np.split({x}, np.cumsum({sizes})[:-1], axis={axis})"),
    "tf.squeeze": _Call(("x", "axis"), "np.squeeze({x}, tuple({axis}))"),
    "tf.stack": _Call(("values", "axis"), "np.stack({values}, axis={axis})"),
    "tf.transpose": _Call(("x", "perm"), "np.transpose({x}, {perm})"),
    "tf.unstack": _Call(("x", "num", "axis"), "np.moveaxis({x}, {axis}, 0)"),
}
_DEFAULTS = {"constant_values": "0", "method": "'bilinear'"}

# Assertions, by what must hold for every value.
_ASSERTIONS = {
    "tf.debugging.assert_equal": "{x} == {y}",
    "tf.debugging.assert_greater_equal": "{x} >= {y}",
    "tf.debugging.assert_less": "{x} < {y}",
    "tf.debugging.assert_less_equal": "{x} <= {y}",
    "tf.debugging.assert_non_negative": "{x} >= 0",
}

# Dtypes that NumPy has by itself; the narrow floats and integers are those of ml_dtypes.
_OWN_KINDS = {"float", "int", "uint", "complex"}
_NOT_OWN = ("bfloat", "float8", "float4", "int4", "uint4", "int2", "uint2")


def numpy_name(dtype: str | None) -> str:
    """The dtype in NumPy code. Raises UntranslatableError where NumPy has no such one."""
    if dtype == "bool":
        return "np.bool_"
    if dtype == "string":
        return "np.object_"
    if dtype is None or DTYPES[dtype].kind not in _OWN_KINDS or dtype.startswith(_NOT_OWN):
        raise UntranslatableError(f"NumPy has no dtype {dtype or 'that is not known'}")
    return f"np.{dtype}"


def translate(code: Code, methods: Mapping[str, str] = MappingProxyType({})) -> Code:
    """The same code without TensorFlow; a statement that asserts becomes two lines.

    `methods` says what a method of a tensor, called without arguments, is in NumPy.

    >>> translate(Code("tf.cast(tf.transpose(x, perm=[1, 0]), tf.float32)")).expression
    'np.transpose(x, [1, 0]).astype(np.float32)'
    """
    say = partial(_expression, methods=methods)
    lines = [line for statement in code.lines for line in _statement(statement, say)]
    return Code(say(ast.parse(code.expression, mode="eval").body), tuple(lines))


def _statement(text: str, say: _Say) -> list[str]:
    node = ast.parse(text).body[0]
    if isinstance(node, ast.Assign):
        return [f"{ast.unparse(node.targets[0])} = {say(node.value)}"]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        name = ast.unparse(node.value.func)
        if name in _ASSERTIONS:
            parameters = ("x", "y", "message") if "{y}" in _ASSERTIONS[name] else ("x", "message")
            given = _arguments(node.value, parameters, say)
            return [f"if not np.all({_ASSERTIONS[name].format(**given)}):", f"    raise ValueError({given['message']})"]
    raise UntranslatableError(f"NumPy has nothing for the statement {text}")


def _expression(node: ast.expr, methods: Mapping[str, str]) -> str:
    return ast.unparse(ast.parse(ast.unparse(_Translator(methods).visit(node)), mode="eval"))


def _arguments(call: ast.Call, parameters: tuple[str, ...], say: _Say) -> dict[str, str]:
    """What each parameter is given, said in NumPy."""
    by_keyword = {keyword.arg or "": keyword.value for keyword in call.keywords}
    given = dict(zip(parameters, call.args, strict=False)) | by_keyword
    unknown = set(given) - set(parameters) - {"message"}
    if unknown or len(call.args) > len(parameters):
        raise UntranslatableError(f"NumPy has nothing for these arguments: {ast.unparse(call)}")
    return {name: say(given[name]) if name in given else _DEFAULTS.get(name, "None") for name in parameters}


class _Translator(ast.NodeTransformer):
    def __init__(self, methods: Mapping[str, str]) -> None:
        self._methods = methods

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func)
        if name.startswith("np."):
            return node
        if name in self._methods:
            return ast.parse(self._methods[name], mode="eval").body
        if name not in _CALLS:
            raise UntranslatableError(f"NumPy has nothing for {name}")
        call = _CALLS[name]
        given = _arguments(node, call.parameters, partial(_expression, methods=self._methods))
        if name == "tf.constant" and given["dtype"] == "np.object_":
            # Strings of tensors are bytes.
            given["value"] = repr(ast.literal_eval(given["value"]).encode())
        return ast.parse(call.expression.format(**given), mode="eval").body

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        name = ast.unparse(node)
        if name.startswith("tf."):
            return ast.parse(numpy_name(name.removeprefix("tf.")), mode="eval").body
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value in DTYPES:
            return ast.parse(numpy_name(node.value), mode="eval").body
        return node
