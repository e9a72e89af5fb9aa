"""Python source: the plans of a pair as one function in plain TensorFlow.

The text is a function of the specs and plans alone, so that it can be committed and compared
byte by byte. Names come from models, which are not trusted: in code they stand as literals
only, in the docstring with everything escaped that could end it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sigcheck.adapters.pieces import pieces
from sigcheck.adapters.row_call_source import write_row_call
from sigcheck.adapters.size_checks import size_checks
from sigcheck.adapters.temporaries import name_temporaries
from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.distinct import free_name
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding, Side, Verification
from sigcheck.schema.row_call import RowCall
from sigcheck.transforms.parts.transform import Code

# What tells an emitted file from one that a person wrote.
MARKER = "Written by `sigcheck adapt`"

# What may not stand in a docstring, or in a log, as it is.
_CAREFUL = re.compile(r'[\\"]|##')
# What may stand in quotes as it is, and what may not stand in a name of Python's.
_CARELESS = re.compile(r"[\w ./:\-]*", re.ASCII)
_UNNAMED = re.compile(r"\W+", re.ASCII)
_TAKEN = frozenset({"tf", "outputs", "adapt"})
_INDENT = "    "


def write_python(
    producer: Side,
    consumer: Side,
    bindings: Sequence[Binding],
    verification: Verification | None = None,
    rows: RowCall | None = None,
) -> str:
    """The module that turns the producer's outputs into the consumer's inputs.

    Each binding must have a plan. `verification` is told in the docstring once it is known. Where the consumer is
    called row by row, `adapt` is of one row, and `call_rows` calls the consumer over all of them.
    """
    body: list[str] = []
    results: dict[str, str] = {}
    variables = Variables.of(bindings, _TAKEN)
    for binding, variable in variables.named:
        lines, results[binding.required] = _binding_code(binding, variable, variables)
        body += lines
    body += size_checks(bindings, results)
    body.append(f"return {{{', '.join(f'{literal(name)}: {result}' for name, result in results.items())}}}")
    return "\n".join(
        [
            f'"""{write_docstring("Adapter", producer, consumer, bindings, verification, rows)}"""',
            "",
            "import tensorflow as tf",
            "",
            "",
            "def adapt(outputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:",
            *(f"{_INDENT}{line}" for line in body),
            "",
            *_row_call(rows, bindings),
        ]
    )


def _taken(bindings: Sequence[Binding]) -> list[str]:
    """The outputs that an adapter takes, each once."""
    return list(dict.fromkeys(one.provided for binding in bindings for one in binding.ends))


def with_proof(source: str, verification: Verification) -> str:
    """The source that was written before it was proved, with what it was proved as in its first line."""
    first, _, rest = source.partition("\n")
    return f"{first.removesuffix('.')}{_proof(verification)}.\n{rest}"


def _proof(verification: Verification | None) -> str:
    if verification is None:
        return ""
    cases = f", {verification.cases} cases" if verification.cases else ""
    return f"; verified: {verification.level}{cases}"


class Variables(NamedTuple):
    """Each binding with the name of its variable, and all names that a module has for something already."""

    named: tuple[tuple[Binding, str], ...]
    taken: frozenset[str]

    @classmethod
    def of(cls, bindings: Sequence[Binding], reserved: Iterable[str], beside: Sequence[str] = ()) -> Variables:
        """The variable of an input is called as the input is where Python allows it.

        For each ending of `beside` each variable has another beside it that ends so.
        """
        taken, named = set(reserved), []
        for binding in bindings:
            variable = _variable(binding.required, taken)
            while taken.intersection(own := _own_names(binding, variable, beside)):
                variable = _variable(f"{variable}_joined", taken)
            taken |= own
            named.append((binding, variable))
        return cls(tuple(named), frozenset(taken))


def _own_names(binding: Binding, variable: str, beside: Sequence[str]) -> set[str]:
    variables = [variable, *part_variables(binding, variable)]
    return {*variables, *(f"{one}_{ending}" for one in variables for ending in beside)}


def part_variables(binding: Binding, variable: str) -> list[str]:
    """The names of the parts of a binding whose own variable is this."""
    return [f"{variable}_part_{number}" for number in range(1, len(binding.parts) + 1)]


def _binding_code(binding: Binding, variable: str, variables: Variables) -> tuple[list[str], str]:
    """The statements of one binding, and the expression of its result."""
    lines: list[str] = []
    codes: list[Code] = []
    if binding.junction is None:
        value = f"outputs[{literal(binding.provided)}]"
    else:
        values = []
        for part, own in zip(binding.parts, part_variables(binding, variable), strict=True):
            before, value = _binding_code(part, own, variables)
            lines += before
            values.append(value)
        kind = JUNCTIONS[binding.junction.transform]
        codes.append(kind.emit(binding.part_specs, binding.junction, values))
        value = variable
    for piece in pieces(binding.provided_spec, binding.plan.steps if binding.plan is not None else ()):
        code = piece.emit(value)
        if value != variable and "\n".join((*code.lines, code.expression)).count(value) > 1:
            codes.append(Code(value))
            code = piece.emit(variable)
        if piece.meaning is not None:
            codes.append(Code(variable, (f"# {piece.meaning}",)))
        codes.append(code)
        value = variable
    lines += [line for code in codes for line in name_temporaries(code, variable, variables.taken)]
    return lines, value


def _variable(name: str, taken: set[str]) -> str:
    """A Python name for an input: its own where that is one."""
    plain = _UNNAMED.sub("_", name).strip("_").lower() or "value"
    if plain[0].isdigit() or keyword.iskeyword(plain) or keyword.issoftkeyword(plain):
        plain = f"value_{plain}"
    return free_name(plain, taken)


def literal(name: str) -> str:
    """The name as a Python literal, in double quotes where nothing in it needs care."""
    # An adapter may be printed into a log, where this would be a command.
    return f'"{name}"' if _CARELESS.fullmatch(name) else ascii(name).replace("##", "#\\x23")


def write_docstring(
    title: str,
    producer: Side,
    consumer: Side,
    bindings: Sequence[Binding],
    verification: Verification | None = None,
    rows: RowCall | None = None,
) -> str:
    """The docstring of an emitted module: both sides, the marker, and each plan step by step."""
    lines = [f"{title}: {_side(producer)} -> {_side(consumer)}. {MARKER}{_proof(verification)}."]
    for binding in bindings:
        lines += [
            "",
            *(f"provided  {_text(one.provided)}: {one.provided_spec}" for one in binding.ends),
            f"required  {_text(binding.required)}: {binding.required_spec}",
        ]
        told = [f"{_text(part.provided)}: {_step(step)}" for part in binding.parts for step in part.steps]
        own = binding.after_parts
        told += [_step(step) for step in (own.steps if own is not None else ())]
        lines += [f"{'steps' if at == 0 else '':8}  {line}" for at, line in enumerate(told)]
        lines += [f"{'guarded' if at == 0 else '':8}  {_text(one.holds)}" for at, one in enumerate(binding.asserts)]
    return "\n".join([*lines, *_told_rows(rows, bindings), ""])


def _row_call(rows: RowCall | None, bindings: Sequence[Binding]) -> list[str]:
    if rows is None or rows.called != "consumer":
        return []
    return write_row_call(rows, _taken(bindings), (one.required_spec for one in bindings), literal)


def _told_rows(rows: RowCall | None, bindings: Sequence[Binding]) -> list[str]:
    """Which model is called row by row, over what, and what it then gives."""
    if rows is None:
        return []
    taken = _taken(bindings)
    over = [one for one in rows.over if rows.called == "producer" or one.name in taken]
    return [
        "",
        f"called    row by row: the {rows.called}",
        *(f"{'over' if not at else '':8}  {_text(one.name)}: {one.spec}" for at, one in enumerate(over)),
        *(f"{'gives' if not at else '':8}  {_text(one.name)}: {one.spec}" for at, one in enumerate(rows.results)),
    ]


def _step(step: Step) -> str:
    notes: list[str] = [step.loss]
    if step.assumption:
        notes.append(f"assumes {step.assumption}")
    if step.guard:
        notes.append(f"guarded: {step.guard}")
    return f"{_text(str(step))}    {'; '.join(map(_text, notes))}"


def _side(side: Side) -> str:
    # The folder that a model lies in differs from machine to machine; the text must not.
    return _text(side.without_folders)


def _text(name: str) -> str:
    """The name as it may stand in a docstring: no backslash, no quote that ends it, no control character."""
    if name.isascii() and name.isprintable() and not _CAREFUL.search(name):
        return name
    plain = ascii(name)[1:-1].replace("\\'", "'").replace("##", "#\\x23")
    return plain.replace("\\", "\\\\").replace('"', '\\"')
