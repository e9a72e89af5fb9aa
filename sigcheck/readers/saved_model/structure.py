"""Structures: nested arguments and results of traced functions, flattened in TensorFlow's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.readers.graph_def.spec import UNKNOWN, read_dtype, read_shape, read_type_spec
from sigcheck.schema.tensor_spec import TensorSpec

# An argument stands two levels deep in (args, kwargs); what is deeper is inside of one.
_ARGUMENT = 2
Path = tuple[str | int, ...]


class Leaf(NamedTuple):
    """One tensor of a structure.

    `path` leads to it from the root by dict keys and positions. `name` is the one TensorFlow
    gave its spec, "" where it gave none. `parts` counts the dense tensors that it is made of:
    those of a ragged tensor are its values and row splits, of a sparse one its indices,
    values and dense shape. None where the file does not tell.
    """

    path: Path
    spec: TensorSpec
    name: str = ""
    parts: int | None = 1


def flatten(value: Message, path: Path = ()) -> Iterator[Leaf]:
    """Yields the tensors of a StructuredValue in the order of `tf.nest.flatten`: dicts by key.

    Values that are no tensors (a bool, a text, None) are constants of the trace: left out.
    """
    for kind, content in value.items():
        if kind in {"tensor_spec_value", "bounded_tensor_spec_value"}:
            spec = TensorSpec(dtype=read_dtype(content.get("dtype", 0)), shape=read_shape(content.get("shape")))
            yield Leaf(path, spec, content.get("name", ""))
        elif kind == "type_spec_value":
            yield _typed(content, path)
        elif kind in {"list_value", "tuple_value"}:
            for index, item in enumerate(content.get("values", ())):
                yield from flatten(item, (*path, index))
        elif kind == "dict_value":
            for key, item in sorted(content.get("fields", {}).items()):
                yield from flatten(item, (*path, key))
        elif kind == "named_tuple_value":
            for pair in content.get("values", ()):
                yield from flatten(pair.get("value", {}), (*path, pair.get("key", "")))


def _typed(content: Message, path: Path) -> Leaf:
    spec = read_type_spec(content)
    if spec is None:
        return Leaf(path, UNKNOWN, parts=content.get("num_flat_components"))
    return Leaf(path, spec, parts=3 if spec.kind == "sparse" else 1 + (spec.ragged_rank or 0))


def component_dtypes(leaf: Leaf) -> tuple[str | None, ...] | None:
    """The dtypes of the dense tensors that a leaf is made of, in order; None where they are not known."""
    spec = leaf.spec
    if spec.kind == "sparse":
        return ("int64", spec.dtype, "int64")
    if spec.kind == "ragged":
        return (spec.dtype, *[spec.row_splits_dtype] * (spec.ragged_rank or 0))
    return None if leaf.spec == UNKNOWN else (spec.dtype,)


def split_keywords(leaves: Sequence[Leaf], keywords: Sequence[str]) -> list[tuple[str, ...]] | None:
    """For each leaf the names of the dense tensors that it is made of; None where the counts differ."""
    if any(not leaf.parts or leaf.parts < 0 for leaf in leaves) or sum(leaf.parts or 0 for leaf in leaves) != len(
        keywords
    ):
        return None
    remaining = iter(keywords)
    return [tuple(islice(remaining, leaf.parts)) for leaf in leaves]


def name_leaves(leaves: Sequence[Leaf], names: Sequence[str]) -> list[str]:
    """What to call each leaf: the key of a dict entry where it is the only one of that key, else its name.

    `names` differ from each other; where the keys do not, all leaves have those.
    """
    keys = Counter(leaf.path[-1] for leaf in leaves if leaf.path)
    chosen = [
        key if len(leaf.path) > _ARGUMENT and isinstance(key := leaf.path[-1], str) and key and keys[key] == 1 else name
        for leaf, name in zip(leaves, names, strict=True)
    ]
    return chosen if len(set(chosen)) == len(chosen) else list(names)
