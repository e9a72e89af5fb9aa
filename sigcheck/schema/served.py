"""Served: tensors as servers and registries pass them."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Endpoint


def require_dense(end: Endpoint, names: Mapping[str, str], owner: str) -> tuple[str, list[int]]:
    """The type of an input or output as `owner` calls it, and its sizes, -1 where one is open.

    Raises UsageError for what is no dense tensor of known rank and of one of these types.
    """
    spec = end.spec
    if spec.kind != "dense" or spec.shape is None or spec.dtype is None or spec.dtype not in names:
        problem = f"{spec}, expected a dense tensor of known rank and of a dtype that {owner} has"
        raise UsageError(end.name, f"{problem}. Show the model as json.")
    return names[spec.dtype], [-1 if size is None else size for size in spec.shape]
