"""Sources: constants and variables, whose sizes stand in the file."""

from __future__ import annotations

from sigcheck.graph.view import Constant
from sigcheck.sizes import reals
from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import same
from sigcheck.sizes.tensor import MOST_NUMBERS, Sized


def _constant(call: Call) -> Sized:
    value = call.attributes.get("value")
    if not isinstance(value, Constant) or value.shape is None:
        raise UndecidedError("a constant of unknown shape")
    count = 1
    for size in value.shape:
        count *= size
    # Narrower numbers wrap, and are none of sizes.
    is_whole = value.dtype in {"int32", "int64", "bool"}
    is_real = value.dtype in reals.EXACT
    if value.values is None or not (is_whole or is_real) or count > MOST_NUMBERS:
        # Of no elements there are no numbers either.
        return Sized(value.shape, () if count == 0 and is_whole else None)
    values = value.values * count if len(value.values) == 1 else value.values
    if is_real:
        return Sized(value.shape, reals=reals.told(values))
    return Sized(value.shape, tuple(int(one) for one in values))


def _variable(call: Call) -> Sized:
    shape = call.attributes.get("shape")
    if not isinstance(shape, tuple):
        raise UndecidedError("a variable of unknown shape")
    return Sized(tuple(call.fresh() if size is None else size for size in shape))


RULES: dict[str, Rule] = {
    "Const": _constant,
    "VarHandleOp": _variable,
    "VariableV2": _variable,
    "ReadVariableOp": same,
}
