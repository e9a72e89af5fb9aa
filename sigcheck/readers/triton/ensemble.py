"""An ensemble: models of one repository that pass tensors on by name, each held against who gives and who takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.against_model import differs
from sigcheck.readers.named_entry import entry
from sigcheck.readers.triton import flow, version
from sigcheck.readers.triton.completed import read_tensors
from sigcheck.readers.triton.config import Tensor, read_config
from sigcheck.readers.triton.difference import RULE, Beside
from sigcheck.readers.triton.flow import Step
from sigcheck.readers.triton.place import CONFIG
from sigcheck.schema.errors import SourceError
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import Note
from sigcheck.schema.tensor_spec import TensorSpec

_LEFT_OPEN = "what it takes and gives is left to the server, and its model is not read"
# Steps of a real ensemble are a handful; each is a file to read.
_MOST_STEPS = 200
# Ensembles of ensembles of ensembles: people have two of them.
_MOST_DEEP = 20


class _Model(NamedTuple):
    """A model that a step runs, by its own configuration."""

    inputs: Mapping[str, Tensor]
    outputs: Mapping[str, Tensor]
    most: int
    """The largest batch; 0 where it takes no batches."""


class _Repository:
    """The models that lie beside an ensemble: each is read once, and held against its own files."""

    def __init__(self, folder: Source | None, name: str) -> None:
        """Looks into a folder for the ensemble of this name."""
        self.found = Beside()
        self._folder = folder
        self._read: dict[str, _Model | None] = {}
        self._opening = [name]

    def model(self, name: str) -> _Model | None:
        """The model of this name; None, with a note or a finding, where it is not known."""
        if name in self._opening:
            self._add(Beside((_finding(name, f"an ensemble that runs itself: {' > '.join([*self._opening, name])}"),)))
            return None
        if name not in self._read:
            if len(self._opening) > _MOST_DEEP:
                raise ValueError(f"more than {_MOST_DEEP} ensembles inside of each other")
            self._opening.append(name)
            self._read[name] = self._open(name)
            self._opening.pop()
        return self._read[name]

    def _open(self, name: str) -> _Model | None:
        try:
            folder = None if self._folder is None else entry(self._folder, name)
            if folder is None:
                self._note(name, "a model of the ensemble that does not lie beside it: not compared")
                return None
            # A model whose configuration the server makes needs no file of it.
            config = read_config(folder) if folder.has(CONFIG) else {}
            inputs, outputs, notes = read_tensors(folder, config)
            if inputs is None or outputs is None:
                self._note(name, f"a model of the ensemble that is not compared: {_LEFT_OPEN}")
                return None
            found = (
                _beside(self, config, inputs, outputs)
                if "ensemble_scheduling" in config
                else version.compare(folder, config, inputs, outputs)
            )
        except (SourceError, ValueError, LookupError) as error:
            self._note(name, f"a model of the ensemble that is not compared: {error}")
            return None
        self._add(Beside(tuple(_of_step(name, one) for one in found.findings), (*notes, *found.notes)))
        most = config.get("max_batch_size", 0)
        return _Model({one.end.name: one for one in inputs}, {one.end.name: one for one in outputs}, most)

    def _note(self, name: str, message: str) -> None:
        self._add(Beside(notes=(Note(place=name, message=message),)))

    def _add(self, more: Beside) -> None:
        self.found = Beside(self.found.findings + more.findings, self.found.notes + more.notes)


def compare(folder: Source, config: Message, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Beside:
    """The steps of an ensemble against the configurations of their models, which stand beside its folder, and these
    against their files.
    """
    beside = _Repository(folder.folder(), folder.path.name)
    own = _beside(beside, config, inputs, outputs)
    return Beside(own.findings + beside.found.findings, own.notes + beside.found.notes)


def _beside(beside: _Repository, config: Message, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Beside:
    """What is wrong with the ensemble itself."""
    written = config["ensemble_scheduling"].get("step", ())
    if not written:
        raise ValueError("an ensemble without steps")
    if len(written) > _MOST_STEPS:
        raise ValueError(f"{len(written)} steps, more than {_MOST_STEPS}")
    steps = [Step(one.get("model_name", ""), one.get("input_map", {}), one.get("output_map", {})) for one in written]
    models = [beside.model(step.name) for step in steps]
    most = config.get("max_batch_size", 0)
    # A step may stand before the one that gives what it takes.
    given: dict[str, Tensor | None] = {one.end.name: one for one in inputs}
    for step, model in zip(steps, models, strict=True):
        given |= {name: None if model is None else model.outputs.get(own) for own, name in step.gives.items()}
    passing = _Passing(given, is_batched=most > 0)
    findings = [
        found
        for step, model in zip(steps, models, strict=True)
        for found in [*_batch(step, model, most), *passing.step(step, model)]
    ]
    for one in outputs:
        findings += passing.passed(one.end.name, one, "the ensemble gives it")
    fed, made = ([one.end.name for one in side] for side in (inputs, outputs))
    findings += [_finding(place, message) for place, message in flow.problems(steps, fed, made)]
    return Beside(tuple(findings))


class _Passing(NamedTuple):
    """The tensors that steps and the ensemble give, by name, where they are known."""

    given: Mapping[str, Tensor | None]
    is_batched: bool

    def step(self, step: Step, model: _Model | None) -> Iterator[Finding]:
        """Yields what is wrong with the tensors of a step."""
        for own, name in step.takes.items():
            taken = None if model is None else model.inputs.get(own)
            if taken is None and model is not None:
                yield _finding(name, f"goes into {step.name} as {own}, which has no input of this name")
            yield from self.passed(name, taken, f"{step.name} takes it as {own}")
        if model is None:
            return
        for own, name in step.gives.items():
            if own not in model.outputs:
                yield _finding(name, f"comes out of {step.name} as {own}, which has no output of this name")
        for own, one in model.inputs.items():
            if own not in step.takes and not one.end.optional:
                yield _finding(own, f"{step.name} takes {one.end}, and the ensemble feeds nothing to it")

    def passed(self, name: str, taken: Tensor | None, how: str) -> Iterator[Finding]:
        """Yields where a tensor is not what it is taken for; sizes open on one side are looked at when it runs."""
        if name not in self.given:
            yield _finding(name, f"{how}, and no step gives it")
        source = self.given.get(name)
        if source is not None and taken is not None and not self._agree(source, taken):
            yield _finding(name, f"{source.end.spec} goes on, {how} with {taken.end.spec}")

    def _agree(self, source: Tensor, taken: Tensor) -> bool:
        given, wanted = source.end.spec, taken.end.spec
        if not self.is_batched and source.has_batch != taken.has_batch:
            # Of one example the server adds the batch, or takes it off (ensemble_scheduler.cc, ReshapeTensorDims).
            single = (one.end.spec if not one.has_batch else _without_batch(one) for one in (source, taken))
            if differs(*single, is_input=False) is None:
                return True
        return differs(given, wanted, is_input=False) is None


def _without_batch(one: Tensor) -> TensorSpec:
    spec = one.end.spec
    return TensorSpec(dtype=spec.dtype, shape=None if spec.shape is None else spec.shape[1:])


def _batch(step: Step, model: _Model | None, most: int) -> Iterator[Finding]:
    if model is not None and 0 < model.most < most:
        yield _finding(step.name, f"takes batches of at most {model.most}, the ensemble of {most}")


def _of_step(name: str, found: Finding) -> Finding:
    return found.model_copy(update={"message": f"{name}: {found.message}"})


def _finding(place: str, message: str) -> Finding:
    return Finding(rule=RULE, level="error", place=place, message=message, help="correct the steps of the ensemble")
