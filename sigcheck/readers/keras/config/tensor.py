"""A symbolic tensor of a Keras config, and the call of a layer on such tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.shape import MAX_RANK, Shape
from sigcheck.schema.tensor_spec import SpecKind

_LARGEST_SIZE = 2**63 - 1


class Tensor(NamedTuple):
    """What is known of a tensor: None is an unknown dtype, shape or size; kind None an unknown kind."""

    dtype: str | None = None
    shape: Shape | None = None
    kind: SpecKind | None = "dense"

    def with_dtype(self, dtype: str | None) -> Tensor:
        """The same tensor with another dtype."""
        return self._replace(dtype=dtype)

    def with_shape(self, shape: Shape | None) -> Tensor:
        """The same tensor with another shape."""
        return self._replace(shape=shape)


UNKNOWN = Tensor(kind=None)

Outputs: TypeAlias = tuple[Tensor, ...]


class Call(NamedTuple):
    """A layer called: its config, the tensors of its first argument, flattened, and all arguments.

    `arguments` holds the keyword arguments and, under its position, each positional
    one; tensors stand in it as `Tensor`, everything else as it is in the JSON. `call_wrapped`
    gives the outputs of a serialized layer that stands inside this one.
    """

    config: Mapping[str, Any]
    inputs: tuple[Tensor, ...]
    arguments: Mapping[str | int, Any]
    call_wrapped: Callable[[Any, Outputs], Outputs | None]


Rule: TypeAlias = Callable[[Call], Outputs | None]


def is_size(value: object) -> bool:
    """Whether the JSON value is a size of a shape: a whole number that TensorFlow admits, or null."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_SIZE)


def as_shape(value: object) -> Shape | None:
    """The shape that a JSON list stands for, or None where it is not one."""
    if not isinstance(value, list | tuple) or len(value) > MAX_RANK:
        return None
    return tuple(value) if all(is_size(size) for size in value) else None


def as_dtype(value: object) -> str | None:
    """The dtype that a JSON string names, or None where it names none."""
    return value if isinstance(value, str) and value in DTYPES else None


def is_float(dtype: str | None) -> bool:
    """Whether Keras casts tensors of this dtype to the compute dtype of a layer."""
    return dtype is not None and DTYPES[dtype].kind == "float"


def flatten(structure: object) -> list[Any]:
    """The leaves of nested lists and dicts in the order of `keras.tree`: dicts by sorted key."""
    leaves: list[Any] = []
    stack = [structure]
    while stack:
        item = stack.pop()
        if isinstance(item, Tensor):
            leaves.append(item)
        elif isinstance(item, dict):
            stack.extend(item[key] for key in sorted(item, key=str, reverse=True))
        elif isinstance(item, list | tuple):
            stack.extend(reversed(item))
        else:
            leaves.append(item)
    return leaves
