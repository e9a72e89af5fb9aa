"""Asked: what is asked of data beside where it lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sigcheck.schema.errors import UsageError
from sigcheck.schema.example_features import Features

# The tensor of an array or a picture, which has no name of its own.
DEFAULT_NAME = "values"


@dataclass(frozen=True)
class Asked:
    """How data is to be read, where it does not say so itself.

    `name` is the tensor of arrays and pictures, which have none. `features` are those of examples that are looked at,
    with their shapes; without them all are, as lists, and with `are_records` none: each example is a text as it is. An
    element of a saved `tf.data.Dataset` is a row, or with `is_batched` a batch of rows. `only` are the tensors that are
    looked at; without it all are.
    """

    name: str = DEFAULT_NAME
    features: Features | None = None
    is_batched: bool = False
    are_records: bool = False
    only: tuple[str, ...] = ()

    def wants(self, tensor: str) -> bool:
        """Whether a tensor of this name is looked at."""
        return not self.only or tensor in self.only


AS_IT_IS = Asked()


def named(only: str | Iterable[str] | None) -> tuple[str, ...]:
    """The names of tensors that are asked for, each once; a string is one name, and none are all tensors.

    Raises UsageError for what is no name.

    >>> named("age"), named(["age", "day", "age"]), named(None)
    (('age',), ('age', 'day'), ())
    """
    if only is None:
        return ()
    names = (only,) if isinstance(only, str) else tuple(only) if isinstance(only, Iterable) else (only,)
    if not names or any(not isinstance(name, str) or not name for name in names):
        raise UsageError("only", f"found {only!r}, expected names of tensors. Name some, or leave it out.")
    return tuple(dict.fromkeys(names))
