"""Ragged row call: the lines that call a consumer over rows of several sizes, and what it gives as ragged tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from string import Template

from sigcheck.schema.tensor_spec import TensorSpec

# Filled in at once: a name of a model may look like a place to fill in, too.
_FUNCTION = Template('''

def call_rows(model, outputs, results=RESULTS):
    """What the model gives for each row of the outputs, as one batch, ragged where rows may be of several sizes.

    The model takes its inputs by their names and gives its outputs by theirs, as a signature of a SavedModel does.
    """
    rows = {name: outputs[name] for name in $taken}

    def as_row(value, spec):
        # A size behind the first one may only differ from row to row where a row is ragged itself.
        is_apart = isinstance(value, tf.Tensor) and isinstance(spec, tf.RaggedTensorSpec) and spec.ragged_rank
        return tf.RaggedTensor.from_tensor(value, ragged_rank=spec.ragged_rank) if is_apart else value

    def call(row):
        given = model(**adapt(row))
        return {name: as_row(given[name], spec) for name, spec in results.items()}

    def called():
        return tf.nest.flatten(tf.map_fn(call, rows, fn_output_signature=results), expand_composites=True)

    def no_rows(spec):
        # No row says how large these are: a size that is not known is 0.
        sizes = [size or 0 for size in spec.shape]
        if not isinstance(spec, tf.RaggedTensorSpec):
            return tf.zeros([0, *sizes], spec.dtype)
        splits = [tf.zeros([1], spec.row_splits_dtype)] * (spec.ragged_rank + 1)
        return tf.RaggedTensor.from_nested_row_splits(tf.zeros([0, *sizes[spec.ragged_rank + 1 :]], spec.dtype), splits)

    def nothing():
        return tf.nest.flatten({name: no_rows(spec) for name, spec in results.items()}, expand_composites=True)

    def as_batch(spec):
        if not isinstance(spec, tf.RaggedTensorSpec):
            return tf.TensorSpec([None, *spec.shape], spec.dtype)
        return tf.RaggedTensorSpec(
            [None, *spec.shape], spec.dtype, ragged_rank=spec.ragged_rank + 1, row_splits_dtype=spec.row_splits_dtype
        )

    count = $count
${checks}    flat = called() if rows[$first].shape[0] else tf.cond(count > 0, called, nothing)
    batches = {name: as_batch(spec) for name, spec in results.items()}
    return tf.nest.pack_sequence_as(batches, flat, expand_composites=True)
''')
_CHECK = Template("""    tf.debugging.Assert(tf.equal($count, count), ["outputs of different numbers of rows"])
""")


def ragged_row_call(taken: Mapping[str, TensorSpec], literal: Callable[[str], str]) -> Sequence[str]:
    """The lines of `call_rows`; `taken` are the outputs that the adapter takes, whole."""
    names = list(map(literal, taken))
    counts = [_count(name, spec) for name, spec in zip(names, taken.values(), strict=True)]
    checks = "".join(_CHECK.substitute(count=count) for count in counts[1:])
    parts = {"taken": f"[{', '.join(names)}]", "first": names[0], "count": counts[0], "checks": checks}
    return _FUNCTION.substitute(parts).split("\n")


def _count(name: str, spec: TensorSpec) -> str:
    return f"rows[{name}].nrows(out_type=tf.int32)" if spec.kind == "ragged" else f"tf.shape(rows[{name}])[0]"
