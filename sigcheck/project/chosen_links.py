"""Chosen links: of all that models could feed each other, what a person would write down first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

# Models of like specs all fit each other: of every pair nobody finds the ones that are meant.
MOST_OF_A_MODEL = 3


@dataclass(frozen=True)
class Proposal:
    """A link between two models by name.

    `steps` are those of its adapter, `named` the inputs fed by their own name, `near` the folders that both lie in.
    """

    producer: str
    consumer: str
    steps: str = ""
    named: int = 0
    near: int = 0

    def __str__(self) -> str:
        return f"{self.producer} -> {self.consumer}"


@dataclass(frozen=True)
class Choice:
    """The links that are chosen, first those of the models that come first, and why each other one is not."""

    chosen: tuple[Proposal, ...]
    left_out: tuple[tuple[Proposal, str], ...]


def choose_links(proposals: Sequence[Proposal]) -> Choice:
    """At most MOST_OF_A_MODEL links of each model, none of which closes a cycle.

    What fits comes before what needs an adapter, what feeds inputs by their names before what does not, and then what
    lies together.

    >>> found = choose_links([Proposal("a", "b"), Proposal("b", "a"), Proposal("b", "c")])
    >>> [str(one) for one in found.chosen], [f"{one}: {why}" for one, why in found.left_out]
    (['a -> b', 'b -> c'], ['b -> a: it would close a cycle'])
    """
    fed: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    chosen: list[Proposal] = []
    left_out: list[tuple[Proposal, str]] = []
    for one in sorted(proposals, key=lambda one: (bool(one.steps), -one.named, -one.near)):
        ends = (one.producer, one.consumer)
        full = [name for name in ends if counts.get(name, 0) == MOST_OF_A_MODEL]
        if _reaches(fed, one.consumer, one.producer):
            left_out.append((one, "it would close a cycle"))
        elif full:
            left_out.append((one, f"{' and '.join(full)} would have more than {MOST_OF_A_MODEL} links"))
        else:
            chosen.append(one)
            fed.setdefault(one.producer, set()).add(one.consumer)
            for name in ends:
                counts[name] = counts.get(name, 0) + 1
    order = _positions(chosen)
    chosen.sort(key=lambda one: (order[one.producer], order[one.consumer]))
    return Choice(tuple(chosen), tuple(left_out))


def _reaches(fed: Mapping[str, Iterable[str]], start: str, end: str) -> bool:
    """Whether values of one model come to another, however many models lie between."""
    waiting, seen = [start], {start}
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        ahead = [one for one in fed.get(name, ()) if one not in seen]
        seen.update(ahead)
        waiting += ahead
    return False


def _positions(links: Iterable[Proposal]) -> Mapping[str, int]:
    """Where each model stands when every one stands behind those that feed it."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for one in links:
        sorter.add(one.producer)
        sorter.add(one.consumer, one.producer)
    return {name: at for at, name in enumerate(sorter.static_order())}
