"""The base of every value that a stage passes to the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from typing_extensions import Self

SCHEMA_VERSION: Literal[1] = 1

_set = object.__setattr__
# Which fields were given is asked of no value, and the set of them that each would keep is larger than its fields.
_NOT_KEPT: set[str] = set()


class Value(BaseModel):
    """Frozen, and strict about unknown fields: a typing mistake must not pass unread."""

    # Validators are built when a class is first used: `show` needs no plans, and pays for none.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def model_post_init(self, context: Any, /) -> None:
        """Lets go of what pydantic keeps beside the fields."""
        _set(self, "__pydantic_fields_set__", _NOT_KEPT)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same value with some fields changed, not validated again, and what follows from them not computed yet."""
        if deep:
            return super().model_copy(update=update, deep=True)
        own, cls = self.__dict__, type(self)
        # What pydantic calls `model_fields`, without the look-up that warns of its use on an instance.
        fields = cls.__pydantic_fields__
        kept = own if len(own) == len(fields) else {name: own[name] for name in fields}
        copied = object.__new__(cls)
        copied._make({**kept, **(update or {})})
        return copied

    def _make(self, fields: dict[str, Any]) -> None:
        """Sets all fields, not validated."""
        _set(self, "__dict__", fields)
        _set(self, "__pydantic_fields_set__", _NOT_KEPT)
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)
