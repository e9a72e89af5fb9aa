"""Pairs with a known truth: what a producer gives and a consumer takes are two views of one array with named axes.

The producer's view has the axes of the array in some order, with axes of one entry put in. The
consumer's view is made of the producer's by moves that names tell: another order, runs of axes
flattened into an axis of a new name, an axis of that kind taken apart, axes of one entry added
and left out. Everything is drawn from a `Random`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from random import Random

import numpy as np

from sigcheck.planning.rivals import run
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.plan import Plan
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError
from tests.laws.random_specs import CHANGES

PASSING = frozenset({"fits", "adapts", "guarded"})
NAMES = ("batch", "height", "width", "channel", "time", "view", "depth", "a", "b")
SIZES = (1, 2, 2, 3, 3, 4, 5, 8)
FLAT = ("feature", "flat", "merged")
SINGLE = ("one", "single", "step")


@dataclass(frozen=True)
class Part:
    """An axis of a view: its name, and which axes of the array it is made of, outermost first."""

    name: str
    of: tuple[int, ...]


@dataclass(frozen=True)
class NamedPair:
    """Two views of an array of these sizes; the producer does not know the sizes of its `open_axes`."""

    sizes: tuple[int, ...]
    ours: tuple[Part, ...]
    theirs: tuple[Part, ...]
    open_axes: frozenset[int] = frozenset()
    dtypes: tuple[str, str] = ("int32", "int32")

    def provided(self, names: bool | tuple[bool, ...] = True) -> TensorSpec:
        """What is provided, with all names, none, or those at some places."""
        return self._spec(self.ours, self.dtypes[0], names)

    def required(self, names: bool | tuple[bool, ...] = True) -> TensorSpec:
        """What is required, with all names, none, or those at some places."""
        return self._spec(self.theirs, self.dtypes[1], names)

    def _spec(self, view: tuple[Part, ...], dtype: str, names: bool | tuple[bool, ...]) -> TensorSpec:
        shape = tuple(
            None if self.open_axes.intersection(part.of) else prod(self.sizes[axis] for axis in part.of)
            for part in view
        )
        said = (names,) * len(view) if isinstance(names, bool) else names
        axes = tuple(part.name if is_said else None for part, is_said in zip(view, said, strict=True))
        facts = Facts(axes=axes) if view and names is not False else Facts()
        return TensorSpec(dtype=dtype, shape=shape, facts=facts)

    def values(self) -> tuple[np.ndarray, np.ndarray]:
        """The array, each value another one, as the producer gives it and as the consumer takes it."""
        array = np.arange(1, 1 + prod(self.sizes), dtype=np.int32).reshape(self.sizes)
        return self._view(array, self.ours), self._view(array, self.theirs)

    def _view(self, array: np.ndarray, view: tuple[Part, ...]) -> np.ndarray:
        order = [axis for part in view for axis in part.of]
        left = [axis for axis in range(array.ndim) if axis not in order]
        assert all(array.shape[axis] == 1 for axis in left)
        moved = array.transpose([*order, *left])
        return moved.reshape([prod(self.sizes[axis] for axis in part.of) for part in view])

    def __str__(self) -> str:
        ours, theirs = self.provided(), self.required()
        return f"{ours} {ours.facts.axes} -> {theirs} {theirs.facts.axes} (sizes {self.sizes})"


def draw_named_pair(random: Random) -> NamedPair:
    """Two views of an array of up to five axes."""
    count = random.randint(1, 4)
    names = random.sample(NAMES, count)
    sizes = [random.choice(SIZES) for _ in names]
    ours = [Part(name, (axis,)) for axis, name in enumerate(names)]
    random.shuffle(ours)
    theirs = list(ours)
    if random.random() < 0.5:
        theirs = _flattened(random, theirs)
    if random.random() < 0.6:
        random.shuffle(theirs)
    if random.random() < 0.25:
        # Taken apart instead of flattened.
        ours, theirs = theirs, ours
    for view in (ours, theirs):
        if random.random() < 0.25:
            sizes.append(1)
            used = {part.name for part in (*ours, *theirs)}
            name = random.choice([one for one in (*SINGLE, "batch", "channel") if one not in used])
            view.insert(random.randint(0, len(view)), Part(name, (len(sizes) - 1,)))
    dtypes = random.choice((("int32", "int32"), ("int32", "int32"), ("int32", "int64"), ("int32", "float64")))
    return NamedPair(tuple(sizes), tuple(ours), tuple(theirs), _opened(random, ours, theirs), dtypes)


def _flattened(random: Random, view: list[Part]) -> list[Part]:
    """Two or three neighbours flattened. Names of examples stay: they are never part of anything."""
    count = random.randint(2, 3)
    at = random.randint(0, max(0, len(view) - count))
    run_of = view[at : at + count]
    if len(run_of) < 2 or any(part.name == "batch" for part in run_of):
        return view
    flat = Part(random.choice(FLAT), tuple(axis for part in run_of for axis in part.of))
    return [*view[:at], flat, *view[at + count :]]


def _opened(random: Random, ours: list[Part], theirs: list[Part]) -> frozenset[int]:
    """Axes that both sides have whole, of sizes that neither says: the batch mostly."""
    whole = {part.of[0] for part in ours if len(part.of) == 1} & {part.of[0] for part in theirs if len(part.of) == 1}
    batch = {part.of[0] for part in ours if part.name == "batch"}
    return frozenset(axis for axis in whole if random.random() < (0.7 if axis in batch else 0.15))


def result_of(provided: TensorSpec, plan: Plan, value: np.ndarray) -> np.ndarray | None:
    """What the plan makes of the value; None where a guard refuses it."""
    try:
        return run(provided, plan, value)
    except GuardError:
        return None


def draw_odd_names(random: Random) -> tuple[TensorSpec, TensorSpec]:
    """Two specs whose shapes nearly fit, with names at random: some on both sides, some missing, many contradictory."""
    pool = random.sample((*NAMES, *FLAT, *SINGLE), random.randint(2, 7))
    shape = tuple(random.choice((None, *SIZES)) for _ in range(random.randint(1, 4)))
    wanted = shape
    for change in random.choices(CHANGES, k=random.randint(0, 3)):
        wanted = change(random, wanted)
    dtypes = random.choice((("int32", "int32"), ("int32", "int64")))
    filled = Facts(padding=Padding(value=0)) if random.random() < 0.3 else Facts()
    ours, theirs = _draw_names(random, pool, len(shape)), _draw_names(random, pool, len(wanted[:5]))
    return (
        TensorSpec(dtype=dtypes[0], shape=shape, facts=Facts(axes=ours)),
        TensorSpec(dtype=dtypes[1], shape=wanted[:5], facts=filled.replace(axes=theirs)),
    )


def _draw_names(random: Random, pool: list[str], count: int) -> tuple[str | None, ...]:
    names = [*random.sample(pool, min(count, len(pool))), *(None,) * max(0, count - len(pool))]
    random.shuffle(names)
    return tuple(None if random.random() < 0.15 else name for name in names)
