"""Read: what stands on each side of a check: one source, or several that feed one consumer."""

from __future__ import annotations

from sigcheck.readers import is_recognized
from sigcheck.schema.arguments import require_flag
from sigcheck.schema.errors import UsageError
from sigcheck.schema.loading import Load
from sigcheck.stages.join import join_producers
from sigcheck.stages.pair import Pair
from sigcheck.stages.read_source import ReadSource, read_source


def read_pair(producer: object, consumer: object, *, load: Load = False, infer: bool = False) -> Pair:
    """Both sides, with `infer` with what the graphs in their files show. Raises as `read_source` does."""
    require_flag("infer", infer)
    producers = read_producers(producer, load=load)
    # Both are read before a graph is looked at: what cannot be read is told at once.
    taker = read_source(consumer, load=load).meant("inputs")
    giver = join_producers(producers, infer=infer)
    taken = (taker.shown if infer else taker).signature
    return Pair(
        producer=giver.side,
        consumer=taker.side,
        outputs=giver.signature.outputs,
        inputs=taken.inputs,
        constraints=taken.constraints,
        unfollowed=taken.unfollowed,
        feeds=giver.signature.inputs,
        given=giver.signature.constraints,
        giver=giver,
        taker=taker,
        passed=giver.passed,
        results=taken.outputs,
    )


def read_producers(source: object, *, load: Load = False) -> tuple[ReadSource, ...]:
    """The producers of one side: a list or tuple names several. Raises as `read_source` does."""
    # A list of tensor specs is one producer.
    if not isinstance(source, list | tuple) or is_recognized(source):
        return (read_source(source, load=load).meant("outputs"),)
    if not source:
        raise UsageError("producer", "an empty list, expected at least one source. Name one.")
    return tuple(read_source(one, load=load).meant("outputs") for one in source)
