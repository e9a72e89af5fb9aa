"""Runnable: the models of a check as files that are run, by those who ask for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from sigcheck.encodings.files import LocalFiles
from sigcheck.planning.ends import Ends
from sigcheck.schema.errors import UsageError
from sigcheck.sizes.feed import stated_of
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.join import join_producers
from sigcheck.stages.read_source import ReadSource
from sigcheck.verification.job import RUNNABLE, Models, RunnableModel
from sigcheck.verification.model_inputs import SIZES
from sigcheck.verification.taken_sizes import Shapes, taken_shapes


def add_models(draft: Draft, verify: VerifyLevel | None) -> Draft:
    """The draft with its models, to be run. Raises UsageError where one cannot be, or where less is asked for."""
    if verify not in {None, "executed"}:
        problem = f"goes beyond the level {verify}, expected executed. Leave out one of the two."
        raise UsageError("run_models", problem)
    # What the check calls the outputs of its producers, in order.
    names = iter([endpoint.name for endpoint in draft.outputs])
    *producers, consumer = draft.sources
    run = [_runnable(one, tuple(next(names) for _ in one.signature.outputs)) for one in producers]
    shaped = zip(run, _shapes(draft, producers), strict=True)
    told = tuple(one.model_copy(update={"shapes": shapes}) for one, shapes in shaped)
    return replace(draft, models=Models(producers=told, consumer=_runnable(consumer)))


def _shapes(draft: Draft, producers: Sequence[ReadSource]) -> list[tuple[Shapes, ...]]:
    """For each producer the shapes to run it on, so that what it feeds takes what it gives."""
    if not any(one.sizes for one in (*draft.inputs, *draft.outputs, *draft.feeds)):
        return [()] * len(producers)
    # A link of a pipeline speaks of the sizes of its first model: here it is run alone.
    seen = [one.shown for one in producers]
    joined = join_producers(seen)[1]
    judged = Ends(joined.outputs, draft.inputs, draft.constraints, joined.constraints).judge(draft.match)
    demands = [one.follows for one in (*judged.asserted, *judged.undecided) if one.follows is not None]
    found = taken_shapes(joined.inputs, [*stated_of(joined.constraints), *demands], SIZES)
    inputs, shapes = iter(joined.inputs), []
    for one in seen:
        own = [(endpoint.name, next(inputs).name) for endpoint in one.signature.inputs]
        shapes.append(tuple({name: case[known] for name, known in own if known in case} for case in found))
    return shapes


def _runnable(read: ReadSource, names: tuple[str, ...] = ()) -> RunnableModel:
    """The model as a file that can be run. Raises UsageError for what is none of this machine, or not of a format."""
    place, reader = read.model.source, read.model.reader
    if read.file is None:
        kind = type(read.source).__qualname__
        raise UsageError(kind, "an object in memory, expected a file to run. Save it, or do not run the models.")
    if reader not in RUNNABLE:
        problem = f"a {reader}, expected a SavedModel or a Keras file to run. Save it as one, or do not run the models."
        raise UsageError(place, problem)
    if not isinstance(read.file.files, LocalFiles):
        raise UsageError(place, "a remote model, which is not run from afar. Copy it to this machine.")
    return RunnableModel(
        source=place,
        path=os.path.abspath(read.file.path),  # noqa: PTH100  # links stay as they are
        reader=reader,
        signature=read.signature,
        names=names,
    )
