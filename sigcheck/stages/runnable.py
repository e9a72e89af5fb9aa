"""Runnable: the models of a check as files that are run, by those who ask for it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sigcheck.encodings.files import LocalFiles
from sigcheck.readers.loaded.program import find_program
from sigcheck.schema.errors import UsageError
from sigcheck.schema.facts import NO_FACTS
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Signature
from sigcheck.sizes.feed import stated_of
from sigcheck.stages.draft import Draft
from sigcheck.stages.read_source import ReadSource
from sigcheck.verification.job import RUNNABLE, Models, RunnableModel
from sigcheck.verification.model_inputs import SIZES
from sigcheck.verification.taken_sizes import Shapes, taken_shapes


def models_of(draft: Draft) -> Models | None:
    """The models of a draft, to be run; None where it was drafted of signatures alone.

    Raises UsageError where one of them cannot be run.
    """
    if draft.giver is None or draft.taker is None:
        return None
    taken = {one.name for one in draft.taken}
    # What the check calls an input that it may take.
    called = {one.tensor: one.name for one in draft.giver.passed if one.name in taken}
    lifted = draft.rows if draft.rows is not None and draft.rows.called == "producer" else None
    if lifted is not None and len(draft.giver.sources) > 1:
        problem = "given with map of several producers, expected one to put a batch in front of"
        raise UsageError("run_models", f"{problem}. Leave out one of the two: fuse, and run what was written.")
    cases = _shapes(draft, draft.giver.signature) if lifted is None else _lifted_shapes(lifted, draft)
    producers, near = [], set()
    for source, inputs, outputs in draft.giver.each():
        passes = {own: called[name] for name, own in inputs.items() if name in called}
        near |= set(passes.values())
        shapes = tuple({inputs[name]: shape for name, shape in case.items() if name in inputs} for case in cases)
        model = _fed_as_declared(runnable_of(source), draft, inputs)
        producers.append(model.model_copy(update={"names": outputs, "shapes": shapes, "passes": passes}))
    beside = tuple(one.endpoint for one in draft.taken if one.name not in near)
    initial = {one.input: one.initial for one in draft.states[1]}
    taker = runnable_of(draft.taker).model_copy(update={"initial": initial})
    return Models(producers=tuple(producers), consumer=taker, beside=beside, lifted=lifted)


def _lifted_shapes(lifted: RowCall, draft: Draft) -> tuple[Shapes, ...]:
    """Shapes to run a producer on that has a batch in front of its own: as many entries as the consumer says."""
    wanted = {
        shape[1]
        for one in draft.inputs
        if len(shape := one.spec.shape or ()) > 1 and shape[0] is None and shape[1] is not None
    }
    if len(wanted) != 1:
        return ()
    (count,) = wanted
    told = {one.name: (None, count, *(one.spec.shape or ())[2:]) for one in lifted.over}
    return tuple(dict(told) for _ in SIZES)


def _fed_as_declared(model: RunnableModel, draft: Draft, inputs: Mapping[str, str]) -> RunnableModel:
    """The model with what was declared of its inputs, which are called otherwise in a check of several producers."""
    told = {inputs[one.name]: one.spec for one in draft.feeds if one.name in inputs}
    fed = (
        one.model_copy(update={"spec": told[one.name]})
        if one.name in told and told[one.name].replace(facts=NO_FACTS) == one.spec.replace(facts=NO_FACTS)
        else one
        for one in model.signature.inputs
    )
    return model.model_copy(update={"signature": model.signature.model_copy(update={"inputs": tuple(fed)})})


def _shapes(draft: Draft, given: Signature) -> tuple[Shapes, ...]:
    """The shapes of the inputs of the producers to run them on, so that what they feed takes what they give."""
    if not any(one.sizes for one in (*draft.inputs, *draft.outputs, *draft.feeds)):
        return ()
    judged = draft.judged_alone
    demands = [one.follows for one in (*judged.asserted, *judged.undecided) if one.follows is not None]
    return taken_shapes(given.inputs, [*stated_of(given.constraints), *demands], SIZES)


def runnable_of(read: ReadSource) -> RunnableModel:
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
        program=None if read.loading is None else find_program(read.loading),
    )
