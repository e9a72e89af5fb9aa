"""Merged batches: two ordinary links around the first model of a pipeline that is called over a batch before its own.

For what calls each model by itself, as an ensemble of Triton: in front of the model both axes become its batch, and
behind it what it gives is split into them again. How many entries they had is passed by, around the model.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sigcheck.adapters.batch_of_one import Around
from sigcheck.adapters.python_source import literal
from sigcheck.adapters.request import Link, Stage
from sigcheck.schema.distinct import free_name
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec

_HEAD = '''"""{title}"""

import tensorflow as tf


def adapt(outputs):
'''
_MERGED = "What is fed, its two first axes as one batch. Written by sigcheck."
_SPLIT = "What a model gives for one batch, split into the two axes that it was of. Written by sigcheck."
_COUNTS = TensorSpec(dtype="int32", shape=(2,))


def merged_batches(stage: Stage, rows: RowCall, wanted: Collection[str]) -> Around:
    """The link in front of the stage, the one behind it, which splits the wanted outputs, and what that gives."""
    inputs = stage.signature.inputs
    outputs = [one for one in stage.signature.outputs if one.name in wanted]
    counts = free_name("counts", {one.name for one in (*inputs, *outputs)})
    lifted = {one.name: one.spec for one in rows.over}
    split = {one.name: one.spec for one in rows.results}
    first = inputs[0]
    before = [_binding(one.name, lifted[one.name], one.name, one.spec) for one in inputs]
    before.append(_binding(first.name, lifted[first.name], counts, _COUNTS))
    behind = [_joined(one, counts, split[one.name]) for one in outputs]
    return Around(
        Link(source=_merge([one.name for one in inputs], counts), bindings=tuple(before)),
        Link(source=_split([one.name for one in outputs], counts), bindings=tuple(behind)),
        tuple(one for one in rows.results if one.name in wanted),
    )


def _merge(names: Sequence[str], counts: str) -> str:
    lines = [f"counts = tf.shape(outputs[{literal(names[0])}])[:2]"]
    for name in names[1:]:
        same = f"tf.reduce_all(tf.equal(tf.shape(outputs[{literal(name)}])[:2], counts))"
        lines.append(f'tf.debugging.Assert({same}, ["inputs of different batches"])')
    lines.append(f"merged = {{{literal(counts)}: counts}}")
    for name in names:
        value = f"outputs[{literal(name)}]"
        shape = f"tf.concat([[counts[0] * counts[1]], tf.shape({value})[2:]], 0)"
        lines.append(f"merged[{literal(name)}] = tf.reshape({value}, {shape})")
    return _source(_MERGED, [*lines, "return merged"])


def _split(names: Sequence[str], counts: str) -> str:
    values = {literal(name): f"outputs[{literal(name)}]" for name in names}
    parts = (
        f"{name}: tf.reshape({value}, tf.concat([outputs[{literal(counts)}], tf.shape({value})[1:]], 0))"
        for name, value in values.items()
    )
    return _source(_SPLIT, [f"return {{{', '.join(parts)}}}"])


def _source(title: str, lines: Sequence[str]) -> str:
    return _HEAD.replace("{title}", title) + "".join(f"    {line}\n" for line in lines)


def _binding(provided: str, spec: TensorSpec, required: str, result: TensorSpec) -> Binding:
    plan = Plan(steps=(Step(transform="reshape", result=result),))
    return Binding(
        provided=provided, required=required, verdict="adapts", provided_spec=spec, required_spec=result, plan=plan
    )


def _joined(output: Endpoint, counts: str, result: TensorSpec) -> Binding:
    """What is made of an output and the counts."""
    made = _binding(output.name, output.spec, output.name, result)
    parts = (made, _binding(counts, _COUNTS, counts, _COUNTS))
    return made.model_copy(update={"parts": parts, "junction": Step(transform="reshape", result=result)})
