"""Batch of one: a link whose consumer is called row by row, as two ordinary links around it that take one row.

For what has no loops, as an ensemble of Triton: the row is taken out of its batch in front of the consumer, and what
the consumer gives is put into a batch again. A batch of more rows is refused in the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sigcheck.adapters.python_source import write_python
from sigcheck.adapters.request import Link, Stage
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.report import Binding, Side
from sigcheck.schema.row_call import RowCall, rows_of
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.layout import whole_axes


class Around(NamedTuple):
    """The link in front of the consumer, the one behind it, and what that gives."""

    before: Link
    behind: Link
    results: tuple[Endpoint, ...]


def batch_of_one(link: Link, rows: RowCall, producer: Stage, consumer: Stage) -> Around:
    """The two links. Raises UsageError for a batch of another size, and for outputs that no batch holds."""
    whole = {one.name: one.spec for one in rows.over}
    before = tuple(_of_one_row(binding, whole) for binding in link.bindings)
    behind = tuple(_in_a_batch(one) for one in consumer.signature.outputs)
    giver, taker = (Side(source=one.place, reader="", key=one.signature.key) for one in (producer, consumer))
    return Around(
        Link(source=write_python(giver, taker, before), bindings=before, passed=link.passed),
        Link(source=write_python(taker, giver, behind), bindings=behind),
        tuple(Endpoint(name=one.required, spec=one.required_spec) for one in behind),
    )


def _of_one_row(binding: Binding, whole: Mapping[str, TensorSpec]) -> Binding:
    if binding.junction is not None:
        return binding.model_copy(update={"parts": tuple(_of_one_row(part, whole) for part in binding.parts)})
    spec, row = whole[binding.provided], binding.provided_spec
    if spec.kind != "dense":
        problem = f"{spec}, expected a dense tensor, of which Triton has no other"
        raise UsageError(binding.provided, f"{problem}. Fuse without --triton.")
    size = (spec.shape or (None,))[0]
    if size not in {None, 1}:
        problem = f"{spec}, of which {size} rows are called one by one; expected a batch of one or of any size"
        raise UsageError(binding.provided, f"{problem}. Fuse without --triton.")
    axes = range(1, 1 + len(row.shape or ()))
    taken = Step(
        transform="squeeze",
        arguments={"axis": 0},
        result=row,
        guard="axis 0 has size 1" if size is None else None,
        layout=whole_axes([axis] for axis in axes),
    )
    steps = () if binding.plan is None else binding.plan.steps
    plan = Plan(steps=(taken, *steps))
    return binding.model_copy(update={"provided_spec": spec, "plan": plan, "verdict": plan.verdict})


def _in_a_batch(output: Endpoint) -> Binding:
    spec = rows_of(output.spec, 1)
    if spec is None or spec.kind != "dense":
        problem = f"{output.spec}, expected a dense tensor of known rank to be put into a batch"
        raise UsageError(output.name, f"{problem}. Fuse without --triton.")
    put = Step(
        transform="expand_dims",
        arguments={"axis": 0},
        result=spec,
        layout=whole_axes([[], *([axis] for axis in range(len(output.spec.shape or ())))]),
    )
    return Binding(
        provided=output.name,
        required=output.name,
        verdict="adapts",
        provided_spec=output.spec,
        required_spec=spec,
        plan=Plan(steps=(put,)),
    )
