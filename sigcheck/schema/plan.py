"""Steps and plans: edges of the graph with their arguments, and paths of them."""

from __future__ import annotations

from functools import cached_property, reduce
from operator import add
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, Field, computed_field

from sigcheck.schema.cost import FREE, LOSSES, Cost, Loss
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import MadeValue, Value

Verdict = Literal["fits", "adapts", "guarded", "undecided", "blocked"]

# From best to worst: a pair is as good as its worst binding. Blocked is worse than
# undecided, because no declaration made elsewhere can save the pair.
VERDICTS: tuple[Verdict, ...] = ("fits", "adapts", "guarded", "undecided", "blocked")
# Of these something runs.
PASSING: frozenset[Verdict] = frozenset({"fits", "adapts", "guarded"})


# How far a value of a result looks.
Reach = Literal["element", "axis", "line", "rows", "tensor"]


class Atom(NamedTuple):
    """A part of a source axis: `size` indices that are `inner` positions apart.

    A whole axis is (axis, None, 1); axis 1 of size 12 split into 3 and 4 is
    (1, 3, 4) and (1, 4, 1).
    """

    axis: int
    size: int | None = None
    inner: int = 1


# For each axis of the result, the parts of source axes that it is made of, outermost first.
Layout = tuple[tuple[Atom, ...], ...]


def _as_made(arguments: Any) -> Any:
    """Arguments that were read from JSON, which has lists for the tuples that transforms make."""
    if isinstance(arguments, dict):
        return {name: _as_made(value) for name, value in arguments.items()}
    return tuple(map(_as_made, arguments)) if isinstance(arguments, list | tuple) else arguments


class Step(Value):
    """One transform with its arguments, applied to one spec.

    `layout` is set for a step that only moves elements; else `reach` says how far a value of
    the result looks: at one element (and its channel), along an axis whose size may change (`axis`) or whose values are
    taken together (`line`), at where rows end and at no value (`rows`), or at the whole tensor.
    The planner needs both to see when two orders of steps mean the same. `guard` says what is
    asserted at run time. `instead_of` names the loss that the guard stands in for: it is not
    wanted where the policy allows that loss.
    """

    transform: str
    arguments: Annotated[dict[str, Any], AfterValidator(_as_made)] = Field(default_factory=dict)
    result: TensorSpec
    loss: Loss = "exact"
    assumption: str | None = None
    guard: str | None = None
    cost: Cost = FREE
    layout: Layout | None = Field(default=None, exclude=True, repr=False)
    reach: Reach = Field(default="tensor", exclude=True, repr=False)
    instead_of: Loss | None = Field(default=None, exclude=True, repr=False)

    if not TYPE_CHECKING:  # type checkers know the fields by themselves

        def __init__(self, **fields: Any) -> None:
            """Transforms make some ten for each spec that a search looks at, of values that were validated."""
            if isinstance(fields.get("result"), TensorSpec) and _OF_STEP.keys() >= fields.keys() >= _REQUIRED:
                self._make({**_OF_STEP, "arguments": {}, **fields})
            else:
                super().__init__(**fields)

        # What is read from a file is validated with the file.
        __init__.__pydantic_base_init__ = True

    @property
    def is_local(self) -> bool:
        """Whether it moves values, or gives each of its result without a look at others than along an axis."""
        return self.layout is not None or self.reach in {"element", "axis"}

    @property
    def is_inventing(self) -> bool:
        """Whether it makes values up that nobody gave or declared, or joins examples: `assumption` says which."""
        return self.cost.inventions > 0

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={_format(value)}" for name, value in self.arguments.items())
        return f"{self.transform}({arguments})"


_REQUIRED = frozenset({"transform", "result"})
_OF_STEP: dict[str, Any] = {
    name: None if field.is_required() else field.default for name, field in Step.model_fields.items()
}


class Plan(MadeValue):
    """A path from a provided spec to a subtype of a required one; empty where it fits."""

    steps: tuple[Step, ...] = ()

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties (mypy#1362)
    @cached_property
    def cost(self) -> Cost:
        """The sum over the steps."""
        return reduce(add, (step.cost for step in self.steps), FREE)

    @property
    def loss(self) -> Loss:
        """The worst loss of any step."""
        return max((step.loss for step in self.steps), key=LOSSES.index, default="exact")

    @property
    def is_inventing(self) -> bool:
        """Whether a step of it is."""
        return any(step.is_inventing for step in self.steps)

    @property
    def verdict(self) -> Verdict:
        """What a binding with this plan is."""
        if not self.steps:
            return "fits"
        return "guarded" if any(step.guard for step in self.steps) else "adapts"

    def __str__(self) -> str:
        return ", ".join(str(step) for step in self.steps) or "nothing to do"


# Made once: every argument of every step that is written is asked about.
_SEVERAL = (list, tuple)


def _format(value: Any) -> str:
    if isinstance(value, _SEVERAL):
        return f"[{', '.join(_format(item) for item in value)}]"
    if isinstance(value, float):
        return f"{value:g}"
    return "?" if value is None else str(value)
