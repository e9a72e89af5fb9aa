"""Distinct: the one place that makes up names, each of which must be no other's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePath


def free_name(name: str, taken: Collection[str], first: int = 2) -> str:
    """The name itself where it is free, else with the first free number behind it.

    >>> free_name("encoder", {"encoder", "encoder_2"})
    'encoder_3'
    """
    number, found = first, name
    while found in taken:
        found = f"{name}_{number}"
        number += 1
    return found


def distinct_names(names: Iterable[str]) -> list[str]:
    """The names, each that occurs again with the first `_1`, `_2` that is free.

    >>> distinct_names(["same", "same", "other"])
    ['same', 'same_1', 'other']
    """
    wanted = list(names)
    return _distinct(wanted, Counter(wanted), is_first_kept=True)


def numbered_names(names: Iterable[str], taken: Collection[str] = ()) -> list[str]:
    """The names, all of those that occur again or are `taken` numbered from 1, by numbers that make no other's name.

    >>> numbered_names(["m", "m", "m_1", "other"], ["other"])
    ['m_2', 'm_3', 'm_1', 'other_1']
    """
    wanted = list(names)
    return _distinct(wanted, Counter([*wanted, *taken]), is_first_kept=False)


def model_names(sources: Sequence[str]) -> list[str]:
    """What models of one pipeline are called: as their files, without the ending; numbered where two are alike.

    >>> model_names(["models/detector", "crop.keras", "crop.keras"])
    ['detector', 'crop_1', 'crop_2']
    """
    return numbered_names(PurePath(source).stem or source for source in sources)


def qualified_names(owners: Sequence[str], groups: Sequence[Sequence[str]]) -> list[str]:
    """The names of all groups; one that occurs again is `OWNER.NAME`, numbered where that is another's.

    >>> qualified_names(["a", "b"], [["x", "y"], ["x", "b.x"]])
    ['a.x', 'y', 'b.x_2', 'b.x']
    """
    counts = Counter(name for names in groups for name in names)
    taken = {name for name, count in counts.items() if count == 1}
    found = []
    for owner, names in zip(owners, groups, strict=True):
        for name in names:
            made = name if counts[name] == 1 else free_name(f"{owner}.{name}", taken)
            taken.add(made)
            found.append(made)
    return found


def _distinct(names: list[str], counts: Counter[str], *, is_first_kept: bool) -> list[str]:
    taken, begun = set(counts), set[str]()
    # Where the search for a free number goes on: names by the thousand may be alike.
    numbers: dict[str, int] = {}
    found = []
    for name in names:
        is_kept = counts[name] == 1 or (is_first_kept and name not in begun)
        begun.add(name)
        made, number = name, numbers.get(name, 1)
        if not is_kept:
            # AutoGraph, which reads this where adapters name what a dataset gives, knows no assignment expressions.
            made = f"{name}_{number}"
            while made in taken:
                number += 1
                made = f"{name}_{number}"
        numbers[name] = number
        taken.add(made)
        found.append(made)
    return found


# Names of files end at 255 bytes; the rest is for a number or a name behind it.
_LONGEST_FILE_NAME = 120


def file_name(text: str, allowed: str) -> str:
    r"""The text as part of the name of a file: what is not allowed becomes `_`, with a digest of the whole behind it.

    >>> file_name("plain", r"\w"), file_name("a b", r"\w")
    ('plain', 'a_b-c8687a08')
    """
    safe = re.sub(rf"[^{allowed}]" if allowed else r"(?s).", "_", text)[:_LONGEST_FILE_NAME]
    if safe == text:
        return safe
    import hashlib

    return f"{safe}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
