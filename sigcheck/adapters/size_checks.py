"""Size checks: the guards on sizes of a pair as TensorFlow code, behind the code that makes the inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sigcheck.schema.report import Binding
from sigcheck.schema.size_guard import SizeGuard
from sigcheck.schema.size_text import Clauses, Tree, parse_constraint

_PLAIN = re.compile(r"[\w .:%=<>!*/+()-]*", re.ASCII)
_FUNCTIONS = {"min": "tf.minimum", "max": "tf.maximum"}


def size_checks(bindings: Sequence[Binding], results: Mapping[str, str]) -> list[str]:
    """The statements that assert what the bindings assert; `results` are the expressions of inputs by name.

    The sizes are 64 bits wide, so that no product of them overflows.
    """
    return [_statement(guard, results) for binding in bindings for guard in binding.asserts]


def _statement(guard: SizeGuard, results: Mapping[str, str]) -> str:
    sizes = {name: f"tf.shape({results[source]}, tf.int64)[{axis}]" for name, (source, axis) in guard.places.items()}
    message = f"a size that the model does not take: {guard.holds} does not hold"
    # Names of inputs are not trusted: in code they stand as literals only.
    told = f'"{message}"' if _PLAIN.fullmatch(message) else ascii(message).replace("##", "#\\x23")
    return f"tf.debugging.Assert({_condition(parse_constraint(guard.test), sizes)}, [{told}])"


def _condition(clauses: Clauses, sizes: Mapping[str, str]) -> str:
    told = [[f"{_code(left, sizes)} {sign} {_code(right, sizes)}" for sign, left, right in one] for one in clauses]
    return _joined(" | ", [_joined(" & ", one) for one in told])


def _joined(sign: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else sign.join(f"({one})" for one in parts)


def _code(tree: Tree, sizes: Mapping[str, str], *, is_inner: bool = False) -> str:
    if isinstance(tree, int):
        return str(tree)
    if isinstance(tree, str):
        return sizes[tree]
    sign, one, other = tree
    if sign in _FUNCTIONS:
        if isinstance(one, int):
            # A traced call takes the type of what comes first, and that of a number is int32.
            one, other = other, one
        return f"{_FUNCTIONS[sign]}({_code(one, sizes)}, {_code(other, sizes)})"
    text = f"{_code(one, sizes, is_inner=True)} {sign} {_code(other, sizes, is_inner=True)}"
    return f"({text})" if is_inner else text
