"""Fused: several models and the adapters between them as one module. Imports TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sigcheck.adapters.module import load_adapt, type_spec
from sigcheck.adapters.request import Link
from sigcheck.adapters.stage import LoadedStage
from sigcheck.schema.errors import SourceError
from sigcheck.schema.report import Binding


def fuse_stages(stages: Sequence[LoadedStage], links: Sequence[Link], kept: Sequence[tuple[int, str]]) -> Any:
    """A `tf.Module` whose `serve` is the function to save: the first stage's arguments, the last one's outputs.

    Of earlier stages it gives the outputs that `kept` names, as (stage, name). It tracks every stage, and
    with it variables, tables and assets. Raises SourceError where a stage gives something else
    than its signature says.
    """
    import tensorflow as tf

    adapters = [load_adapt(link.source) for link in links]

    def serve(**arguments: Any) -> dict[str, Any]:
        fed = [stages[0].whole(arguments)]
        results = [stages[0].call_parts(arguments)]
        for stage, link, adapt in zip(stages[1:], links, adapters, strict=True):
            sides = {"inputs": fed, "outputs": results}
            passed = {one.name: sides[one.end][one.model][one.tensor] for one in link.passed}
            provided = _as_declared(stages[len(results) - 1], results[-1] | passed, link.bindings)
            fed.append(adapt(provided))
            results.append(stage.call(fed[-1]))
        return results[-1] | {name: results[at][name] for at, name in kept}

    module = tf.Module(name="fused")
    module.stages = [stage.holder for stage in stages]
    module.serve = tf.function(serve, autograph=False).get_concrete_function(**stages[0].input_specs())
    return module


def _as_declared(stage: LoadedStage, outputs: Mapping[str, Any], bindings: Sequence[Binding]) -> dict[str, Any]:
    """The outputs that are used, each as its signature says; a size that is not known before is checked in the run."""
    import tensorflow as tf

    checked = {}
    for source in (source for binding in bindings for source in binding.sources):
        name, spec = source.name, source.spec
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
