"""Nothing declared, nothing made up: what passes moves and converts the values that were given, and no others."""

from __future__ import annotations

from collections import Counter
from math import prod

import numpy as np

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import NO_FACTS, Facts
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, SparseArray
from tests.laws.law import hold
from tests.laws.random_specs import draw_pair

# Of each unknown size. A prime, so that no product of it with another size looks like the batch.
UNKNOWN = 5
# So many different values has the narrowest type.
MOST_VALUES = 120
INNER = ("time", "feature", "height", "width", "channel")


def is_bare(spec):
    """Whether NumPy alone can make such a tensor, of numbers that all differ."""
    is_number = spec.dtype not in {"string", "bfloat16", "bool"}
    return spec.kind != "ragged" and spec.shape is not None and is_number and prod(sizes(spec)) <= MOST_VALUES


def sizes(spec):
    return tuple(UNKNOWN if size is None else size for size in spec.shape)


def sample(random, spec):
    """A tensor without two equal values; a sparse one has a gap where it can have one."""
    shape = sizes(spec)
    values = np.asarray(random.sample(range(1, 1 + prod(shape)), prod(shape)), spec.dtype).reshape(shape)
    if spec.kind == "dense":
        return values, values
    indices = np.argwhere(np.ones(shape))[1:]
    kept = values[tuple(indices.T)]
    return SparseArray(indices, kept, np.asarray(shape, np.int64)), kept


def entries(tensor):
    """All values of a tensor, in order of size."""
    kept = tensor.values if isinstance(tensor, RaggedArray | SparseArray) else tensor
    return np.sort(np.asarray(kept, np.complex128), axis=None)


def test_what_passes_has_the_values_that_were_given():
    seen: Counter[str] = Counter()

    def law(random):
        provided, required = (spec.replace(facts=NO_FACTS) for spec in draw_pair(random))
        if not is_bare(provided) or required.dtype in {"string", "bool"}:
            return
        outcome = search(provided, required, Policy(assume=random.choice(("explained", "error"))))
        seen[outcome.verdict] += 1
        if outcome.plan is None:
            return
        given, values = sample(random, provided)
        told = f"{provided} -> {required}: {outcome.plan}"
        try:
            made = run(provided, outcome.plan, given)
        except GuardError:
            return
        assert np.array_equal(entries(made), entries(values)), told
        if required.kind == "dense" and len(required.shape or ()) and provided.shape[:1] == (None,):
            assert required.shape[0] is not None or made.shape[0] in {1, UNKNOWN}, told

    hold(law, usual=300, full=40_000)
    assert min(seen["adapts"], seen["guarded"], seen["undecided"]) > 0


def test_examples_are_joined_by_no_way_round():
    # What is moved behind others and merged there comes back as a first axis of more examples, whatever its name.
    def law(random):
        inner = random.choices(range(1, 7), k=random.randint(1, 4))
        kept = random.sample(inner, random.randint(1, len(inner)))
        if random.random() < 0.3:
            kept.insert(random.randint(0, len(kept)), 1)
        sides = [named(random, sizes) for sizes in (inner, kept)]
        first, second = (one.facts.axes[0] if one.facts.axes else None for one in sides)
        if None not in {first, second} and first != second:
            # Names say that the examples of the one are not those of the other.
            return
        outcome = search(*sides, Policy(loss=random.choice(("rounding", "truncating"))))
        if outcome.plan is None:
            return
        places = np.arange(UNKNOWN, dtype="float32")
        given = np.broadcast_to(places.reshape(UNKNOWN, *[1] * len(inner)), (UNKNOWN, *inner))
        told = f"{sides[0]} -> {sides[1]}, {[one.facts.axes for one in sides]}: {outcome.plan}"
        try:
            made = run(sides[0], outcome.plan, given)
        except GuardError:
            return
        assert made.shape[0] == UNKNOWN, told
        assert all((row == place).all() for row, place in zip(made, places, strict=True)), told

    hold(law, usual=200, full=10_000)


def named(random, sizes):
    """An open first axis and these, some of which have a name."""
    names = (random.choice(("batch", "sample", None)), *random.sample(INNER, len(sizes)))
    axes = tuple(name if random.random() < 0.8 else None for name in names)
    facts = NO_FACTS if random.random() < 0.3 else Facts(axes=axes)
    return TensorSpec(dtype="float32", shape=(None, *sizes), facts=facts)
