"""States: what the two models of a check feed to their own next calls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import NamedTuple

from sigcheck.planning.told_states import told_states
from sigcheck.schema.distinct import numbered_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import Bind
from sigcheck.schema.loading import Load
from sigcheck.stages.join import join_producers
from sigcheck.stages.pair import StatesOfLink
from sigcheck.stages.read import read_producers
from sigcheck.stages.read_source import ReadSource, read_source


class Taken(NamedTuple):
    """Both sides as they were read, their states, and what else is bound."""

    producer: tuple[ReadSource, ...]
    consumer: ReadSource
    states: StatesOfLink
    bind: Bind


def take_states(
    producer: object, consumer: object, state: Mapping[str, str], bind: Bind | None, *, load: Load, loop: bool
) -> Taken:
    """The states of both models; constants of `bind` are what they begin with. Raises as `told_states` does."""
    if loop:
        raise UsageError("state", "given with loop, which binds the states of one model. Leave out one of the two.")
    producers = read_producers(producer, load=load)
    taker = read_source(consumer, load=load).meant("inputs")
    joined = join_producers(producers)
    stems = numbered_names(PurePath(one.source).stem or one.source for one in (joined.side, taker.side))
    told = told_states([(stems[0], joined.signature), (stems[1], taker.signature)], state, bind or {})
    return Taken(producers, taker, (told.states[0], told.states[1]), told.bind)
