"""Lowering: one call of one layer, as the modules that lower layers see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from sigcheck.graph.view import Tensor
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.readers.keras.config.tensor import is_float
from sigcheck.readers.keras.lowering.building import Builder, Flow
from sigcheck.schema.shape import Shape


@dataclass(frozen=True)
class LayerCall:
    """A layer called with dense tensors: its config, all arguments, and the spec of its one output.

    `call_wrapped` gives the output of a serialized layer that stands inside this one.
    """

    builder: Builder
    kind: str
    config: Mapping[str, Any]
    inputs: tuple[Flow, ...]
    arguments: Mapping[str | int, Any]
    spec: Spec
    call_wrapped: Callable[[Any, Flow], Flow]

    @property
    def dtype(self) -> str:
        """The dtype of the output. Raises ValueError where it is not known."""
        if self.spec.dtype is None:
            raise ValueError("an output of unknown dtype")
        return self.spec.dtype

    @property
    def shape(self) -> Shape:
        """The shape of the output. Raises ValueError where not even its rank is known."""
        return known_shape(self.spec)

    @property
    def input_shape(self) -> Shape:
        """The shape of the first input. Raises ValueError where not even its rank is known."""
        return known_shape(self.inputs[0].spec)

    @cached_property
    def x(self) -> Tensor:
        """The first input as the layer sees it: a float in the layer's dtype, anything else as it is.

        Raises ValueError where that is not the dtype of the output.
        """
        (flow,) = self.inputs
        return self.seen(flow)

    def seen(self, flow: Flow) -> Tensor:
        """One of the inputs, as `x` is the only one."""
        if flow.tensor is None or (flow.spec.dtype != self.dtype and not (is_float(flow.spec.dtype) and self.is_float)):
            raise ValueError("an input that is converted in a way of its own")
        return self.builder.cast(flow, self.dtype)

    @property
    def is_float(self) -> bool:
        """Whether the output is a float."""
        return is_float(self.spec.dtype)

    @property
    def is_masked(self) -> bool:
        """Whether Keras may hand the layer a mask."""
        return any(flow.is_masked for flow in self.inputs)

    @property
    def data_format(self) -> str:
        """The axes order in TensorFlow's words; `?` where the config names none."""
        return {"channels_last": "NHWC", "channels_first": "NCHW"}.get(str(self.config.get("data_format")), "?")

    def add(self, op: str, *inputs: Tensor | None, **attributes: Any) -> Tensor:
        """A node of the dtype of the output."""
        return self.builder.add(op, *inputs, **{"T": self.dtype, **attributes})

    def number(self, value: object) -> Tensor:
        """A number of the config in the dtype of the output. Raises ValueError where it is none."""
        return self.builder.number(value, self.dtype)


# Gives the tensor of the output. Raises ValueError and the like where nothing is known of it.
Lowering: TypeAlias = Callable[[LayerCall], Tensor]


def known_shape(spec: Spec) -> Shape:
    """The shape. Raises ValueError where not even the rank is known."""
    if spec.shape is None:
        raise ValueError("a tensor of unknown rank")
    return spec.shape
