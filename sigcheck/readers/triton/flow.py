"""Flow: whether the tensors of an ensemble come to the steps that take them, each from one giver, and all are used.

The server refuses an ensemble otherwise (core, model_config_utils.cc, ValidateEnsembleSchedulingConfig).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple


class Step(NamedTuple):
    """A step: the tensor of the ensemble behind each input and output of its model."""

    name: str
    takes: Mapping[str, str]
    gives: Mapping[str, str]


def problems(steps: Sequence[Step], fed: Sequence[str], given: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields tensors, and what is wrong with each; `fed` are the inputs of the ensemble, `given` its outputs.

    What no step gives is not told: that is told where it is taken.

    >>> circle = [Step("a", {"x": "t"}, {"y": "u"}), Step("b", {"x": "u"}, {"y": "t"})]
    >>> list(problems(circle, [], ["u"]))[0]
    ('t', 'a takes it, and it never comes: the steps that make it wait for each other')
    """
    givers: dict[str, str] = dict.fromkeys(fed, "the ensemble")
    for step in steps:
        for name in step.gives.values():
            if name in givers:
                yield name, f"given by {givers[name]} and by {step.name}"
            givers.setdefault(name, step.name)
    waiting = _waiting(steps, fed, givers)
    never = {name for step in waiting for name in step.gives.values()}
    for step in waiting:
        for name in step.takes.values():
            if name in never:
                yield name, f"{step.name} takes it, and it never comes: the steps that make it wait for each other"
    taken = {name for step in steps for name in step.takes.values()}
    for name, giver in givers.items():
        if name not in taken and name not in given:
            yield name, f"given by {giver}, and nothing takes it"


def _waiting(steps: Sequence[Step], fed: Sequence[str], givers: Collection[str]) -> list[Step]:
    """The steps of a circle and those behind it."""
    # What nothing gives stands in no one's way here.
    ready = {*fed, *(name for step in steps for name in step.takes.values() if name not in givers)}
    waiting = list(steps)
    while True:
        running = [ready.issuperset(step.takes.values()) for step in waiting]
        if not any(running):
            return waiting
        ready.update(name for step, runs in zip(waiting, running, strict=True) if runs for name in step.gives.values())
        waiting = [step for step, runs in zip(waiting, running, strict=True) if not runs]
