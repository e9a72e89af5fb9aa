"""Programs that PyTorch exported: a `torch.export.ExportedProgram`, which Keras 3 makes too, on its torch backend.

Inputs are named as the arguments of `forward`, results by their keys or output_0, output_1. Sizes that were left
dynamic have the names that PyTorch gives to them, with the bounds that the program checks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sigcheck.readers.live.parts.specs import find_leaves
from sigcheck.readers.live.parts.symbolic import symbolic_endpoint
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "torch_export"
ORDER = 48
ACCEPTS = "a torch.export.ExportedProgram"

# PyTorch traces with sizes from 2 on, and lets smaller ones pass when it runs (torch/_export/utils.py).
_CHECKED = 3
# Above, PyTorch means that there is no bound.
_UNBOUNDED = 2**62


def recognizes(value: object) -> bool:
    """Whether it is what `torch.export.export` gives."""
    kind = getattr(sys.modules.get("torch.export"), "ExportedProgram", None)
    return isinstance(kind, type) and isinstance(value, kind)


def read(value: object) -> Model:
    """The signature under the key `default`. Arguments that are no tensors were fixed when it was exported."""
    program: Any = value
    seen = {node.name: node.meta.get("val") for node in program.graph.nodes}
    notes: list[Note] = []
    taken = [(str(name), seen.get(name)) for name in program.graph_signature.user_inputs]
    results = list(program.graph_signature.user_outputs)
    given = [(name, seen.get(one)) for name, one in zip(_names(program, len(results)), results, strict=True)]
    inputs, outputs = _ends(taken, notes), _ends(given, notes)
    sizes = {size for end in inputs for size in end.sizes or () if isinstance(size, str)}
    signature = Signature(
        key=DEFAULT_KEY,
        inputs=inputs,
        outputs=outputs,
        constraints=tuple(_bounds(program.range_constraints, sizes)),
    )
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=tuple(notes))


def _names(program: Any, count: int) -> list[str]:
    """What the results are called: by their keys where `forward` gives a dict, else by their numbers."""
    names = [f"output_{at}" for at in range(count)]
    tree = sys.modules["torch.utils._pytree"]
    for leaf in find_leaves(tree.tree_unflatten(list(range(count)), program.call_spec.out_spec)):
        if leaf.path and isinstance(leaf.path[-1], str) and isinstance(leaf.type_spec, int):
            names[leaf.type_spec] = leaf.path[-1]
    return names


def _ends(values: Iterable[tuple[str, Any]], notes: list[Note]) -> tuple[Endpoint, ...]:
    found = list(values)
    ends: list[Endpoint] = []
    for name, (_, value) in zip(distinct_names(name for name, _ in found), found, strict=True):
        if not hasattr(value, "shape") or not hasattr(value, "dtype"):
            notes.append(Note(place=name, message="no tensor: fixed when the program was exported"))
            ends.append(Endpoint(name=name, spec=TensorSpec(dtype=None, shape=None), optional=True))
            continue
        end = symbolic_endpoint(name, str(value.dtype).removeprefix("torch."), value.shape)
        if end.spec.dtype is None:
            notes.append(Note(place=name, message=f"dtype {str(value.dtype)[:40]!r} is none that TensorFlow has"))
        ends.append(end)
    return tuple(ends)


def _bounds(ranges: Mapping[Any, Any], names: set[str]) -> Iterator[Constraint]:
    """Yields the bounds of sizes, which a program checks before it runs."""
    for symbol, bounds in sorted(ranges.items(), key=lambda item: str(item[0])):
        name = str(symbol)
        if name not in names:
            continue
        because = ("the range of a dynamic size",)
        for limit, order, least in ((bounds.lower, ">=", _CHECKED), (bounds.upper, "<=", 0)):
            # What is no number in digits is one of PyTorch's infinities.
            text = str(limit)
            if text.isdecimal() and least <= int(text) < _UNBOUNDED:
                yield Constraint(holds=f"{name} {order} {text}", because=because)
