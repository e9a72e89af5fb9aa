"""Fused: several models and the adapters between them as one module. Imports TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sigcheck.adapters.emitted import load_row_call
from sigcheck.adapters.merged import call_merged, merged_specs, require_results
from sigcheck.adapters.module import load_adapt, type_spec
from sigcheck.adapters.request import Link
from sigcheck.adapters.stage import LoadedStage
from sigcheck.schema.errors import SourceError


def fuse_stages(stages: Sequence[LoadedStage], links: Sequence[Link], kept: Sequence[tuple[int, str]]) -> Any:
    """A `tf.Module` whose `serve` is the function to save: the first stage's arguments, the last one's outputs.

    Of earlier stages it gives the outputs that `kept` names, as (stage, name). It tracks every stage, and
    with it variables, tables and assets. Raises SourceError where a stage gives something else
    than its signature says.
    """
    import tensorflow as tf

    calls = [_call(stage, link) for stage, link in zip(stages[1:], links, strict=True)]
    first = links[0].rows if links and links[0].rows is not None and links[0].rows.called == "producer" else None

    def serve(**arguments: Any) -> dict[str, Any]:
        fed = [stages[0].whole(arguments) if first is None else arguments]
        results = [stages[0].call_parts(arguments) if first is None else call_merged(stages[0], first, arguments)]
        for link, call in zip(links, calls, strict=True):
            sides = {"inputs": fed, "outputs": results}
            passed = {one.name: sides[one.end][one.model][one.tensor] for one in link.passed}
            taken, given = call(_as_declared(stages[len(results) - 1], results[-1] | passed, link))
            fed.append(taken)
            results.append(given)
        return results[-1] | {name: results[at][name] for at, name in kept}

    module = tf.Module(name="fused")
    module.stages = [stage.holder for stage in stages]
    module.serve = tf.function(serve, autograph=False).get_concrete_function(
        **(stages[0].input_specs() if first is None else merged_specs(first))
    )
    return module


def _call(stage: LoadedStage, link: Link) -> Callable[[Mapping[str, Any]], tuple[dict[str, Any], dict[str, Any]]]:
    """What a stage takes and gives for what the link is given; for each row of it, it only gives."""
    import tensorflow as tf

    if link.rows is None or link.rows.called != "consumer":
        adapt = load_adapt(link.source)

        def call(provided: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
            taken = adapt(dict(provided))
            return taken, stage.call(taken)

        return call
    require_results(stage, link.rows)
    call_rows = tf.autograph.experimental.do_not_convert(load_row_call(link.source))
    return lambda provided: ({}, call_rows(lambda **inputs: stage.call(inputs), provided))


def _as_declared(stage: LoadedStage, outputs: Mapping[str, Any], link: Link) -> dict[str, Any]:
    """The outputs that are used, each as its signature says; a size that is not known before is checked in the run."""
    import tensorflow as tf

    checked = {}
    whole = (
        {} if link.rows is None or link.rows.called == "producer" else {one.name: one.spec for one in link.rows.over}
    )
    for source in (source for binding in link.bindings for source in binding.sources):
        name, spec = source.name, whole.get(source.name, source.spec)
        if name not in outputs:
            problem = f"gives no output {name!r} when it is run, as its signature says. Export it again."
            raise SourceError(stage.stage.place, problem)
        value, declared = outputs[name], type_spec(spec, name)
        found = tf.type_spec_from_value(value)
        if found.is_subtype_of(declared):
            checked[name] = value
        elif spec.kind == "dense" and found.is_compatible_with(declared):
            checked[name] = tf.ensure_shape(value, spec.shape)
        else:
            problem = f"gives {found} as {name} when it is run, expected {spec} as its signature says. Export it again."
            raise SourceError(stage.stage.place, problem)
    return checked
