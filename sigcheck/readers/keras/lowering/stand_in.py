"""Stand-in: the layer itself as a node, by which sizes are followed past the operations that it becomes.

Its operation is `Keras>CLASS`, for which `sigcheck.sizes` has a rule, with these attributes:

- `config`: that of the layer.
- `count`: how many of the operands are the first argument of the call; behind these stand the other tensors.
- `operands`: where among them stands each argument that is one tensor, by its position or name.
- `arguments`: the other arguments, as they are in the JSON.
- `shapes`: of each operand the shape as the layer was built for it: so large are its weights.
- `ranks`: of each result how many axes it has, None where that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.graph.view import Node
from sigcheck.readers.keras.config.layer import Layer
from sigcheck.readers.keras.config.tensor import Tensor as Spec
from sigcheck.readers.keras.lowering.building import Flow

# Of a class that is not Keras' own nothing is known but how many axes it gives. No rule has such a name.
_OWN_CODE = "of its own"
_MOST_NAME = 80


def stand_in(
    layer: Layer,
    inputs: Sequence[Flow],
    arguments: Mapping[str | int, Any],
    read: Sequence[Flow],
    specs: Sequence[Spec],
    *,
    is_known: bool = True,
) -> Node:
    """A layer that is called on these; `read` are all tensors that it reads.

    `specs` are those of its results. Where not `is_known`, its class does other than Keras' own.
    """
    first = {flow.tensor for flow in inputs}
    operands = [*inputs, *{flow.tensor: flow for flow in read if flow.tensor not in first}.values()]
    places = {flow.tensor: at for at, flow in enumerate(operands)}
    attributes = {
        "config": layer.config,
        "count": len(inputs),
        "operands": {name: places.get(one.tensor) for name, one in arguments.items() if isinstance(one, Flow)},
        "arguments": {name: one for name, one in arguments.items() if not isinstance(one, Flow)},
        "shapes": tuple(flow.spec.shape for flow in operands),
        "ranks": tuple(None if spec.shape is None else len(spec.shape) for spec in specs),
    }
    is_custom = layer.kind is None or not is_known
    op = f"Keras>{(layer.kind or layer.class_name)[:_MOST_NAME]}{f' {_OWN_CODE}' if is_custom else ''}"
    return Node(op, tuple(flow.tensor for flow in operands), layer.name, lambda: attributes)
