"""A walk through a graph that counts of how many nodes all sizes are known."""

from __future__ import annotations

from sigcheck.sizes import walk as walking


class Counted(walking._Walk):
    """Counts the nodes all of whose sizes are known."""

    nodes = known = 0

    def walked(self, plan, fed, wanted):
        known, frame = super().walked(plan, fed, wanted)
        Counted.nodes += len(plan.order)
        Counted.known += sum(number in known and all(map(_is_known, known[number])) for number in plan.order)
        return known, frame


def _is_known(one):
    if one.items is not None:
        return True
    return one.sizes is not None and all(isinstance(size, int) or size.is_known for size in one.sizes)
