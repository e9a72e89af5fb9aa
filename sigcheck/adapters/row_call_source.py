"""Row call source: a consumer called for each row of what an adapter is given, as TensorFlow code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from string import Template

from sigcheck.adapters.ragged_row_call import ragged_row_call
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.transform import dtype_code

# Filled in at once: a name of a model may look like a place to fill in, too.
_FUNCTION = Template('''

def call_rows(model, outputs, results=RESULTS):
    """What the model gives for each row of the outputs, as one batch; of no rows, no results.

    The model takes its inputs by their names and gives its outputs by theirs, as a signature of a SavedModel does.
    """
    rows = {name: outputs[name] for name in $taken}

    def call(row):
        given = model(**adapt(row))
        return {name: given[name] for name in results}

    def called():
        return tf.map_fn(call, rows, fn_output_signature=results)

    def nothing():
        # No row says how large these are: a size that is not known is 0.
        shapes = {name: [size or 0 for size in spec.shape] for name, spec in results.items()}
        return {name: tf.zeros([0, *shape], results[name].dtype) for name, shape in shapes.items()}

    first = rows[$first]
${checks}    return called() if first.shape[0] else tf.cond(tf.shape(first)[0] > 0, called, nothing)
''')
_CHECK = Template("""    same = tf.equal(tf.shape(rows[$name])[0], tf.shape(first)[0])
    tf.debugging.Assert(same, ["outputs of different numbers of rows"])
""")


def write_row_call(
    rows: RowCall, taken: Sequence[str], fed: Iterable[TensorSpec], literal: Callable[[str], str]
) -> list[str]:
    """The lines behind an adapter of one row that call a model over all; `taken` are the outputs that it takes.

    `fed` are the inputs of the model, and `literal` writes a name as a literal of Python.
    """
    told = [f"    {literal(one.name)}: {row_type(one.spec)}," for one in rows.results]
    whole = {one.name: one.spec for one in rows.over}
    is_dense = all(spec.kind == "dense" for spec in (*whole.values(), *fed, *(one.spec for one in rows.results)))
    return [
        "",
        "# What the model gives for one row.",
        f"RESULTS = {{{'' if told else '}'}",
        *told,
        *(["}"] if told else []),
        *(_row_call(taken, literal) if is_dense else ragged_row_call({name: whole[name] for name in taken}, literal)),
    ]


def row_type(rows: TensorSpec) -> str:
    """TensorFlow's type of one row of a whole tensor, in code: of a ragged one, a row of which sizes may differ."""
    shape, dtype = list((rows.shape or (None,))[1:]), dtype_code(rows.dtype or "")
    if rows.kind == "dense":
        return f"tf.TensorSpec({shape}, {dtype})"
    splits = "" if rows.row_splits_dtype == "int64" else f", row_splits_dtype=tf.{rows.row_splits_dtype}"
    return f"tf.RaggedTensorSpec({shape}, {dtype}, ragged_rank={(rows.ragged_rank or 1) - 1}{splits})"


def _row_call(taken: Sequence[str], literal: Callable[[str], str]) -> list[str]:
    names = list(map(literal, taken))
    checks = "".join(_CHECK.substitute(name=name) for name in names[1:])
    return _FUNCTION.substitute(taken=f"[{', '.join(names)}]", first=names[0], checks=checks).split("\n")
