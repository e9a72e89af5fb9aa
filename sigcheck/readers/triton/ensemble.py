"""An ensemble: models of one repository that pass tensors on by name, each held against who gives and who takes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sigcheck.encodings.message import Message
from sigcheck.encodings.source import Source
from sigcheck.readers.against_model import differs
from sigcheck.readers.named_entry import entry
from sigcheck.readers.triton.config import Tensor, read_config, read_inputs, read_outputs
from sigcheck.readers.triton.difference import RULE, Beside
from sigcheck.schema.errors import SourceError
from sigcheck.schema.finding import Finding
from sigcheck.schema.signature import Endpoint, Note

# Steps of a real ensemble are a handful; each is a file to read.
_MOST_STEPS = 200


class _Step(NamedTuple):
    """A step: the tensor of the ensemble behind each of the model's own, and what the model takes and gives."""

    name: str
    takes: Mapping[str, str]
    gives: Mapping[str, str]
    inputs: Mapping[str, Endpoint] | None
    outputs: Mapping[str, Endpoint] | None


def compare(repository: Source | None, config: Message, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> Beside:
    """The steps of an ensemble against the configurations of their models, which stand beside it."""
    written = config["ensemble_scheduling"].get("step", ())
    if len(written) > _MOST_STEPS:
        raise ValueError(f"{len(written)} steps, more than {_MOST_STEPS}")
    notes: list[Note] = []
    steps = [_read(repository, one, notes) for one in written]
    # A step may stand before the one that gives what it takes.
    given: dict[str, Endpoint | None] = {one.end.name: one.end for one in inputs}
    for step in steps:
        given |= {name: (step.outputs or {}).get(own) for own, name in step.gives.items()}
    findings = [found for step in steps for found in _of_step(step, given)]
    for one in outputs:
        findings += _passed(one.end.name, given, one.end, "the ensemble gives it")
    return Beside(tuple(findings), tuple(notes))


def _read(repository: Source | None, written: Message, notes: list[Note]) -> _Step:
    name = written.get("model_name", "")
    takes, gives = written.get("input_map", {}), written.get("output_map", {})
    try:
        folder = None if repository is None else entry(repository, name)
        if folder is None:
            notes.append(Note(place=name, message="a model of the ensemble that does not lie beside it: not compared"))
            return _Step(name, takes, gives, None, None)
        config = read_config(folder)
        ends = [{one.end.name: one.end for one in read(config)} for read in (read_inputs, read_outputs)]
        return _Step(name, takes, gives, ends[0], ends[1])
    except (SourceError, ValueError, LookupError) as error:
        notes.append(Note(place=name, message=f"a model of the ensemble that is not compared: {error}"))
        return _Step(name, takes, gives, None, None)


def _of_step(step: _Step, given: Mapping[str, Endpoint | None]) -> Iterator[Finding]:
    for own, name in step.takes.items():
        end = None if step.inputs is None else step.inputs.get(own)
        if end is None and step.inputs is not None:
            yield _finding(name, f"goes into {step.name} as {own}, which has no input of this name")
        yield from _passed(name, given, end, f"{step.name} takes it as {own}")
    for own, name in step.gives.items():
        if step.outputs is not None and own not in step.outputs:
            yield _finding(name, f"comes out of {step.name} as {own}, which has no output of this name")
    for own, end in (step.inputs or {}).items():
        if own not in step.takes and not end.optional:
            yield _finding(own, f"{step.name} takes {end}, and the ensemble feeds nothing to it")


def _passed(name: str, given: Mapping[str, Endpoint | None], taken: Endpoint | None, how: str) -> Iterator[Finding]:
    """Yields where a tensor is not what it is taken for; sizes that one side leaves open are looked at when it runs."""
    if name not in given:
        yield _finding(name, f"{how}, and no step gives it")
    source = given.get(name)
    if source is not None and taken is not None and differs(source.spec, taken.spec, is_input=False) is not None:
        yield _finding(name, f"{source.spec} goes on, {how} with {taken.spec}")


def _finding(place: str, message: str) -> Finding:
    return Finding(rule=RULE, level="error", place=place, message=message, help="correct the steps of the ensemble")
