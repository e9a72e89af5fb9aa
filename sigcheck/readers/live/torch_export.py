"""Programs that PyTorch exported: a `torch.export.ExportedProgram`, which Keras 3 makes too, on its torch backend.

Inputs are named as the arguments of `forward`, and entries of a dict by their keys, results by their keys or output_0,
output_1. Sizes that were left dynamic have the names that PyTorch gives to them, with the bounds and the guards that
the program checks.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.readers.live.parts.symbolic import Symbolic, Symbols
from sigcheck.readers.live.parts.torch_sizes import bounds_of, guards_of
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "torch_export"
ORDER = 48
ACCEPTS = "a torch.export.ExportedProgram"

# The steps to a leaf, as PyTorch has them.
Path = tuple[Any, ...]
_UNKNOWN = TensorSpec(dtype=None, shape=None)
# What a path begins with: whether it is given by position, and which argument it is.
_TO_ARGUMENT = 2


def recognizes(value: object) -> bool:
    """Whether it is what `torch.export.export` gives."""
    kind = getattr(sys.modules.get("torch.export"), "ExportedProgram", None)
    return isinstance(kind, type) and isinstance(value, kind)


def read(value: object) -> Model:
    """The signature under the key `default`."""
    program: Any = value
    seen = {node.name: node.meta.get("val") for node in program.graph.nodes}
    notes: list[Note] = []
    arguments = _of_user(program.graph_signature.input_specs)
    paths = _paths(program.call_spec.in_spec, len(arguments))
    inputs = _inputs(arguments, paths, seen, notes)
    outputs = _outputs(program, seen, notes)
    symbols = Symbols((one for one in inputs if isinstance(one, Symbolic)), 0)
    given = ((path, one.sizes) for path, one in zip(paths, inputs, strict=True) if path and isinstance(one, Symbolic))
    guards, unread = guards_of(program, symbols, given)
    told_not = "what the program checks of sizes, and is not told here"
    notes.extend(Note(place=told[:80], message=told_not) for told in (*symbols.unread, *unread))
    solved = (
        Constraint(holds=one, because=("the size that an axis was exported with",)) for one in symbols.constraints
    )
    taken = tuple(_end(one, symbols) for one in inputs)
    signature = Signature(
        key=DEFAULT_KEY,
        inputs=taken,
        outputs=tuple(_end(one, symbols) for one in outputs),
        constraints=(*solved, *bounds_of(program, symbols, taken), *guards),
    )
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=tuple(notes))


def _inputs(
    arguments: Sequence[Any], paths: Sequence[Path], seen: Mapping[str, Any], notes: list[Note]
) -> list[Symbolic | Endpoint]:
    found: list[Symbolic | Endpoint] = []
    keys = _keys(paths, _TO_ARGUMENT)
    for name, argument in zip(_named(keys, [str(one.name) for one in arguments]), arguments, strict=True):
        value = seen.get(argument.name)
        if _is_tensor(value):
            found.append(_symbolic(name, value, notes))
            continue
        is_fixed = hasattr(argument, "value")
        told = f"fixed to {argument.value!r:.40} when the program was exported" if is_fixed else "a number of Python"
        notes.append(Note(place=name, message=f"no tensor: {told}"))
        found.append(Endpoint(name=name, spec=_UNKNOWN, optional=is_fixed))
    return found


def _outputs(program: Any, seen: Mapping[str, Any], notes: list[Note]) -> list[Symbolic | Endpoint]:
    arguments = _of_user(program.graph_signature.output_specs)
    found: list[Symbolic | Endpoint] = []
    keys = _keys(_paths(program.call_spec.out_spec, len(arguments)), 0)
    names = distinct_names(key or f"output_{at}" for at, key in enumerate(keys))
    for name, argument in zip(names, arguments, strict=True):
        value = seen.get(argument.name)
        if _is_tensor(value):
            found.append(_symbolic(name, value, notes))
        else:
            told = f"{argument.value!r:.40}" if hasattr(argument, "value") else "a number of Python"
            notes.append(Note(place=name, message=f"no tensor, and left out: {told}"))
    return found


def _of_user(specs: Sequence[Any]) -> list[Any]:
    """The arguments, or results, of those that `forward` has: the others are states of the module."""
    return [
        one.arg for one in specs if str(one.kind.name).startswith("USER_") and not one.kind.name.endswith("MUTATION")
    ]


def _paths(spec: Any, count: int) -> list[Path]:
    """For each leaf of a structure the steps to it."""
    tree = sys.modules["torch.utils._pytree"]
    leaves, _ = tree.tree_flatten_with_path(tree.tree_unflatten(list(range(count)), spec))
    found: list[Path] = [()] * count
    for path, at in leaves:
        # What unflattening makes of its own accord is no leaf of the program.
        if isinstance(at, int):
            found[at] = tuple(path)
    return found


def _keys(paths: Sequence[Path], after: int) -> list[str | None]:
    """For each path the key, or the field, that it ends in; None of one that has a position only.

    `after` is how long a path has to be so that a key counts.
    """
    last = (path[-1] if len(path) > after else None for path in paths)
    keys = (getattr(step, "key", getattr(step, "name", None)) for step in last)
    return [None if key is None else str(key) for key in keys]


def _named(keys: Sequence[str | None], names: Sequence[str]) -> list[str]:
    """The keys, where no two are alike: else what PyTorch calls them tells more."""
    told = [key or name for key, name in zip(keys, names, strict=True)]
    return told if len(set(told)) == len(told) else list(distinct_names(names))


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "shape") and hasattr(value, "dtype")


def _symbolic(name: str, value: Any, notes: list[Note]) -> Symbolic:
    dtype, layout = (str(one).removeprefix("torch.") for one in (value.dtype, value.layout))
    if layout not in {"strided", "sparse_coo"}:
        notes.append(Note(place=name, message=f"layout {layout[:40]!r} is none that TensorFlow has"))
        dtype = layout
    elif dtype not in DTYPES:
        notes.append(Note(place=name, message=f"dtype {dtype[:40]!r} is none that TensorFlow has"))
    return Symbolic(name, dtype, value.shape, "sparse" if layout == "sparse_coo" else "dense")


def _end(one: Symbolic | Endpoint, symbols: Symbols) -> Endpoint:
    return symbols.endpoint(one) if isinstance(one, Symbolic) else one
