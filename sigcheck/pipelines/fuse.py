"""Fusion: a pipeline of models, with the adapters between them, as one SavedModel.

Models are programs. Here, and nowhere else, they are loaded and run, in a process of their own.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sigcheck.adapters import build as building
from sigcheck.adapters.fused_states import fused_states
from sigcheck.adapters.own_files import refuse_foreign
from sigcheck.adapters.placement import MARKER_FOLDER, check_place, mark_folder, placed
from sigcheck.adapters.python_source import write_python
from sigcheck.adapters.request import FusionRequest, KeptState, Link, Request, Stage
from sigcheck.api import check
from sigcheck.encodings.files import LocalFiles
from sigcheck.pipelines.chain import check_chain
from sigcheck.pipelines.feeding import feed_of_links
from sigcheck.planning.names import nearest
from sigcheck.readers.loaded.program import find_program
from sigcheck.schema.arguments import require_path, require_sources, require_texts
from sigcheck.schema.chain import ChainResult
from sigcheck.schema.distinct import model_names
from sigcheck.schema.errors import UsageError
from sigcheck.schema.loading import Load
from sigcheck.schema.passed import Passed, in_scope
from sigcheck.schema.report import CheckResult
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.read_source import ReadSource, read_source

if TYPE_CHECKING:
    from sigcheck.encodings.source import Source

# What can be loaded and saved again, by the reader that knows it.
_FORMS: dict[str, Any] = {
    "saved_model": "saved_model",
    "keras": "keras",
    "keras_h5": "keras",
    # What is loaded to be read.
    "tf_module": "saved_model",
    "keras_model": "keras",
}
_WHY_NOT = {
    "tflite": "a TFLite file, whose operations only the TFLite interpreter runs, expected a SavedModel or a Keras "
    "file. Fuse the model that it was converted from",
}


def fuse(
    sources: Sequence[str | os.PathLike[str]],
    target: str | os.PathLike[str],
    *,
    keep: Sequence[str] = (),
    force: bool = False,
    triton: bool = False,
    timeout: float = DEFAULT_TIMEOUT,
    **options: Any,
) -> ChainResult:
    """Checks a pipeline, each model feeding the next, and writes it as one SavedModel to the folder `target`.

    Its signature `serving_default` takes what the first model takes and gives what the last one
    gives, and the outputs of others that `keep` names. With `triton` a Triton model repository
    is written instead, each part a model of its own. Of states (`state`, as in `check_chain`) it takes
    what they were in the call before and gives what they are, under their names; the signature
    `initial_state` gives what the first call takes. `timeout` is for the proof and for the writing each,
    in seconds; `options` are those of `check`. Where a link does not fit nothing is written: the result
    says why.

    Raises SourceError where a model cannot be read or loaded, and UsageError for one that
    cannot be fused, or whose folder holds a link that leads out of it, for a name that does not
    exist, and where the target cannot be written or is somebody else's (unless `force` is set).
    """
    require_sources("sources", sources)
    require_path("target", target)
    require_texts("keep", keep)
    check_place(Path(target), force=force)
    opened = [_open(source, load=options.get("load", False)) for source in sources]
    stages = tuple(stage for _, stage in opened)
    result = _check([read for read, _ in opened], timeout=timeout, **options)
    kept = _kept(stages, keep)
    if result.exit_code:
        return result
    names = model_names([read.side.source for read, _ in opened])
    models = [(name, stage.signature) for name, stage in zip(names, stages, strict=True)]
    links = tuple(_fused_link(link, in_scope(models[: at + 1])) for at, link in enumerate(result.links))
    states = fused_states(stages, names, result.states, kept)
    with placed(Path(target), force=force) as folder:
        if triton:
            from sigcheck.adapters.triton import plan_repository

            repository = plan_repository(folder, stages, links, kept, states)
            repository.write_configs()
            building.build(repository.requests, timeout)
            mark_folder(folder, _content(result, states))
        else:
            requests: list[Request] = [
                FusionRequest(stages=stages, links=links, kept=kept, states=states, target=str(folder))
            ]
            building.build(requests, timeout)
            mark_folder(folder / MARKER_FOLDER, _content(result, states))
    return result


def _fused_link(link: CheckResult, scope: Sequence[Passed]) -> Link:
    """The adapter of a link, with what it takes of all that was in its scope."""
    taken = {source.name for binding in link.bindings for source in binding.sources}
    return Link(
        source=write_python(link.producer, link.consumer, link.bindings, rows=link.row_by_row),
        bindings=link.bindings,
        rows=link.row_by_row,
        passed=tuple(one for one in scope if one.name in taken),
    )


def _check(sources: Sequence[ReadSource], *, example: Any = None, **options: Any) -> ChainResult:
    """The check of the whole pipeline; of two models as of any pair, an example included."""
    if len(sources) == 2:  # noqa: PLR2004  # a producer and a consumer
        report = check(*sources, example=example, **options)
        return ChainResult(links=(report.result,), feed=feed_of_links([report.draft]))
    if example is not None:
        raise UsageError("example", "given for a chain of links, expected one link. Check the link of it alone.")
    return check_chain(sources, **options)[0]


def _open(source: object, *, load: Load) -> tuple[ReadSource, Stage]:
    """A source that was read, and the stage that it is. Raises UsageError for what cannot be loaded and saved again."""
    if not isinstance(source, str | os.PathLike):
        raise UsageError("fuse", f"a {type(source).__name__}, expected a path. Save it first.")
    read = read_source(source, load=load)
    parsed = cast("Source", read.file)
    model = read.model
    if not isinstance(parsed.files, LocalFiles):
        raise UsageError(parsed.place, "a remote model, which is not loaded from afar. Copy it to this machine.")
    if model.reader not in _FORMS:
        other = f"read as {model.reader}, expected a SavedModel or a Keras file. Export it as one of these"
        raise UsageError(parsed.place, f"{_WHY_NOT.get(model.reader, other)}.")
    path = Path(os.path.realpath(parsed.path))
    if _FORMS[model.reader] == "saved_model":
        path = path if path.is_dir() else path.parent
        refuse_foreign(path)
    stage = Stage(
        place=parsed.place,
        path=str(path),
        form=_FORMS[model.reader],
        signature=read.signature,
        program=None if read.loading is None else find_program(read.loading),
    )
    return read, stage


def _kept(stages: Sequence[Stage], keep: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Where each output that is to be kept comes from. Raises UsageError where that is nowhere, or not clear."""
    last = {endpoint.name for endpoint in stages[-1].signature.outputs} if stages else set()
    places: dict[str, list[int]] = {}
    for at, stage in enumerate(stages[:-1]):
        for endpoint in stage.signature.outputs:
            places.setdefault(endpoint.name, []).append(at)
    kept = []
    for name in dict.fromkeys(keep):
        found = places.get(name, [])
        if not found:
            raise UsageError(f"keep {name}", f"no model before the last gives it; {nearest(name, sorted(places))}")
        if name in last or len(found) > 1:
            raise UsageError(f"keep {name}", "given by several models, expected by one. Rename it in a model.")
        kept.append((found[0], name))
    return tuple(kept)


def _content(result: ChainResult, states: Sequence[KeptState]) -> dict[str, Any]:
    """What the written folder says of itself: the same bytes for the same models, wherever they lie."""
    told: dict[str, Any] = {"schema_version": 1, "written_by": "sigcheck fuse"}
    if result.feed is not None:
        inputs = tuple(one.model_copy(update={"inferred": (), "parts": ()}) for one in result.feed.inputs)
        told["feed"] = result.feed.model_copy(update={"inputs": inputs}).model_dump(mode="json")
    if states:
        told["states"] = [{"output": one.output, "input": one.input, "initial": one.state.initial} for one in states]
    return {**told, "links": [_link(link) for link in result.links]}


def _link(link: CheckResult) -> dict[str, Any]:
    return {
        "producer": link.producer.without_folders,
        "consumer": link.consumer.without_folders,
        "verified": link.verification.level,
        "plans": {
            binding.required: {"from": binding.provided, "steps": [str(step) for step in binding.steps]}
            for binding in link.bindings
            if binding.plan is not None
        },
    }
