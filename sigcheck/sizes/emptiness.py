"""Emptiness: how large sizes of inputs must be so that an output has a value at all.

Where every output is empty TensorFlow may run, but a build gives nothing, fails, or gives what means
nothing, as oneDNN does. The size of a batch is none of these: no examples make no results.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sigcheck.sizes.condition import Condition
from sigcheck.sizes.expression import Expression, Variable, constant
from sigcheck.sizes.least import least_of
from sigcheck.sizes.tensor import Sizes


def filled(outputs: Mapping[str, Sizes | None], batches: Collection[Variable]) -> Iterator[Condition]:
    """Yields what must hold so that one output has elements, for each size that alone can empty all of them.

    >>> from sigcheck.sizes.choice import greater
    >>> from sigcheck.sizes.expression import variable
    >>> x = variable("x")
    >>> print(*filled({"y": (greater(x - 10, constant(0)),)}, ()))
    max(0, x - 10) >= 1
    """
    found = [_least(name, sizes or ()) for name, sizes in outputs.items()]
    for size in found[0] if found else ():
        if any(size not in one for one in found):
            continue
        least, condition = min((one[size] for one in found), key=lambda each: each[0])
        if least > 1 and size not in batches:
            yield condition


def _least(name: str, sizes: Sizes) -> Mapping[Variable, tuple[int, Condition]]:
    """Below which size of an input an output is empty, with what says so."""
    found: dict[Variable, tuple[int, Condition]] = {}
    for size in sizes:
        if not isinstance(size, Expression):
            continue
        condition = Condition("at_least", size, constant(1), "output", name)
        bound = least_of(condition)
        if bound is not None and bound[1] > found.get(bound[0], (1, condition))[0]:
            found[bound[0]] = bound[1], condition
    return found
