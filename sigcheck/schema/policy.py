"""Policy: what the user allows a plan to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, WithJsonSchema, model_serializer

from sigcheck.schema.cost import LOSSES, Loss
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import Filler, PaddingSide
from sigcheck.schema.near_name import near_names
from sigcheck.schema.shape import MAX_SIZE
from sigcheck.schema.value import Value, fields_of

# `auto`, and how many rows of a hundred are to be kept whole.
AUTO_LENGTH = re.compile(r"auto(?::([0-9]{1,3}(?:\.[0-9]{1,6})?)%)?", re.ASCII)
DEFAULT_SHARE = 0.999


def _length(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, int) and not 1 <= value <= MAX_SIZE):
        raise ValueError(
            f"found {value!r:.80}, expected a length from 1 on that a tensor can have, or auto, as auto:99.9%"
        )
    if isinstance(value, str) and share_of(value) is None:
        raise ValueError(f"found {value!r:.80}, expected a length from 1 on, or auto, as auto:99.9%")
    return value


def share_of(text: str) -> float | None:
    """The share of rows that `auto:99.9%` is to keep whole, from above 0 to 1; None of another text.

    >>> share_of("auto:95%"), share_of("auto:99.9%"), share_of("auto"), share_of("auto:0%")
    (0.95, 0.999, 0.999, None)
    """
    found = AUTO_LENGTH.fullmatch(text)
    if found is None:
        return None
    # Read as a share: divided by 100, 99.9 is above 0.999, and a thousand rows would have to be kept whole all.
    share = DEFAULT_SHARE if found[1] is None else float(f"{found[1]}e-2")
    return share if 0 < share <= 1 else None


MaxLength = Annotated[int | str, BeforeValidator(_length)]
Assume = Literal["explained", "warn", "error"]

if TYPE_CHECKING:
    from pydantic import ValidationError


def _pairs(given: Any) -> Any:
    return tuple(given.items()) if isinstance(given, Mapping) else given


# Written as a table by input; kept as pairs, which can be hashed.
Losses = Annotated[
    tuple[tuple[Annotated[str, Field(min_length=1)], Loss], ...],
    BeforeValidator(_pairs),
    WithJsonSchema({"type": "object", "additionalProperties": {"enum": list(LOSSES)}, "default": {}}),
]


class Policy(Value):
    """The same words in the config, on the command line and in Python.

    `loss`: the most loss that a plan may have. `assume`: what an assumption is. `explained` warns
    of it, and leaves undecided a plan that makes values up (it fills rows up, copies one entry,
    joins examples) where no fact and no `pad_value` says so; `warn` passes that plan too, and warns;
    `error` is `explained` with errors for warnings. `guard`: whether steps that may fail at run time
    are allowed. `deny`: transforms and junctions that may not be used. `allow`: transforms that are
    used by permission only: batch_min_max, whose results depend on the batch; guard_ids, which refuses
    ids that are out of range at run time; mean, sum, first and last of an axis that the consumer has no
    place for, whatever `loss` allows besides; and of plans that tie the one that takes what is named, as resize or
    crop, is meant. `pad_value` and `pad_side` say what fills
    short rows, and where, of consumers that declare no padding: what a consumer declares goes before
    them. `losses` says of single inputs the most loss that their plans may have, in place of `loss`:
    `{"mask": "irreversible"}` lets a mask be made of ids, and no ids be cut.
    Without a `pad_value` nothing says it, and the zero of the dtype is only shown; without a
    `pad_side` it is behind. That the filling means no value to the consumer stays an assumption: a
    preference for all says nothing of one. `trust` names origins of facts that are relied on as they are:
    without `observed`, a plan that rests on ends which data showed asserts them at run time. `max_length` is
    the length that rows get where the consumer leaves it open: a number, or `auto:99.9%` for the recommended
    length that keeps as many of the rows whole which data showed.
    """

    loss: Loss = "rounding"
    assume: Assume = "explained"
    guard: bool = True
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    pad_value: Filler | None = None
    pad_side: PaddingSide | None = None
    trust: tuple[Literal["observed"], ...] = ()
    max_length: MaxLength | None = None
    losses: Losses = ()

    def of(self, name: str) -> Policy:
        """The policy of the binding of one input, by its name.

        >>> policy = Policy(losses={"mask": "irreversible"})
        >>> policy.of("mask").loss, policy.of("ids").loss
        ('irreversible', 'rounding')
        """
        if not self.losses:
            return self
        return self.model_copy(update={"loss": dict(self.losses).get(name, self.loss), "losses": ()})

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.losses:
            return {**written, "losses": dict(self.losses)}
        return {name: value for name, value in written.items() if name != "losses"}

    if not TYPE_CHECKING:  # type checkers know the fields by themselves

        def __init__(self, **fields: Any) -> None:
            """Raises UsageError for a field that there is none of, and for a value that it cannot have."""
            from pydantic import ValidationError

            if _are_defaults(fields):
                # Most are, and need no validators, which take two milliseconds to build.
                self._make(fields_of(Policy)[0].copy())
                return
            try:
                super().__init__(**fields)
            except ValidationError as error:
                raise _mistake(error) from None

        # What a file says of a policy is validated with the file, which tells the line.
        __init__.__pydantic_base_init__ = True


def _are_defaults(fields: Mapping[str, Any]) -> bool:
    """Whether each is what its field has where nothing is given."""
    defaults, _ = fields_of(Policy)
    given = ((name, _pairs(value)) for name, value in fields.items())
    return all(name in defaults and type(one) is type(defaults[name]) and one == defaults[name] for name, one in given)


def _mistake(error: ValidationError) -> UsageError:
    """The first thing that a call has wrong, in one line."""
    problem = error.errors(include_url=False)[0]
    name = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "extra_forbidden":
        meant = near_names(name, Policy.model_fields)
        cure = f"Did you mean {meant[0]}?" if meant else f"Write one of {', '.join(Policy.model_fields)}."
        return UsageError(f"Policy.{name}", f"no such field, expected one that a policy has. {cure}")
    expected = _EXPECTED.get(name, "another value")
    return UsageError(f"Policy.{name}", f"found {problem['input']!r:.80}, expected {expected}. Pass it so.")


_EXPECTED = {
    "loss": "'exact', 'rounding', 'truncating' or 'irreversible'",
    "assume": "'explained', 'warn' or 'error'",
    "guard": "True or False",
    "deny": "a tuple of the names of transforms",
    "allow": "a tuple of the names of transforms",
    "pad_value": "a finite number, True, False or a text",
    "pad_side": "'post' or 'pre'",
    "max_length": "a length from 1 on that a tensor can have, or 'auto:99.9%'",
    "trust": "a tuple of 'observed'",
    "losses": "losses by input, such as {'mask': 'irreversible'}",
}

DEFAULT_POLICY = Policy()
