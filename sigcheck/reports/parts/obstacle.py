"""Why not: what a blocked binding came nearest to, what is missing there, and what would open a path."""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.rules.words.option import declare_of_outputs, fact_option
from sigcheck.schema.obstacle import Declaration
from sigcheck.schema.report import Binding


def tell_obstacle(binding: Binding) -> tuple[str, ...]:
    """The lines that every format shows; none where the binding is not blocked.

    The options in them are those of the command line, as in the help of findings, unless the
    obstacle says itself how it is told.
    """
    obstacle = binding.obstacle
    if obstacle is None or obstacle.told:
        return () if obstacle is None else obstacle.told
    lines = [f"the nearest spec reached is {obstacle.reached}"]
    if obstacle.differs:
        lines.append(f"still different there: {'; '.join(obstacle.differs)}")
    # What loses nothing comes first.
    ways = [f"declare {' and '.join(_options(binding, way))}" for way in obstacle.declare]
    ways += [obstacle.allow] if obstacle.allow else []
    ways += [f"declare {' and '.join(_options(binding, one.declare))}, with {one.allow}" for one in obstacle.together]
    opens = f"would open a path: {'; or '.join(ways)}"
    if binding.junction is not None:
        opens = declare_of_outputs(opens, binding.provided, [one.name for one in binding.sources])
    return (*lines, opens if ways else "no one declaration and no policy was found that would open a path")


def _options(binding: Binding, way: Sequence[Declaration]) -> list[str]:
    names = {"producer": binding.provided, "consumer": binding.required}
    return [fact_option(one.side, names[one.side], one.fact, one.value) for one in way]
