"""NumPy calls: emitted TensorFlow code, each of its calls said in NumPy.

The TensorFlow code stays the one account of how a step is carried out. What a call becomes stands
in the tables below, or, where one entry alone makes it, in the file of that entry. A call that is in
neither raises `UntranslatableError`, which a test over the whole catalog looks for.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from sigcheck.schema.dtype import DTYPES
from sigcheck.transforms.parts.forms import NO_CALLS, NumpyCall
from sigcheck.transforms.parts.transform import Code

_Say = Callable[[ast.expr], str]


class UntranslatableError(Exception):
    """NumPy has nothing for a call or a dtype: the message says which."""


# Names with an underscore are functions of `numpy_support`, written into the module that uses them.
_CALLS: Mapping[str, NumpyCall] = {
    "tf.cast": NumpyCall(("x", "dtype"), "({x}).astype({dtype})"),
    "tf.clip_by_value": NumpyCall(("x", "low", "high"), "np.clip({x}, {low}, {high})"),
    "tf.concat": NumpyCall(("values", "axis"), "np.concatenate({values}, axis={axis})"),
    "tf.constant": NumpyCall(("value", "dtype"), "np.array({value}, {dtype})"),
    "tf.ensure_shape": NumpyCall(("x", "shape"), "_ensure_shape({x}, {shape})"),
    "tf.math.count_nonzero": NumpyCall(("x", "axis", "dtype"), "np.count_nonzero({x}, {axis}).astype({dtype})"),
    "tf.not_equal": NumpyCall(("x", "y"), "({x}) != ({y})"),
    "tf.reduce_sum": NumpyCall(("x", "axis", "keepdims"), "np.sum({x}, axis={axis}, keepdims={keepdims})"),
    "tf.repeat": NumpyCall(("x", "repeats", "axis"), "np.repeat({x}, {repeats}, axis={axis})"),
    "tf.reshape": NumpyCall(("x", "shape"), "({x}).reshape({shape})"),
    "tf.reverse": NumpyCall(("x", "axis"), "np.flip({x}, tuple({axis}))"),
    "tf.round": NumpyCall(("x",), "np.rint({x})"),
    "tf.maximum": NumpyCall(("x", "y"), "np.maximum({x}, {y})"),
    "tf.minimum": NumpyCall(("x", "y"), "np.minimum({x}, {y})"),
    "tf.tile": NumpyCall(("x", "multiples"), "np.tile({x}, {multiples})"),
    "tf.shape": NumpyCall(("x", "out_type"), "np.shape({x})"),
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


def translate(
    code: Code, methods: Mapping[str, str] = MappingProxyType({}), own: Mapping[str, NumpyCall] = NO_CALLS
) -> Code:
    """The same code without TensorFlow; a statement that asserts becomes two lines, as a call may that NumPy lacks.

    `methods` says what a method of a tensor, called without arguments, is in NumPy, `own` what the
    entry says of calls that it alone makes.

    >>> translate(Code("tf.cast(tf.reverse(x, axis=[1]), tf.float32)")).expression
    'np.flip(x, tuple([1])).astype(np.float32)'
    """
    lines: list[str] = []
    say = partial(_expression, methods=methods, own=own, before=lines)
    for statement in code.lines:
        said = _statement(statement, say)
        lines += said
    expression = say(ast.parse(code.expression, mode="eval").body)
    return Code(expression, tuple(lines))


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
        if name == "tf.debugging.Assert":
            condition, message = node.value.args
            return [f"if not ({say(condition)}):", f"    raise ValueError({say(message)[1:-1]})"]
    raise UntranslatableError(f"NumPy has nothing for the statement {text}")


def _expression(node: ast.expr, methods: Mapping[str, str], own: Mapping[str, NumpyCall], before: list[str]) -> str:
    """The expression in NumPy; the statements that it needs come to stand before it."""
    return ast.unparse(ast.parse(ast.unparse(_Translator(methods, own, before).visit(node)), mode="eval"))


def _arguments(call: ast.Call, parameters: tuple[str, ...], say: _Say) -> dict[str, str]:
    """What each parameter is given, said in NumPy."""
    by_keyword = {keyword.arg or "": keyword.value for keyword in call.keywords}
    given = dict(zip(parameters, call.args, strict=False)) | by_keyword
    unknown = set(given) - set(parameters) - {"message"}
    if unknown or len(call.args) > len(parameters):
        raise UntranslatableError(f"NumPy has nothing for these arguments: {ast.unparse(call)}")
    return {name: say(given[name]) if name in given else _DEFAULTS.get(name, "None") for name in parameters}


def _written(call: NumpyCall, given: Mapping[str, str]) -> Code:
    written = call.expression.format(**given) if isinstance(call.expression, str) else call.expression(given)
    return Code(written) if isinstance(written, str) else written


class _Translator(ast.NodeTransformer):
    def __init__(self, methods: Mapping[str, str], own: Mapping[str, NumpyCall], before: list[str]) -> None:
        self._methods = methods
        self._own = own
        self._before = before

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = ast.unparse(node.func)
        if name.startswith("np.") or name == "float":
            return node
        if name in self._methods:
            return ast.parse(self._methods[name], mode="eval").body
        call = self._own.get(name) or _CALLS.get(name)
        if call is None:
            raise UntranslatableError(f"NumPy has nothing for {name}")
        say = partial(_expression, methods=self._methods, own=self._own, before=self._before)
        given = _arguments(node, call.parameters, say)
        if name == "tf.constant" and given["dtype"] == "np.object_":
            # Strings of tensors are bytes, whatever they say: one may be the name of a dtype.
            given["value"] = repr(ast.literal_eval(node.args[0]).encode())
        code = _written(call, given)
        self._before += code.lines
        return ast.parse(code.expression, mode="eval").body

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        name = ast.unparse(node)
        if name.startswith("tf."):
            dtype = name.removeprefix("tf.")
            if dtype not in DTYPES:
                raise UntranslatableError(f"NumPy has nothing for {name}")
            return ast.parse(numpy_name(dtype), mode="eval").body
        return self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str) and node.value in DTYPES:
            return ast.parse(numpy_name(node.value), mode="eval").body
        return node
