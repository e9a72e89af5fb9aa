"""TensorFlow as the judge: what it says of a spec, and of a plan carried out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import tensorflow as tf

from sigcheck.adapters.python_source import write_python
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding, Side, Verification
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.verification.job import Job
from sigcheck.verification.prove import prove
from sigcheck.verification.tensorflow_runner import TensorFlowRunner
from sigcheck.verification.tensors import type_spec

SIDE = Side(source="model", reader="signature", key="default")


def is_subtype(provided: TensorSpec, required: TensorSpec) -> bool:
    """TensorFlow's own relation between the two specs."""
    return type_spec(provided).is_subtype_of(type_spec(required))


def adapter_source(provided: TensorSpec, required: TensorSpec, plan: Plan) -> str:
    """The emitted adapter of one binding, from `a` to `x`."""
    return write_python(SIDE, SIDE, [_binding(provided, required, plan)])


def trace(provided: TensorSpec, source: str) -> tf.TypeSpec:
    """What the adapter gives when it is traced with the provided spec. Raises what TensorFlow raises.

    In a graph of its own, which goes with it: functions stay in memory, of which a law makes tens of thousands.
    """
    module: dict = {}
    exec(compile(source, "<adapter>", "exec"), module)
    given = type_spec(provided)
    with tf.Graph().as_default():
        if provided.kind == "sparse":
            # Its parts alone would not say of what shape it is.
            value = tf.compat.v1.sparse_placeholder(given.dtype, given.shape)
        else:
            parts = tf.nest.flatten(given, expand_composites=True)
            values = [tf.compat.v1.placeholder(one.dtype, one.shape) for one in parts]
            value = tf.nest.pack_sequence_as(given, values, expand_composites=True)
        return tf.type_spec_from_value(module["adapt"]({"a": value})["x"])


def execute(provided: TensorSpec, required: TensorSpec, plan: Plan) -> Verification:
    """The proof of the adapter by execution on generated tensors, in this process."""
    job = Job(
        source=adapter_source(provided, required, plan),
        provided=(Endpoint(name="a", spec=provided),),
        required=(Endpoint(name="x", spec=required),),
        bindings=(_binding(provided, required, plan),),
    )
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        # The proof writes the adapter to the working directory; a path of its own for each.
        os.chdir(folder)
        try:
            return prove(job, "executed", BY_NAME, TensorFlowRunner())
        finally:
            os.chdir(before)


def _binding(provided: TensorSpec, required: TensorSpec, plan: Plan) -> Binding:
    return Binding(
        provided="a", required="x", verdict=plan.verdict, provided_spec=provided, required_spec=required, plan=plan
    )
