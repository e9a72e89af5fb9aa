"""Type specs: a `tf.TypeSpec`, a tensor, or nested dicts and lists of these.

It says what is wanted or what exists, so the same endpoints stand on both sides. Those
without a key or name are `args_0`, `args_1` as inputs and `output_0`, `output_1` as outputs.
"""

from __future__ import annotations

from typing import Any

from sigcheck.readers.live.parts.specs import Leaf, find_leaves, loaded_tensorflow, read_endpoints
from sigcheck.schema.signature import DEFAULT_KEY, Model, Signature

NAME = "type_spec"
ORDER = 60
ACCEPTS = "tf.TypeSpecs"


def recognizes(value: object) -> bool:
    """Whether all leaves of the structure are types or tensors, and there is one."""
    tensorflow = loaded_tensorflow()
    if tensorflow is None:
        return False
    try:
        leaves = list(find_leaves(value))
    except ValueError:
        return False
    return bool(leaves) and all(_is_typed(tensorflow, leaf.type_spec) for leaf in leaves)


def read(value: object) -> Model:
    """One signature under the key `default` with the same endpoints on both sides."""
    tensorflow = loaded_tensorflow()
    leaves = [Leaf(leaf.path, _type_of(tensorflow, leaf.type_spec)) for leaf in find_leaves(value)]
    taken, given = read_endpoints(leaves, "args"), read_endpoints(leaves, "output")
    signature = Signature(key=DEFAULT_KEY, inputs=taken.endpoints, outputs=given.endpoints)
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=given.notes)


def _is_typed(tensorflow: Any, value: object) -> bool:
    return isinstance(
        value,
        tensorflow.TypeSpec
        | tensorflow.Tensor
        | tensorflow.Variable
        | tensorflow.RaggedTensor
        | tensorflow.SparseTensor,
    )


def _type_of(tensorflow: Any, value: Any) -> Any:
    if isinstance(value, tensorflow.TypeSpec):
        return value
    if isinstance(value, tensorflow.Variable):
        return tensorflow.TensorSpec(value.shape, value.dtype)
    return tensorflow.type_spec_from_value(value)
