"""Names of endpoints, which must differ from each other."""

from __future__ import annotations

from collections.abc import Iterable


def distinct_names(names: Iterable[str]) -> list[str]:
    """The names, each that occurs again with the first `_1`, `_2` that is free.

    >>> distinct_names(["same", "same", "other"])
    ['same', 'same_1', 'other']
    """
    wanted = list(names)
    taken = set(wanted)
    counts: dict[str, int] = {}
    distinct: list[str] = []
    for name in wanted:
        count = counts.get(name, 0)
        result = name
        while count and (result := f"{name}_{count}") in taken:
            count += 1
        counts[name] = count + 1
        taken.add(result)
        distinct.append(result)
    return distinct
