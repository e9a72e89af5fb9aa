"""Runnable: the models of a check as files that are run, by those who ask for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from sigcheck.encodings.files import LocalFiles
from sigcheck.planning.ends import Ends
from sigcheck.schema.errors import UsageError
from sigcheck.schema.passed import in_scope
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
    passes = _passes(draft, producers)
    told = tuple(
        one.model_copy(update={"shapes": shapes, "passes": own})
        for (one, shapes), own in zip(shaped, passes, strict=True)
    )
    near = {name for own in passes for name in own.values()}
    beside = tuple(one.endpoint for one in draft.taken if one.name not in near)
    return replace(draft, models=Models(producers=told, consumer=_runnable(consumer), beside=beside))


def _passes(draft: Draft, producers: Sequence[ReadSource]) -> list[dict[str, str]]:
    """For each producer its inputs that the adapter takes too, and what the check calls them."""
    taken = {one.name for one in draft.taken}
    joined = join_producers(producers)[1]
    named = {one.tensor: one.name for one in in_scope([("", joined)])}
    inputs = iter(joined.inputs)
    own = [[(end.name, named.get(next(inputs).name)) for end in one.signature.inputs] for one in producers]
    return [{end: name for end, name in ends if name is not None and name in taken} for ends in own]


def _shapes(draft: Draft, producers: Sequence[ReadSource]) -> list[tuple[Shapes, ...]]:
    """For each producer the shapes to run it on, so that what it feeds takes what it gives."""
    if not any(one.sizes for one in (*draft.inputs, *draft.outputs, *draft.feeds)):
        return [()] * len(producers)
    # A link of a pipeline speaks of the sizes of its first model: here it is run alone.
    seen = [one.shown for one in producers]
    joined = join_producers(seen)[1]
    given = [*joined.outputs, *(one.endpoint for one in in_scope([("", joined)]))]
    judged = Ends(given, draft.inputs, draft.constraints, joined.constraints).judge(draft.match)
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
        problem = (
            f"read as {reader}, expected a SavedModel or a Keras file to run. Save it as one, or do not run the models."
        )
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
