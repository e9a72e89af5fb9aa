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
from sigcheck.adapters.merged_batches import merged_batches
from sigcheck.adapters.request import AdapterRequest, ExportRequest, KeptState, Link, Request, Stage
from sigcheck.adapters.triton_config import Part, ensemble_config, model_config
from sigcheck.schema.distinct import free_name, numbered_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import SERVING_KEY, Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

ENSEMBLE = "pipeline"
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
    adapters: dict[str, Link] = {}
    parts: list[Part] = []
    lifted = _lifted(stages, links)
    ends = [stage.signature for stage in stages]
    if lifted is not None:
        ends[0] = ends[0].model_copy(update={"inputs": lifted.over, "outputs": lifted.results})
    feeds = {end.name: end.name for end in ends[0].inputs}
    # The tensors of the ensemble that each model took and gave: later links may take them too.
    sides: dict[str, list[dict[str, str]]] = {"inputs": [], "outputs": []}
    outputs: list[Endpoint] = []
    for at, (name, stage, signature) in enumerate(zip(names, stages, ends, strict=True)):
        own = _given_outside(at, kept, states)
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
        parts.append(Part(name, feeds, {one: to for one, to in given.items() if one in used or one in own}))
        if at == 0 and lifted is not None:
            apart = _apart(parts.pop(), stage, lifted, taken_models, taken_tensors)
            parts += apart.parts
            adapters |= apart.adapters
        if at < len(links):
            given = given | {one.name: sides[one.end][one.model][one.tensor] for one in links[at].passed}
            feeds = {one.required: given[one.provided] for one in links[at].bindings if one.junction is None}
            if any(one.steps for one in links[at].bindings):
                called = _claim(f"{name}_to_{names[at + 1]}", taken_models)
                adapter = _adapter_part(called, given, links[at], taken_tensors)
                parts.append(adapter)
                feeds = adapter.outputs
                adapters[called] = links[at]
    if around is not None:
        called = _claim(f"rows_of_{names[-1]}", taken_models)
        names_out = [one.name for one in around.results]
        parts.append(Part(called, {one: given[one] for one in names_out}, {one: one for one in names_out}))
        outputs += around.results
        adapters[called] = around.behind
    inputs = [*ends[0].inputs, *(Endpoint(name=one.input, spec=one.spec) for one in states if one.stage)]
    return _written(folder, dict(zip(names, stages, strict=True)), adapters, parts, (inputs, outputs))


def _written(
    folder: Path,
    models: Mapping[str, Stage],
    adapters: Mapping[str, Link],
    parts: Sequence[Part],
    ends: tuple[Sequence[Endpoint], Sequence[Endpoint]],
) -> Repository:
    """The files of an ensemble of these parts, of models and of adapters, which takes and gives these ends."""
    fed, used = ({part.name: getattr(part, side) for part in parts} for side in ("inputs", "outputs"))
    texts, copies, requests = dict[str, str](), dict[str, str](), list[Request]()
    for name, stage in models.items():
        taken = [one for one in stage.signature.inputs if one.name in fed[name]]
        key = SERVING_KEY if stage.form == "keras" else stage.signature.key
        # What a configuration leaves out the server ignores: tensors that it does not have, where nobody takes them.
        given = [one for one in stage.signature.outputs if one.spec.shape != () or one.name in used[name]]
        texts[name] = model_config(name, taken, given, key, stage.signature.tags)
        if stage.form == "keras":
            requests.append(ExportRequest(stage=stage, target=str(folder / name / _MODEL)))
        else:
            copies[name] = stage.path
    for name, link in adapters.items():
        texts[name] = model_config(name, *_adapter_ends(link))
        requests.append(_adapter_request(link, folder / name / _MODEL))
    texts[ENSEMBLE] = ensemble_config(ENSEMBLE, *ends, parts)
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
    rows = links[-1].rows if links else None
    if rows is None or rows.called == "producer":
        return None
    return batch_of_one(links[-1], rows, *stages[-2:])


def _lifted(stages: Sequence[Stage], links: Sequence[Link]) -> RowCall | None:
    """How the first model is called, where it has a batch in front of its own."""
    rows = links[0].rows if links else None
    return rows if rows is not None and rows.called == "producer" else None


class _Lifted(NamedTuple):
    """What stands in the place of a model with a batch in front of its own, for what the ensemble feeds and takes."""

    parts: tuple[Part, ...]
    adapters: Mapping[str, Link]


def _apart(whole: Part, stage: Stage, rows: RowCall, taken_models: set[str], taken_tensors: set[str]) -> _Lifted:
    """The model with both axes merged in front of it, and split again behind it."""
    around = merged_batches(stage, rows, tuple(whole.outputs))
    names = {one: _claim(f"{one}_of_{whole.name}", taken_models) for one in ("merge", "split")}
    before = _adapter_part(names["merge"], whole.inputs, around.before, taken_tensors)
    fed = {one.name: before.outputs[one.name] for one in stage.signature.inputs if one.name in before.outputs}
    made = {name: _claim(f"{whole.name}.{name}.merged", taken_tensors) for name in whole.outputs}
    sources = {**before.outputs, **made}
    behind = Part(names["split"], {name: sources[name] for name in _sources(around.behind)}, whole.outputs)
    return _Lifted(
        (before, Part(whole.name, fed, made), behind), {names["merge"]: around.before, names["split"]: around.behind}
    )


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


def _adapter_part(name: str, given: Mapping[str, str], link: Link, taken: set[str]) -> Part:
    return Part(
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
