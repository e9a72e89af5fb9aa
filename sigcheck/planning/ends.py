"""Ends: the endpoints of a pair, and what must hold of their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sigcheck.planning.matching import Match
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.signature import Endpoint
from sigcheck.sizes.judged import NO_SIZES, Judged


class Ends(NamedTuple):
    """The endpoints that are bound, what must hold of the sizes of the inputs, and of the producer's own inputs."""

    outputs: Sequence[Endpoint]
    inputs: Sequence[Endpoint]
    constraints: Sequence[Constraint] = ()
    given: Sequence[Constraint] = ()

    def judge(self, match: Match) -> Judged:
        """Whether what the inputs are fed, after their plans, meets the constraints."""
        if not any(one.sizes for one in (*self.inputs, *self.outputs)):
            return NO_SIZES
        # Loaded for pairs that have sizes only.
        from sigcheck.planning.fed_sizes import fed_sizes
        from sigcheck.sizes.feed import judge

        courses = fed_sizes(match.bindings, self.outputs)
        sizes = {name: course.sizes for name, course in courses.items()}
        asserted = {name: course.asserted for name, course in courses.items()}
        return judge(self.inputs, self.constraints, sizes, self.given, asserted)
