"""Forms: what NumPy and Keras have for a TensorFlow function that an entry's code calls.

Calls of many entries stand in tables of the adapters. What one entry alone calls it says in its own
file: `NUMPY_CALLS` maps the function's name, such as `tf.roll`, to a `NumpyCall`, `KERAS_CALLS` to a
function that takes the module `keras` and gives what is called in its place. `HAS_NUMPY` and
`HAS_KERAS` are False of an entry that has no such form at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from sigcheck.transforms.parts.transform import Code


class NumpyCall(NamedTuple):
    """The parameters of a TensorFlow function in their order, and the NumPy expression of them, or what writes it.

    What is written may need statements before it, and then is code.

    `functions` are what the expression calls and NumPy lacks: by name, beginning with an underscore,
    the text that is written into the module that uses them.
    """

    parameters: tuple[str, ...]
    expression: str | Callable[[Mapping[str, str]], str | Code]
    functions: Mapping[str, str] = MappingProxyType({})


# Given the module `keras`, the function that is called in the place of TensorFlow's.
KerasCall: TypeAlias = Callable[[Any], Callable[..., Any]]

NO_CALLS: Mapping[str, Any] = MappingProxyType({})


def numpy_calls(entry: object) -> Mapping[str, NumpyCall]:
    """What an entry says of its own calls in NumPy."""
    found: Mapping[str, NumpyCall] = getattr(entry, "NUMPY_CALLS", NO_CALLS)
    return found


def keras_calls(entry: object) -> Mapping[str, KerasCall]:
    """What an entry says of its own calls in Keras."""
    found: Mapping[str, KerasCall] = getattr(entry, "KERAS_CALLS", NO_CALLS)
    return found
