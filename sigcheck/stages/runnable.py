"""Runnable: the models of a check as files that are run, by those who ask for it."""

from __future__ import annotations

import os
from dataclasses import replace

from sigcheck.encodings.files import LocalFiles
from sigcheck.schema.errors import UsageError
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.read_source import ReadSource
from sigcheck.verification.job import RUNNABLE, Models, RunnableModel


def add_models(draft: Draft, verify: VerifyLevel | None) -> Draft:
    """The draft with its models, to be run. Raises UsageError where one cannot be, or where less is asked for."""
    if verify not in {None, "executed"}:
        problem = f"goes beyond the level {verify}, expected executed. Leave out one of the two."
        raise UsageError("run_models", problem)
    # What the check calls the outputs of its producers, in order.
    names = iter([endpoint.name for endpoint in draft.outputs])
    *producers, consumer = draft.sources
    run = tuple(_runnable(one, tuple(next(names) for _ in one.signature.outputs)) for one in producers)
    return replace(draft, models=Models(producers=run, consumer=_runnable(consumer)))


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
