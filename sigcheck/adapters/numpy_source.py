"""NumPy source: the plans of a pair as one function for clients that do not have TensorFlow.

It is the TensorFlow code with each call said in NumPy. Rows of varying length come as nested
lists, as a JSON client has them; they must be made dense before they are given on.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sigcheck.adapters.numpy_calls import UntranslatableError, numpy_name, translate
from sigcheck.adapters.numpy_in_place import Held, write_in_place
from sigcheck.adapters.numpy_support import written
from sigcheck.adapters.pieces import Piece, pieces
from sigcheck.adapters.python_source import Variables, literal, part_variables, write_docstring
from sigcheck.adapters.size_checks import size_checks
from sigcheck.adapters.temporaries import name_temporaries
from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.errors import UsageError
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding, Side
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.filling import filler_literal
from sigcheck.transforms.parts.forms import NumpyCall, numpy_calls
from sigcheck.transforms.parts.transform import Code

_TAKEN = frozenset({"np", "outputs", "adapt", "tuple"})
_COMPLEX = frozenset({"complex64", "complex128"})
_INDENT = "    "
# What ends the name of where the rows of a variable begin and end.
_SPLITS = "splits"


def write_numpy(producer: Side, consumer: Side, bindings: Sequence[Binding]) -> str:
    """The module that turns the producer's outputs into the consumer's inputs, importing NumPy only.

    Each binding must have a plan. Values are taken as arrays or (nested) lists of the provided
    dtypes. Raises UsageError where NumPy has no word for a kind, a dtype or a step.
    """
    body: list[str] = []
    results: list[str] = []
    variables = Variables.of(bindings, _TAKEN, beside=(_SPLITS,))
    for binding, variable in variables.named:
        try:
            body += _statements(binding, variable, variables)
        except UntranslatableError as error:
            problem = f"{error}, expected an adapter that NumPy can say. Take another form, such as --as python."
            raise UsageError(binding.required, problem) from None
        results.append(f"{literal(binding.required)}: {variable}")
    made = {binding.required: variable for binding, variable in variables.named}
    body += [line for check in size_checks(bindings, made) for line in translate(Code("None", (check,))).lines]
    body.append(f"return {{{', '.join(results)}}}")
    functions = [
        line for text in written("\n".join(body), _own_functions(bindings)) for line in ("", "", *text.split("\n"))
    ]
    return "\n".join(
        [
            f'"""{write_docstring("Adapter in NumPy", producer, consumer, bindings)}"""',
            "",
            "import numpy as np",
            "",
            "",
            "def adapt(outputs):",
            *(f"{_INDENT}{line}" for line in body),
            *functions,
            "",
        ]
    )


def _own_functions(bindings: Sequence[Binding]) -> dict[str, str]:
    """What the entries that are used bring with them, by name."""
    used = [step.transform for binding in bindings for step in binding.steps]
    entries = [BY_NAME[name] for name in used if name in BY_NAME] + [
        JUNCTIONS[name] for name in used if name in JUNCTIONS
    ]
    return {
        name: text for one in entries for call in numpy_calls(one).values() for name, text in call.functions.items()
    }


def _statements(binding: Binding, variable: str, variables: Variables) -> list[str]:
    lines, spec = _lines(binding, variable, variables)
    if not spec.shape:
        # Arithmetic on an array without axes gives a NumPy scalar.
        lines.append(f"{variable} = np.asarray({variable}, {numpy_name(spec.dtype)})")
    if spec.kind != "dense":
        raise UntranslatableError(f"NumPy has no {spec.kind} arrays, and {spec} is given on")
    return lines


def _lines(binding: Binding, variable: str, variables: Variables) -> tuple[list[str], TensorSpec]:
    """The statements, and the spec of what the variable holds after them."""
    spec = binding.provided_spec
    if binding.junction is None:
        lines = _entry(spec, f"outputs[{literal(binding.provided)}]", variable)
    else:
        parts = part_variables(binding, variable)
        named = zip(binding.parts, parts, strict=True)
        lines = [line for part, own in named for line in _lines(part, own, variables)[0]]
        if spec.kind != "dense":
            raise UntranslatableError(f"NumPy has no {spec.kind} arrays, which {binding.junction} makes")
        kind = JUNCTIONS[binding.junction.transform]
        code = translate(kind.emit(binding.part_specs, binding.junction, parts), own=numpy_calls(kind))
        lines += name_temporaries(code, variable, variables.taken)
    held = Held()
    for piece in pieces(spec, binding.plan.steps if binding.plan is not None else ()):
        code = _piece(piece, variable)
        lines += [f"# {piece.meaning}"] if piece.meaning is not None else []
        statements = name_temporaries(code, variable, variables.taken)
        if code.expression != variable:
            # Without an axis there are scalars, and what statements in front made of the value may share its memory.
            is_free = bool(spec.shape) and bool(piece.result.shape) and not _mentions(code.lines, variable)
            *statements, last = statements
            given = last.removeprefix(f"{variable} = ")
            written, held = write_in_place(given, variable, held) if is_free else ([last], Held())
            statements += written
        lines += statements
        spec = piece.result
    return lines, spec


def _entry(spec: TensorSpec, given: str, variable: str) -> list[str]:
    """The value as an array; rows as flat values and, beside them, where each begins and ends."""
    dtype = numpy_name(spec.dtype)
    if spec.kind == "dense":
        return [f"{variable} = np.asarray({given}, {dtype})"]
    inner = (spec.shape or ())[1 + (spec.ragged_rank or 0) :]
    if spec.kind == "sparse" or spec.shape is None or None in inner:
        raise UntranslatableError(f"NumPy has no arrays for {spec}")
    return [f"{variable}, {_splits(variable)} = _flatten({given}, {spec.ragged_rank}, {list(inner)}, {dtype})"]


def _splits(variable: str) -> str:
    return f"{variable}_{_SPLITS}"


def _piece(piece: Piece, variable: str) -> Code:
    spec, step = piece.spec, piece.steps[-1]
    if spec.kind == piece.result.kind == "ragged":
        # The rows stay as they are: it is the same step on the flat values.
        spec = TensorSpec(dtype=spec.dtype, shape=(None, *(spec.shape or ())[1 + (spec.ragged_rank or 0) :]))
    elif spec.kind == "ragged" and step.transform == "ragged_to_dense":
        return _to_dense(spec, step, variable)
    elif "dense" not in {spec.kind, piece.result.kind} or "sparse" in {spec.kind, piece.result.kind}:
        raise UntranslatableError(f"NumPy has no arrays for the {spec.kind} values of {step}")
    code = piece._replace(spec=spec).emit(_real(spec, step, variable))
    lengths = {f"{variable}.row_lengths": f"np.diff({_splits(variable)}[0])"}
    return translate(code, lengths if spec.kind == "ragged" else {}, _own_calls(piece))


def _mentions(lines: Sequence[str], variable: str) -> bool:
    """Whether statements read the variable."""
    found = ast.walk(ast.parse("\n".join(lines)))
    return any(isinstance(node, ast.Name) and node.id == variable for node in found)


def _own_calls(piece: Piece) -> dict[str, NumpyCall]:
    return {name: call for writer in piece.writers for name, call in numpy_calls(BY_NAME[writer]).items()}


def _real(spec: TensorSpec, step: Step, variable: str) -> str:
    """The value as the step takes it: `astype` warns of an imaginary part that is dropped, tf.cast does not."""
    is_dropped = step.transform == "cast" and spec.dtype in _COMPLEX and step.result.dtype not in _COMPLEX
    return f"{variable}.real" if is_dropped else variable


def _to_dense(spec: TensorSpec, step: Step, variable: str) -> Code:
    sizes = step.arguments["sizes"][1 : 1 + (spec.ragged_rank or 0)]
    value = step.arguments["value"]
    fill = value.encode() if isinstance(value, str) else value
    is_behind = step.arguments["side"] == "post"
    splits = _splits(variable)
    checks = [
        f"_check_rows({splits}, {level}, {size})"
        for level, size in enumerate(sizes)
        if step.arguments.get("check") and size is not None
    ]
    return Code(f"_to_dense({variable}, {splits}, {list(sizes)}, {filler_literal(fill)}, {is_behind})", tuple(checks))
