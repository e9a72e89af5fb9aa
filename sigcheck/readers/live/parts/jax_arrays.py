"""What JAX knows of arrays before there are any: shapes, which may have symbols, and dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sigcheck.readers.live.parts.specs import Leaf, name_leaf
from sigcheck.readers.live.parts.symbolic import Symbolic, Symbols
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import DEFAULT_KEY, Model, Note, Signature

# A symbol of JAX stands for 1 and more (jax/_src/export/shape_poly.py).
_LEAST = 1


def model_of(source: str, reader: str, taken: Sequence[Leaf], given: Sequence[Leaf]) -> Model:
    """The model whose one signature takes and gives arrays of which JAX knows shape and dtype."""
    inputs, outputs = _arrays(taken, "args"), _arrays(given, "output")
    symbols = Symbols(inputs, _LEAST)
    demanded = {told: symbols.said(told) for told in _demanded(taken)}
    told = [one for one in demanded.values() if one is not None]
    # Whoever says that a size is 8 and more need not be told that it is 1 and more.
    ends = (one.partition(" >= ") for one in told)
    bounded = {f"{name} >= {_LEAST}" for name, _, end in ends if end.isdecimal() and end != "0"}
    demands = (*(one for one in symbols.constraints if one not in bounded), *told)
    signature = Signature(
        key=DEFAULT_KEY,
        inputs=tuple(map(symbols.endpoint, inputs)),
        outputs=tuple(map(symbols.endpoint, outputs)),
        constraints=tuple(Constraint(holds=one, because=("what JAX checks of sizes",)) for one in demands),
    )
    strange = {one.name: one.dtype for one in (*inputs, *outputs) if one.dtype not in DTYPES}
    notes = [
        Note(place=name, message=f"dtype {dtype[:40]!r} is none that TensorFlow has") for name, dtype in strange.items()
    ]
    notes += [
        Note(place=told[:80], message="a size that is not solved: what is fed is not held against it")
        for told in symbols.unread
    ]
    notes += [
        Note(place=told[:80], message="what JAX checks of sizes, and is not told here")
        for told, said in demanded.items()
        if said is None
    ]
    return Model(source=source, reader=reader, signatures=(signature,), notes=tuple(notes))


def _arrays(leaves: Sequence[Leaf], prefix: str) -> list[Symbolic]:
    """The arrays, named as `name_leaf` says."""
    names = distinct_names(name_leaf(leaf, prefix, index) for index, leaf in enumerate(leaves))
    return [
        Symbolic(name, _dtype(leaf.type_spec), leaf.type_spec.shape) for name, leaf in zip(names, leaves, strict=True)
    ]


def _demanded(leaves: Sequence[Leaf]) -> list[str]:
    """What was said of symbols when they were made: `b >= 8`."""
    scopes = {
        id(scope): scope for leaf in leaves for size in leaf.type_spec.shape if (scope := getattr(size, "scope", None))
    }
    found = (one for scope in scopes.values() for one in getattr(scope, "_explicit_constraints", ()))
    return list(dict.fromkeys(str(one.debug_str) for one in found if hasattr(one, "debug_str")))


def _dtype(aval: Any) -> str:
    return str(getattr(aval.dtype, "name", aval.dtype))
