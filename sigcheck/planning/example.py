"""Example: a provided and a required array, by which plans that tie are decided.

    numpy.savez("pair.npz", provided=encoder_output, required=classifier_input)

Where several outputs or inputs are meant, their names are told: `provided.output_0`, `required.x`.
What outputs that are bound together make of it is told by `joined_example`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sigcheck.encodings.arrays import read_arrays
from sigcheck.encodings.whole_file import read_whole
from sigcheck.planning.effort import OF_COMPARISON, may_search, spend
from sigcheck.planning.goal import exceeds
from sigcheck.planning.names import nearest
from sigcheck.planning.rivals import MOST_ELEMENTS, SkipError, run
from sigcheck.schema.budget import bounded
from sigcheck.schema.cost import LOSSES
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import Policy
from sigcheck.schema.shape import format_shape, is_subshape
from sigcheck.schema.system_error import system_words
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, SparseArray, Tensor

if TYPE_CHECKING:
    from sigcheck.planning.search import Outcome

# An example shows how values move; what is beyond this shows no more. Plans are run on it, and compared with it in
# double precision: a value takes some forty bytes at once.
MOST_BYTES = 1 << 26
MOST_VALUES = 1 << 22
# So many take a unit of effort to be run and compared.
VALUES_OF_UNIT = 1_000
_PORTION = 1 << 18
SIDES = ("provided", "required")
# What is said of a plan that is not run.
NO_EFFORT = "not tried, as the plans before it took all the effort that one call may take"
TOO_MANY = f"not tried, as it makes over {MOST_ELEMENTS} values"
# The kinds of dtypes, as NumPy calls them, that a tensor of an example may have.
_KINDS = frozenset("biufcSU")
_WRITE = "Write it with numpy.savez."
_EXPECTED = f"expected a provided and a required array. {_WRITE}"


class Miss(NamedTuple):
    """By how much, from 0 to 1 and more, and in words, something misses the required array."""

    share: float
    told: str


@dataclass(frozen=True, eq=False)
class Example:
    """Arrays by the names of outputs and of inputs; the name "" stands for the only one."""

    provided: Mapping[str, Array]
    required: Mapping[str, Array]
    place: str = "example"

    def pair(self, output: str, name: str) -> tuple[Array, Array] | None:
        """The arrays for one output and the input that it feeds, or None where the example has none."""
        provided = self.provided.get(output, self.provided.get(""))
        required = self.required.get(name, self.required.get(""))
        return None if provided is None or required is None else (provided, required)

    def require_names(self, outputs: Collection[str], inputs: Collection[str]) -> None:
        """Raises UsageError for an array of no output and no input, which decides nothing."""
        for side, arrays, names in (("provided", self.provided, outputs), ("required", self.required, inputs)):
            for name in arrays:
                if name and name not in names:
                    what = "producer has no output" if side == "provided" else "consumer has no input"
                    problem = f"an array '{side}.{name}': the {what} {name!r}; {nearest(name, names)}"
                    raise UsageError(self.place, problem)


def read_example(path: str | PathLike[str]) -> Example:
    """The example in an `.npz` file. Raises UsageError where it is none; nothing in it is unpickled."""
    return parse_example(load_example(path), str(path))


def load_example(path: str | PathLike[str]) -> bytes:
    """What an `.npz` file holds, as it lies there. Raises UsageError where it cannot be read."""
    place = str(path)
    try:
        return read_whole(Path(path), MOST_BYTES, "an .npz file")
    except FileNotFoundError:
        raise UsageError(place, "no such file, expected an .npz file. Check the path.") from None
    except OSError as error:
        raise UsageError(place, f"no .npz file: {system_words(error)}, {_EXPECTED}") from None


def parse_example(content: bytes, place: str) -> Example:
    """The example in the bytes of an `.npz` file. Raises UsageError where it is none; nothing in it is unpickled."""
    arrays = _arrays(content, place)
    sides: dict[str, dict[str, Array]] = {side: {} for side in SIDES}
    for key, array in arrays.items():
        side, _, name = key.partition(".")
        if side not in SIDES:
            raise UsageError(place, f"an array {key!r}, expected provided and required. Rename it.")
        if array.dtype.kind not in _KINDS:
            raise UsageError(place, f"{key!r} is of dtype {array.dtype}, expected numbers or texts. {_WRITE}")
        sides[side][name] = array
    for side, found in sides.items():
        if not found:
            raise UsageError(place, f"no {side!r} array in it. Save one with numpy.savez(..., {side}=array).")
    return Example(sides["provided"], sides["required"], place)


def _arrays(content: bytes, place: str) -> Mapping[str, Array]:
    try:
        with bounded(place, len(content)):
            return read_arrays(content, MOST_BYTES, MOST_VALUES)
    except (ValueError, MemoryError) as error:
        raise UsageError(place, f"no .npz file: {error or 'too large for this machine'}, {_EXPECTED}") from None


def decide(outcome: Outcome, spec: TensorSpec, pair: tuple[Array, Array], policy: Policy, place: str) -> Outcome:
    """The outcome with those plans only that make the required array of the provided one.

    The chosen plan or the candidates are tried first, then the alternatives that the policy allows.
    Where several remain it is still undecided. Raises UsageError where none does, saying how
    near the best came, and where the provided array is not of the provided spec.
    """
    provided, required = pair
    check_provided(provided, spec, place)
    first = outcome.candidates or tuple(filter(None, (outcome.plan,)))
    others = tuple(plan for plan in outcome.alternatives if not exceeds(plan.cost, policy))
    if not first:
        return outcome
    misses: list[Miss] = []
    for plans in (first, others):
        left = []
        for plan in plans:
            miss = _miss(spec, plan, provided, required)
            if miss is None:
                left.append(plan)
            else:
                misses.append(Miss(miss.share, f"{plan}: {miss.told}"))
        if left:
            return _narrowed(outcome, left)
    nearest = min(misses).told
    raise UsageError(
        place, f"no plan makes the required array of the provided one; the nearest is {nearest}. Check the example."
    )


def _narrowed(outcome: Outcome, left: list[Plan]) -> Outcome:
    rest = tuple(plan for plan in (*outcome.candidates, *outcome.alternatives) if plan not in left)
    if len(left) > 1:
        return replace(outcome, verdict="undecided", plan=None, candidates=tuple(left), alternatives=rest)
    if outcome.plan is not None and outcome.plan not in left:
        rest = (outcome.plan, *rest)
    return replace(outcome, verdict=left[0].verdict, plan=left[0], candidates=(), alternatives=rest)


def check_provided(array: Array, spec: TensorSpec, place: str) -> None:
    """Raises UsageError where an array is not of the provided spec."""
    is_text = spec.dtype == "string" and array.dtype.kind in "SU"
    if spec.kind != "dense" or not is_subshape(array.shape, spec.shape) or not (is_text or array.dtype == spec.dtype):
        found = f"{array.dtype}{format_shape(array.shape)}"
        raise UsageError(place, f"the provided array is {found}, expected {spec}. Save what the producer gives.")


def as_spec(array: Array, spec: TensorSpec) -> Array:
    """The array as references take it: strings are objects of bytes."""
    import numpy as np

    if spec.dtype != "string":
        return array
    return np.char.encode(array).astype(object) if array.dtype.kind == "U" else array.astype(object)


def _miss(spec: TensorSpec, plan: Plan, provided: Array, required: Array) -> Miss | None:
    if not may_search():
        return Miss(4.0, NO_EFFORT)
    spend(OF_COMPARISON + provided.size // VALUES_OF_UNIT)
    try:
        made = make(spec, plan, provided)
    except GuardError as error:
        return Miss(3.0, f"its guard fails ({error})")
    except SkipError:
        return Miss(4.0, TOO_MANY)
    return find_miss(made, required, plan)


def make(spec: TensorSpec, plan: Plan, provided: Array) -> Tensor:
    """What a plan makes of a provided array. Raises GuardError."""
    return run(spec, plan, as_spec(provided, spec))


def find_miss(made: Tensor, required: Array, plan: Plan) -> Miss | None:
    """By how much what all steps of a plan made misses the required array; None where it is the same."""
    import numpy as np

    if isinstance(made, RaggedArray | SparseArray):
        return Miss(3.0, "it makes no dense array")
    if made.shape != required.shape:
        return Miss(2.0, f"it makes the shape {list(made.shape)}, the example has {list(required.shape)}")
    if made.dtype.kind != "O" and required.dtype.kind in "SU":
        return Miss(3.0, "it makes numbers, the example has texts")
    left, right = made.reshape(-1), required.reshape(-1)
    # In portions: in double precision an array of bytes takes eight times as much.
    parts = (slice(at, at + _PORTION) for at in range(0, left.size, _PORTION))
    count = sum(int(np.count_nonzero(_differing(left[part], right[part], plan))) for part in parts)
    return Miss(count / left.size, f"{count} of {left.size} values differ") if count else None


def _differing(made: Array, required: Array, plan: Plan) -> Array:
    import numpy as np

    if made.dtype.kind == "O":
        wanted = np.char.encode(required).astype(object) if required.dtype.kind == "U" else required.astype(object)
        return np.asarray(made != wanted)
    digits = min((DTYPES[step.result.dtype].digits for step in plan.steps if step.result.dtype), default=53)
    # A plan that rounds may be off by some units in the last place of its narrowest type.
    tolerance = 0.0 if LOSSES.index(plan.loss) == 0 else 16 * 2.0**-digits
    wide = np.complex128 if "c" in {made.dtype.kind, required.dtype.kind} else np.float64
    return ~np.isclose(made.astype(wide), required.astype(wide), rtol=tolerance, atol=tolerance, equal_nan=True)
