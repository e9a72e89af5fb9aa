"""Functions of TensorFlow and their traces: by themselves, or as members of a module."""

from __future__ import annotations

from typing import Any

from sigcheck.readers.live.parts.specs import Leaf, find_leaves, loaded_tensorflow, read_endpoints
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import Note, Signature


def is_concrete(value: object) -> bool:
    """Whether it is one trace of a function."""
    tensorflow = loaded_tensorflow()
    return tensorflow is not None and isinstance(value, tensorflow.types.experimental.ConcreteFunction)


def is_polymorphic(value: object) -> bool:
    """Whether it is a function that is traced anew for each kind of input, as made by tf.function or loaded."""
    tensorflow = loaded_tensorflow()
    return tensorflow is not None and isinstance(value, tensorflow.types.experimental.GenericFunction)


def read_function(function: Any, key: str, place: str) -> tuple[tuple[Signature, ...], tuple[Note, ...]] | None:
    """A signature for each trace of a function, and notes; None for a function that has no trace."""
    traces = _traces(function, place)
    if not traces:
        return None
    found = [read_concrete(trace, f"{key}[{index}]" if len(traces) > 1 else key) for index, trace in enumerate(traces)]
    return tuple(signature for signature, _ in found), tuple(note for _, notes in found for note in notes)


def read_concrete(function: Any, key: str) -> tuple[Signature, tuple[Note, ...]]:
    """The signature of one trace, with the structure of its inputs and outputs."""
    tensorflow = loaded_tensorflow()
    arguments, keywords = function.structured_input_signature
    # Bound values such as `self` or a Python number are in the structure, and nobody feeds them.
    inputs = [leaf for leaf in find_leaves((*arguments, keywords)) if hasattr(leaf.type_spec, "is_subtype_of")]
    outputs = find_leaves(function.structured_outputs)
    taken = read_endpoints(inputs, "args")
    given = read_endpoints((Leaf(leaf.path, _type_of(tensorflow, leaf.type_spec)) for leaf in outputs), "output")
    signature = Signature(key=key, inputs=taken.endpoints, outputs=given.endpoints)
    return signature, (*taken.notes, *given.notes)


def _traces(function: Any, place: str) -> list[Any]:
    if is_concrete(function):
        return [function]
    if getattr(function, "input_signature", None) is not None:
        try:
            return [function.get_concrete_function()]
        except Exception as error:
            reason = str(error).strip().rpartition("\n")[2][:200]
            raise SourceError(place, f"cannot be traced: {reason}. Call it once to see why.") from error
    loaded = getattr(function, "concrete_functions", None)
    if loaded is not None:
        return list(loaded)
    # No public call lists the traces of a function without making one.
    listed = getattr(function, "_list_all_concrete_functions", None)
    return list(listed()) if listed is not None else []


def _type_of(tensorflow: Any, value: Any) -> Any:
    """The type of an output: a loaded function has specs, a traced one symbolic tensors."""
    return value if isinstance(value, tensorflow.TypeSpec) else tensorflow.type_spec_from_value(value)
