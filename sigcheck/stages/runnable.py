"""Runnable: the models of a check as files that are run, by those who ask for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from sigcheck.encodings.files import LocalFiles
from sigcheck.encodings.source import Source
from sigcheck.schema.errors import UsageError
from sigcheck.schema.selection import select_signature
from sigcheck.stages.draft import Draft, VerifyLevel
from sigcheck.stages.read import parse_source, read_model
from sigcheck.verification.job import RUNNABLE, Models, RunnableModel


def add_models(
    draft: Draft, producer: object, consumer: object, verify: VerifyLevel | None, *, load: bool = False
) -> Draft:
    """The draft with its models, to be run. Raises UsageError where one cannot be, or where less is asked for."""
    if verify not in {None, "executed"}:
        problem = f"goes beyond the level {verify}, expected executed. Leave out one of the two."
        raise UsageError("run_models", problem)
    names = [endpoint.name for endpoint in draft.outputs]
    models = Models(
        producers=read_runnable(producer, names, load=load), consumer=read_runnable(consumer, [], load=load)[0]
    )
    return replace(draft, models=models)


def read_runnable(source: object, names: Sequence[str], *, load: bool = False) -> tuple[RunnableModel, ...]:
    """The models of one side as files that can be run; `names` are what the check calls their outputs, in order.

    Raises UsageError for what is no file of this machine, or of a format that is not run.
    """
    rest = list(names)
    models = []
    for one in source if isinstance(source, list | tuple) else (source,):
        model = _read_runnable(one, load=load)
        count = len(model.signature.outputs)
        models.append(model.model_copy(update={"names": tuple(rest[:count])}))
        del rest[:count]
    return tuple(models)


def _read_runnable(source: object, *, load: bool) -> RunnableModel:
    if not isinstance(source, str | os.PathLike | Source):
        kind = type(source).__qualname__
        raise UsageError(kind, "an object in memory, expected a file to run. Save it, or do not run the models.")
    # What a file is its reader says; a loaded one is called by what it is once it is loaded.
    reader, model = read_model(source).reader, read_model(source, load=load)
    if reader not in RUNNABLE:
        problem = f"a {reader}, expected a SavedModel or a Keras file to run. Save it as one, or do not run the models."
        raise UsageError(model.source, problem)
    parsed = parse_source(source)
    if not isinstance(parsed.files, LocalFiles):
        raise UsageError(model.source, "a remote model, which is not run from afar. Copy it to this machine.")
    return RunnableModel(
        source=model.source,
        path=os.path.abspath(parsed.path),  # noqa: PTH100  # links stay as they are
        reader=reader,
        signature=select_signature(model),
    )
