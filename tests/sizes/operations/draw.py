"""Draw: an operation with random attributes and operands, once with open sizes and once at each of many sizes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import tensorflow as tf

v1 = tf.compat.v1
LETTERS = "abcd"


@dataclass(frozen=True)
class Fed:
    """An operand that is fed: letters and numbers; whole numbers lie from `low` to below `high`."""

    dtype: str
    shape: tuple[int | str, ...]
    low: int = 0
    high: int = 2


@dataclass
class Draw:
    """The same choices for the same seed. `sizes` has those of this build by operand and axis; without them open."""

    seed: int
    sizes: dict[tuple[str, int], int] | None = None
    fed: dict[str, Fed] = field(default_factory=dict)

    def __post_init__(self):
        self.rng = random.Random(self.seed)

    def integer(self, low, high):
        return self.rng.randint(low, high)

    def integers(self, count, low, high):
        return [self.integer(low, high) for _ in range(count)]

    def choice(self, values):
        return self.rng.choice(list(values))

    def flag(self, chance=0.5):
        return self.rng.random() < chance

    def shape(self, rank, *, open_=0.7, low=1, high=6):
        """Letters, which are open, and numbers."""
        return tuple(
            self.rng.choice(LETTERS) if self.rng.random() < open_ else self.rng.randint(low, high) for _ in range(rank)
        )

    def tensor(self, shape, dtype="float32", low=0, high=2):
        """A placeholder. What is drawn of its sizes is the same for equal letters, more often than not."""
        name = f"x{len(self.fed)}"
        self.fed[name] = Fed(dtype, tuple(shape), low, high)
        if self.sizes is None:
            told = [None if isinstance(one, str) else one for one in shape]
        else:
            told = [self.sizes.get((name, axis), one) for axis, one in enumerate(shape)]
        return v1.placeholder(dtype, told, name=name)

    def like(self, shape):
        """A shape that the other is stretched to or from, now and then one that is not."""
        rank = self.integer(0, len(shape))
        told = [1 if self.flag(0.25) else one for one in shape[len(shape) - rank :]]
        return tuple(self.choice(LETTERS) if self.flag(0.15) else one for one in told)

    def size(self, tensor, axis):
        """A size as the graph computes it."""
        return tf.shape(tensor)[axis]

    def whole(self, values, dtype="int32"):
        """A constant of whole numbers."""
        return tf.constant(values, dtype)


def draw_sizes(fed: dict[str, Fed], rng: random.Random, most: int) -> dict[tuple[str, int], int]:
    """A size for each open axis: equal letters are equal but for one in five."""
    letters = {letter: rng.choice([1, 2, 3, 4, rng.randint(1, most), rng.randint(1, most)]) for letter in LETTERS}
    is_mixed = rng.random() < 0.4
    return {
        (name, axis): rng.randint(1, most) if is_mixed and rng.random() < 0.4 else letters[one]
        for name, operand in fed.items()
        for axis, one in enumerate(operand.shape)
        if isinstance(one, str)
    }


def flat(results) -> list[tf.Tensor]:
    """The results of an operation in their order."""
    if isinstance(results, tf.Tensor):
        return [results]
    return [one for part in results for one in flat(part)] if isinstance(results, Sequence) else []
