"""Fused: several models and the adapters between them as one module. Imports TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sigcheck.adapters.emitted import load_row_call
from sigcheck.adapters.module import check_argument_names, load_adapt, type_spec
from sigcheck.adapters.request import KeptState, Link
from sigcheck.adapters.row_stages import merged_specs, require_results
from sigcheck.adapters.stage import LoadedStage
from sigcheck.readers.loaded.merged import call_merged
from sigcheck.schema.errors import SourceError


def fuse_stages(
    stages: Sequence[LoadedStage],
    links: Sequence[Link],
    kept: Sequence[tuple[int, str]],
    states: Sequence[KeptState] = (),
) -> Any:
    """A `tf.Module` whose `serve` is the function to save: the first stage's arguments, the last one's outputs.

    Of earlier stages it gives the outputs that `kept` names, as (stage, name). What the `states` of stages were in the
    call before it takes besides, and what they are in this one it gives; `initial_state` gives what the first call
    takes. It tracks every stage, and with it variables, tables and assets. Raises SourceError where a stage gives
    something else than its signature says.
    """
    import tensorflow as tf

    calls = [
        _call(stage, link, [one for one in states if one.stage == at])
        for at, (stage, link) in enumerate(zip(stages[1:], links, strict=True), start=1)
    ]
    # What the first stage takes is among its arguments.
    beside = {one.input: type_spec(one.spec, one.input) for one in states if one.stage}
    check_argument_names(beside)
    first = links[0].rows if links and links[0].rows is not None and links[0].rows.called == "producer" else None

    def serve(**given_arguments: Any) -> dict[str, Any]:
        arguments = {name: value for name, value in given_arguments.items() if name not in beside}
        fed = [stages[0].whole(arguments) if first is None else arguments]
        results = [stages[0].call_parts(arguments) if first is None else call_merged(stages[0].call, first, arguments)]
        for link, call in zip(links, calls, strict=True):
            sides = {"inputs": fed, "outputs": results}
            passed = {one.name: sides[one.end][one.model][one.tensor] for one in link.passed}
            provided = _as_declared(stages[len(results) - 1], results[-1] | passed, link)
            taken, given = call(provided, given_arguments)
            fed.append(taken)
            results.append(given)
        carried = {one.output: _as_taken(stages[one.stage], results[one.stage], one) for one in states}
        return results[-1] | {name: results[at][name] for at, name in kept} | carried

    module = tf.Module(name="fused")
    module.stages = [stage.holder for stage in stages]
    module.serve = tf.function(serve, autograph=False).get_concrete_function(
        **(stages[0].input_specs() if first is None else merged_specs(first)), **beside
    )
    if states:
        module.initial_state = _initial_state(states)
    return module


def _initial_state(states: Sequence[KeptState]) -> Any:
    """The function that gives what the first call is fed; it takes the batch where a state has one of any size."""
    import tensorflow as tf

    def initial_state(batch_size: Any = None) -> dict[str, Any]:
        values = {}
        for one in states:
            sizes = [batch_size if size is None else size for size in one.spec.shape or ()]
            values[one.input] = tf.fill(sizes, tf.constant(one.state.initial, one.spec.dtype))
            values[one.input].set_shape(one.spec.shape)
        return values

    is_open = any(None in (one.spec.shape or ()) for one in states)
    taken = {"batch_size": tf.TensorSpec([], tf.int32, "batch_size")} if is_open else {}
    return tf.function(initial_state, autograph=False).get_concrete_function(**taken)


def _as_taken(stage: LoadedStage, given: Mapping[str, Any], state: KeptState) -> Any:
    """A state as the next call takes it. Raises SourceError where that is not what the stage gives."""
    import tensorflow as tf

    name, expected = state.state.output, type_spec(state.spec, state.input)
    if name not in given or not tf.type_spec_from_value(given[name]).is_compatible_with(expected):
        found = tf.type_spec_from_value(given[name]) if name in given else "nothing"
        problem = f"gives {found} as {name} when it is run, expected {state.spec} for the next call. Export it again."
        raise SourceError(stage.stage.place, problem)
    return given[name]


# What a stage takes and gives for what its link is given and the arguments of all; for each row of it, it only gives.
_Call = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[dict[str, Any], dict[str, Any]]]


def _call(stage: LoadedStage, link: Link, states: Sequence[KeptState]) -> _Call:
    import tensorflow as tf

    if link.rows is None or link.rows.called != "consumer":
        adapt = load_adapt(link.source)

        def call(provided: Mapping[str, Any], arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
            taken = adapt(dict(provided)) | {one.state.input: arguments[one.input] for one in states}
            return taken, stage.call(taken)

        return call
    require_results(stage, link.rows)
    call_rows = tf.autograph.experimental.do_not_convert(load_row_call(link.source))
    return lambda provided, _: ({}, call_rows(lambda **inputs: stage.call(inputs), provided))


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
