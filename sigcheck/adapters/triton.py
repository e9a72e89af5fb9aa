"""Triton: a model repository in which an ensemble runs the models with the adapters between them.

    pipeline/1/                        the ensemble: nothing but its config.pbtxt
    encoder/1/model.savedmodel/        each model, and each adapter, a model of its own
    encoder_to_classifier/1/model.savedmodel/
    classifier/1/model.savedmodel/

Shapes are written whole, with max_batch_size 0: Triton then adds no batch axis of its own, and
what the models say holds. The format is that of model_config.proto (triton-inference-server/common).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sigcheck.adapters.batch_of_one import Around, batch_of_one
from sigcheck.adapters.request import AdapterRequest, ExportRequest, KeptState, Link, Request, Stage
from sigcheck.readers.triton.messages import TYPE_NAMES
from sigcheck.schema.distinct import free_name, numbered_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import SERVING_KEY, Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

ENSEMBLE = "pipeline"
_SAVED_MODEL = "tensorflow_savedmodel"
# Where the TensorFlow backend looks for a SavedModel.
_MODEL = Path("1", "model.savedmodel")


class Repository(NamedTuple):
    """The files of a repository: texts to write, folders to copy, and what TensorFlow has to write."""

    folder: Path
    texts: Mapping[str, str]
    copies: Mapping[str, str]
    requests: tuple[Request, ...]

    def write_configs(self) -> None:
        """Writes all but what TensorFlow has to write. Raises OSError."""
        # An entry, which a report of a model's contract does not need.
        from sigcheck.readers.triton.place import CONFIG

        for name, text in self.texts.items():
            place = self.folder / name
            (place / "1").mkdir(parents=True)
            (place / CONFIG).write_text(text, encoding="utf-8")
        for name, source in self.copies.items():
            shutil.copytree(source, self.folder / name / _MODEL)


class _Part(NamedTuple):
    """One step of the ensemble: for each tensor that the model takes and gives, the tensor of the ensemble."""

    name: str
    inputs: dict[str, str]
    outputs: dict[str, str]


def plan_repository(
    folder: Path,
    stages: Sequence[Stage],
    links: Sequence[Link],
    kept: Sequence[tuple[int, str]] = (),
    states: Sequence[KeptState] = (),
) -> Repository:
    """What a repository of these models consists of; `kept` are outputs of earlier stages that it gives too.

    Clients feed `states` and get them: the server's backend of SavedModels keeps none between two calls
    (triton-inference-server/server, docs/user_guide/implicit_state_management.md).

    Raises UsageError for a tensor that Triton cannot pass from model to model, and for an output that is called as
    an input is.
    """
    around = _around(stages, links)
    if around is not None:
        links = (*links[:-1], around.before)
    names = _model_names(Path(stage.path).stem for stage in stages)
    taken_models, taken_tensors = {*names, ENSEMBLE}, _outer_names(stages, kept, states)
    texts: dict[str, str] = {}
    copies: dict[str, str] = {}
    requests: list[Request] = []
    parts: list[_Part] = []
    feeds = {end.name: end.name for end in stages[0].signature.inputs}
    # The tensors of the ensemble that each model took and gave: later links may take them too.
    sides: dict[str, list[dict[str, str]]] = {"inputs": [], "outputs": []}
    outputs: list[Endpoint] = []
    for at, (name, stage) in enumerate(zip(names, stages, strict=True)):
        signature, own = stage.signature, _given_outside(at, kept, states)
        given = {
            one.name: own[one.name] if one.name in own else _claim(f"{name}.{one.name}", taken_tensors)
            for one in signature.outputs
        }
        feeds = feeds | {one.state.input: one.input for one in states if 0 < one.stage == at}
        used = _used(links, at) if at < len(links) else set(given)
        if at == len(links) and around is None:
            given = {one: one for one in given}
        sides["inputs"].append(feeds)
        sides["outputs"].append(given)
        outputs += [
            one.model_copy(update={"name": given[one.name]})
            for one in signature.outputs
            if one.name in own or given[one.name] == one.name
        ]
        # Triton refuses a tensor of the ensemble that nobody takes.
        parts.append(_Part(name, feeds, {one: to for one, to in given.items() if one in used or one in own}))
        taken = [one for one in signature.inputs if one.name in feeds]
        key = SERVING_KEY if stage.form == "keras" else signature.key
        texts[name] = model_config(name, taken, signature.outputs, key, signature.tags)
        target = str(folder / name / _MODEL)
        if stage.form == "keras":
            requests.append(ExportRequest(stage=stage, target=target))
        else:
            copies[name] = stage.path
        if at < len(links):
            given = given | {one.name: sides[one.end][one.model][one.tensor] for one in links[at].passed}
            feeds = {one.required: given[one.provided] for one in links[at].bindings if one.junction is None}
            if any(one.steps for one in links[at].bindings):
                called = _claim(f"{name}_to_{names[at + 1]}", taken_models)
                adapter = _adapter_part(called, given, links[at], taken_tensors)
                parts.append(adapter)
                feeds = adapter.outputs
                texts[adapter.name] = model_config(adapter.name, *_adapter_ends(links[at]))
                requests.append(_adapter_request(links[at], folder / adapter.name / _MODEL))
    if around is not None:
        called = _claim(f"rows_of_{names[-1]}", taken_models)
        ends = {one.name: one.name for one in around.results}
        parts.append(_Part(called, {end: given[end] for end in ends}, ends))
        outputs += around.results
        texts[called] = model_config(called, *_adapter_ends(around.behind))
        requests.append(_adapter_request(around.behind, folder / called / _MODEL))
    inputs = [*stages[0].signature.inputs, *(Endpoint(name=one.input, spec=one.spec) for one in states if one.stage)]
    texts[ENSEMBLE] = _ensemble_config(ENSEMBLE, inputs, outputs, parts)
    return Repository(folder, texts, copies, tuple(requests))


def _given_outside(at: int, kept: Sequence[tuple[int, str]], states: Sequence[KeptState]) -> dict[str, str]:
    """The outputs of a stage that the ensemble gives, by what it calls them."""
    own = {name: name for index, name in kept if index == at}
    return own | {one.state.output: one.output for one in states if one.stage == at}


def _around(stages: Sequence[Stage], links: Sequence[Link]) -> Around | None:
    """What stands around the last model where it is called row by row: of a batch of one, which needs no loop."""
    for at, link in enumerate(links[:-1]):
        if link.rows is not None and link.rows.called == "consumer":
            problem = "is called row by row in front of another model, which no ensemble does"
            raise UsageError(stages[at + 1].place, f"{problem}. Fuse without --triton.")
    rows = next((link.rows for link in (*links[-1:], *links[:1]) if link.rows is not None), None)
    if rows is None:
        return None
    if rows.called == "producer":
        problem = "is called over a batch in front of its own, which no model of an ensemble splits again"
        raise UsageError(stages[0].place, f"{problem}. Fuse without --triton.")
    return batch_of_one(links[-1], rows, *stages[-2:])


def _adapter_request(link: Link, target: Path) -> AdapterRequest:
    return AdapterRequest(
        form="saved_model",
        source=link.source,
        bindings=link.bindings,
        target=str(target),
        arguments=_arguments(link),
    )


def _used(links: Sequence[Link], at: int) -> set[str]:
    """The outputs of a model that its link takes, or a later one."""
    passed = {one.tensor for link in links for one in link.passed if one.model == at and one.end == "outputs"}
    own = {one.name for one in links[at].passed}
    return passed | {name for name in _sources(links[at]) if name not in own}


def _arguments(link: Link) -> dict[str, str]:
    """Names of arguments for what is passed on from earlier models: those have a dot."""
    taken = set(_sources(link))
    found: dict[str, str] = {}
    for one in link.passed:
        found[one.name] = _claim(re.sub(r"\W", "_", one.name), taken)
    return found


def _model_names(stems: Iterable[str]) -> list[str]:
    """A name for each model that is a name of a folder, and no other's."""
    plain = (re.sub(r"[^\w-]+", "_", stem) or "model" for stem in stems)
    return numbered_names(plain, [ENSEMBLE])


def _claim(name: str, taken: set[str]) -> str:
    """The name, or one like it that is no other's."""
    found = free_name(name, taken)
    taken.add(found)
    return found


def _outer_names(stages: Sequence[Stage], kept: Sequence[tuple[int, str]], states: Sequence[KeptState]) -> set[str]:
    """What the ensemble takes and gives: tensors whose names stay as they are."""
    inputs = {one.name for one in stages[0].signature.inputs} | {one.input for one in states}
    outputs = {*(one.name for one in stages[-1].signature.outputs), *(name for _, name in kept)}
    outputs |= {one.output for one in states}
    for name in sorted(inputs & outputs):
        problem = "an input and an output of the pipeline, of which Triton makes one tensor"
        raise UsageError(name, f"{problem}, expected two names. Rename one in its model, or fuse without --triton.")
    return inputs | outputs


def _adapter_part(name: str, given: Mapping[str, str], link: Link, taken: set[str]) -> _Part:
    return _Part(
        name,
        {_arguments(link).get(name, name): given[name] for name in _sources(link)},
        {binding.required: _claim(f"{name}.{binding.required}", taken) for binding in link.bindings},
    )


def _sources(link: Link) -> dict[str, TensorSpec]:
    """The outputs that a link uses, each once."""
    return {source.name: source.spec for binding in link.bindings for source in binding.sources}


def _adapter_ends(link: Link) -> tuple[list[Endpoint], list[Endpoint]]:
    provided = _sources(link)
    required = {
        binding.required: binding.plan.steps[-1].result
        if binding.plan and binding.plan.steps
        else binding.provided_spec
        for binding in link.bindings
    }
    told = _arguments(link)
    return _endpoints({told.get(name, name): spec for name, spec in provided.items()}), _endpoints(required)


def _endpoints(specs: Mapping[str, TensorSpec]) -> list[Endpoint]:
    return [Endpoint(name=name, spec=spec) for name, spec in specs.items()]


def model_config(
    name: str,
    inputs: Sequence[Endpoint],
    outputs: Sequence[Endpoint],
    key: str = SERVING_KEY,
    tags: Sequence[str] = (),
    *,
    platform: str = _SAVED_MODEL,
) -> str:
    """The `config.pbtxt` of one model. Raises UsageError for a tensor that Triton does not have."""
    lines = _head(name, platform, inputs, outputs)
    parameters = {"TF_SIGNATURE_DEF": key} if platform == _SAVED_MODEL and key != SERVING_KEY else {}
    if tags and tuple(tags) != ("serve",):
        parameters["TF_GRAPH_TAG"] = ",".join(tags)
    for parameter, value in parameters.items():
        lines += [f'parameters {{ key: "{parameter}" value {{ string_value: {_quoted(value)} }} }}']
    return "\n".join([*lines, ""])


def _ensemble_config(name: str, inputs: Sequence[Endpoint], outputs: Sequence[Endpoint], parts: Sequence[_Part]) -> str:
    lines = [*_head(name, "ensemble", inputs, outputs), "ensemble_scheduling {"]
    for part in parts:
        lines += ["  step {", f"    model_name: {_quoted(part.name)}", "    model_version: -1"]
        for field, names in (("input_map", part.inputs), ("output_map", part.outputs)):
            lines += [
                f"    {field} {{ key: {_quoted(own)} value: {_quoted(tensor)} }}" for own, tensor in names.items()
            ]
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def _head(name: str, platform: str, inputs: Sequence[Endpoint], outputs: Sequence[Endpoint]) -> list[str]:
    lines = [f"name: {_quoted(name)}", f'platform: "{platform}"', "max_batch_size: 0"]
    for field, ends in (("input", inputs), ("output", outputs)):
        for end in ends:
            lines += [f"{field} {{", f"  name: {_quoted(end.name)}", *_type_lines(end.name, end.spec), "}"]
    return lines


def _type_lines(name: str, spec: TensorSpec) -> list[str]:
    if spec.kind != "dense" or spec.shape is None or spec.dtype is None or spec.dtype not in TYPE_NAMES:
        problem = f"{spec}, expected a dense tensor of known rank and of a dtype that Triton has"
        raise UsageError(name, f"{problem}. Fuse the models without --triton.")
    lines = [f"  data_type: {TYPE_NAMES[spec.dtype]}"]
    if not spec.shape:
        # Triton has no tensors without axes, but can make one of a tensor of one number.
        return [*lines, "  dims: [ 1 ]", "  reshape { shape: [ ] }"]
    return [*lines, f"  dims: [ {', '.join('-1' if size is None else str(size) for size in spec.shape)} ]"]


def _quoted(text: str) -> str:
    """The text as a string of protobuf's text format."""
    escaped = "".join(
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\' else f"\\{byte:03o}"  # noqa: PLR2004  # printable ASCII
        for byte in text.encode("utf-8", "surrogateescape")
    )
    return f'"{escaped}"'
