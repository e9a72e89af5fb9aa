"""The base of every value that a stage passes to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from typing_extensions import Self

SCHEMA_VERSION: Literal[1] = 1

# The slots of a frozen value: a search makes some hundred values, and to look each slot up by its name takes longer.
_SET_FIELDS, _SET_GIVEN, _SET_EXTRA, _SET_PRIVATE = (
    BaseModel.__dict__[name].__set__
    for name in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__")
)
# Which fields were given is asked of no value, and the set of them that each would keep is larger than its fields.
_NOT_KEPT: set[str] = set()
# What holds nothing else.
_SINGLE = frozenset({bool, int, float, type(None)})


class Value(BaseModel):
    """Frozen, and strict about unknown fields: a typing mistake must not pass unread."""

    # Validators are built when a class is first used: `show` needs no plans, and pays for none.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def model_post_init(self, context: Any, /) -> None:
        """Lets go of what pydantic keeps beside the fields."""
        _SET_GIVEN(self, _NOT_KEPT)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same value with some fields changed, not validated again, and what follows from them not computed yet."""
        if deep:
            return super().model_copy(update=update, deep=True)
        cls = type(self)
        # What pydantic calls `model_fields`, without the look-up that warns of its use on an instance.
        fields = cls.__pydantic_fields__
        made = {**self.__dict__, **(update or {})}
        if len(made) > len(fields):
            for name in made.keys() - fields.keys():
                del made[name]
        copied = object.__new__(cls)
        copied._make(made)
        return copied

    def __getstate__(self) -> dict[Any, Any]:
        """What another process is sent of it: its fields, and what was computed of them."""
        return self.__dict__

    def __setstate__(self, state: dict[Any, Any]) -> None:
        """Makes it of what was sent."""
        self._make(state)

    def _make(self, fields: dict[str, Any]) -> None:
        """Sets all fields, not validated."""
        _SET_FIELDS(self, fields)
        _SET_GIVEN(self, _NOT_KEPT)
        _SET_EXTRA(self, None)
        _SET_PRIVATE(self, None)


class MadeValue(Value):
    """One that is made in the code of what was validated, whose types mypy checks: only what files say is validated.

    Validators of a class and of all that it holds take a millisecond or two to build, which most commands then do not.
    Lists and mappings, and texts that may be no Unicode, are validated in the code, too. `_require` has the rest.
    """

    if not TYPE_CHECKING:  # type checkers know the fields by themselves

        def __init__(self, **fields: Any) -> None:
            defaults, required = fields_of(type(self))
            is_made = required <= fields.keys() <= defaults.keys() and _are_plain(fields.values())
            if is_made:
                self._make({**defaults, **fields})
            if not is_made or not self._holds():
                super().__init__(**fields)

        # What is read from a file is validated with the file.
        __init__.__pydantic_base_init__ = True

    def _require(self) -> None:
        """Raises ValueError for fields that cannot stand together."""

    def _holds(self) -> bool:
        # What is wrong is said as of any other value.
        try:
            self._require()
        except (ValueError, TypeError, AttributeError):
            return False
        return True


@lru_cache(None)
def fields_of(made: type[Value]) -> tuple[dict[str, Any], frozenset[str]]:
    """The default of each field, in the order of the fields, and the names of those without one."""
    fields = made.model_fields
    required = frozenset(name for name, field in fields.items() if field.is_required())
    # What a factory makes is shared: nobody changes it.
    made_of = {name: field.get_default(call_default_factory=True) for name, field in fields.items()}
    return {name: None if name in required else value for name, value in made_of.items()}, required


def _are_plain(values: Iterable[Any]) -> bool:
    """Whether none is of what is validated: parsers make lists and mappings, and texts of escapes that are none."""
    for value in values:
        kind = type(value)
        if kind is str:
            if not value.isascii():
                return False
        elif kind is tuple:
            if not _are_plain(value):
                return False
        # By the bases: pydantic answers `isinstance` in Python, and each value that a stage makes is asked about.
        elif kind not in _SINGLE and Value not in kind.__mro__ and isinstance(value, list | Mapping):
            return False
    return True


def all_of(kind: type, *values: tuple[Any, ...]) -> bool:
    """Whether all entries of the tuples are of a type.

    >>> all_of(str, ("a", "b"), ()), all_of(str, ("a", 1))
    (True, False)
    """
    for value in values:
        if type(value) is not tuple:
            return False
        for one in value:
            if type(one) is not kind:
                return False
    return True
