"""Junction text: a junction as people write it, read; what begins as one and is not written as one is refused.

The notation stands in `schema/junction.py`, whose values write themselves in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, FAN_IN, FAN_OUT, MOST_PARTS, OF_SIZES, WITH_NAMES, Junction
from sigcheck.schema.printable import shortened

# The fewest and the most outputs of those that have places for them.
_COUNTS = {
    "boxes": (4, 4),
    "scale_boxes": (2, 2),
    "broadcast": (2, 2),
    "ragged_by_lengths": (2, 2),
    "ragged_by_row_splits": (2, 2),
    "ragged_by_value_rowids": (2, 3),
    "sparse_by_indices": (3, 3),
    "complex": (2, 2),
    "range": (1, 1),
    "serialize_examples": (1, MOST_PARTS),
    "parse_examples": (1, 1),
}
WITH_AXIS = ("concat", "stack", "split", "unstack", "range")
_EXAMPLES = {
    "concat": "concat(a, b, axis=1)",
    "stack": "stack(a, b, axis=1)",
    "ragged_by_lengths": "ragged_by_lengths(values, lengths)",
    "boxes": "boxes(ymin, xmin, ymax, xmax)",
    "ragged_by_row_splits": "ragged_by_row_splits(values, splits)",
    "ragged_by_value_rowids": "ragged_by_value_rowids(values, rowids, rows)",
    "sparse_by_indices": "sparse_by_indices(indices, values, dense_shape)",
    "complex": "complex(real, imaginary)",
    "split": "split(a, axis=1)",
    "unstack": "unstack(a, axis=1)",
    "csv_columns": "csv_columns(line)",
    "share": "share(a)",
    "constant": "constant(0)",
    "range": "range(a, axis=0)",
    "serialize_examples": "serialize_examples(a, words=b)",
    "parse_examples": "parse_examples(examples)",
    "broadcast": "broadcast(a, b)",
    "scale_boxes": "scale_boxes(boxes, image)",
}
# Few checks write a junction: patterns are compiled where they are used.
_CALL = rf"(?s)({'|'.join((*FAN_IN, *FAN_OUT))})\((.*)\)"
_PAIR = rf"(?s)((?:{'|'.join((*FAN_IN, *FAN_OUT))})\(.*\))=(.*)"
# A quoted name may hold what separates names.
_ARGUMENT = re.compile(
    # Blanks around a name are of the name here, so that there is one way only to match them.
    r"""(?:\s*"([^"\\]*(?:\\.[^"\\]*)*)"\s*|([^,()"=]+)(?:=\s*(-?[0-9]{1,3})\s*)?)(,|\Z)""",
    re.DOTALL,
)
_NAMED = r"""(?:\s*"([^"\\]*(?:\\.[^"\\]*)*)"\s*|([^,()"=]+))"""
# A name, or the name of a feature and that of an output.
_NAMED_ARGUMENT = re.compile(rf"(?s){_NAMED}(?:={_NAMED})?(,|\Z)")
# What begins as a junction and is none: not ended, in capitals, or with a space.
_BEGUN = rf"(?i)\s*({'|'.join((*FAN_IN, *FAN_OUT))})\s*\("


def parse_junction(text: str) -> Junction | None:
    """The junction that a text writes; None where it is none, but a name.

    Raises UsageError where it begins as a junction and is not written as one.

    >>> str(parse_junction("concat(a,b,  axis=1)")), parse_junction("constant(0.5)").value
    ('concat(a, b, axis=1)', 0.5)
    >>> parse_junction("output_0") is None
    True
    """
    found = re.fullmatch(_CALL, text.strip())
    if found is None:
        return None
    kind, inside = found.groups()
    if kind == CONSTANT:
        return _constant(text, inside)
    if kind in WITH_NAMES:
        return _with_names(text, kind, inside)
    outputs: list[str] = []
    axis: int | None = None
    for quoted, name, number in _arguments(text, inside):
        if number is not None:
            if name != "axis" or kind not in WITH_AXIS or axis is not None:
                raise _wrong(text, f"an argument {name!r}", kind)
            axis = int(number)
        elif axis is not None:
            raise _wrong(text, "a name behind the axis", kind)
        else:
            outputs.append(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else name)
    if (axis is None) == (kind in WITH_AXIS):
        raise _wrong(text, "no axis", kind)
    _require_count(text, kind, outputs)
    return Junction(kind=kind, outputs=tuple(outputs), axis=axis)


def _require_count(text: str, kind: str, outputs: Sequence[str]) -> None:
    least, most = _COUNTS.get(kind, (2, MOST_PARTS) if kind in FAN_IN else (1, 1))
    if not least <= len(outputs) <= most:
        raise _wrong(text, f"{len(outputs)} outputs", kind)
    if len(set(outputs)) < len(outputs):
        raise _wrong(text, "one output twice", kind)


def _with_names(text: str, kind: str, inside: str) -> Junction:
    """Outputs, each alone or behind the name of a feature."""
    at, is_open, told = 0, True, []
    while is_open:
        found = _NAMED_ARGUMENT.match(inside, at)
        if found is None:
            raise _wrong(text, f"what cannot be read from {inside[at : at + 20]!r} on", kind)
        first, second = (_unquoted(found[one], found[one + 1]) for one in (1, 3))
        if first == "" or second == "":
            raise _wrong(text, "an empty name", kind)
        told.append((first if second is not None else None, second or first or ""))
        at, is_open = found.end(), found[5] == ","
    outputs = tuple(output for _, output in told)
    _require_count(text, kind, outputs)
    features = tuple(feature or output for feature, output in told)
    if len(set(features)) < len(features):
        raise _wrong(text, "one feature twice", kind)
    is_told = any(feature is not None for feature, _ in told)
    # An output of Examples is called as none of their features is.
    is_told &= kind == "parse_examples" or features != outputs
    return Junction(kind=kind, outputs=outputs, names=features if is_told else ())


def _unquoted(quoted: str | None, plain: str | None) -> str | None:
    return re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else None if plain is None else plain.strip()


def split_pair(text: str) -> tuple[str, str]:
    """Both sides of `OUT=IN`, where OUT may be a junction with an `=` of its own. Empty where there is none.

    >>> split_pair("concat(a, b, axis=1)=x"), split_pair("a=x")
    (('concat(a, b, axis=1)', 'x'), ('a', 'x'))
    """
    found = re.fullmatch(_PAIR, text)
    if found is not None:
        return found[1], found[2]
    if re.fullmatch(_CALL, text):
        return text, ""
    output, _, name = text.partition("=")
    return output, name


def refuse_begun(output: str, place: str) -> None:
    """Raises UsageError for a text that begins as a junction and is not written as one."""
    found = re.match(_BEGUN, output)
    if found is not None:
        kind = found[1].lower()
        problem = f"begins as a junction and is not written as one, expected {_EXAMPLES[kind]}=IN. Write it like that."
        raise UsageError(place, problem)


def _arguments(text: str, inside: str) -> Iterator[tuple[str | None, str, str | None]]:
    at, is_open = 0, True
    while is_open:
        found = _ARGUMENT.match(inside, at)
        if found is None:
            problem = f"cannot be read from {inside[at : at + 20]!r} on, expected names. Quote odd ones."
            raise UsageError(f"bind {shortened(text)}", problem)
        name = (found[2] or "").strip()
        if found[1] is None and not name:
            raise UsageError(f"bind {shortened(text)}", "an empty name, expected that of an output. Name one.")
        yield found[1], name, found[3]
        at, is_open = found.end(), found[4] == ","


def _constant(text: str, inside: str) -> Junction:
    """A JSON value, and perhaps the output whose sizes it has."""
    try:
        value, end = json.JSONDecoder().raw_decode(inside.strip())
    except (ValueError, RecursionError):
        raise _wrong(text, f"the value {inside.strip()!r}", CONSTANT) from None
    rest = inside.strip()[end:].strip()
    if not isinstance(value, bool | int | float | str) or (rest and not rest.startswith(",")):
        raise _wrong(text, f"the value {inside.strip()!r}", CONSTANT)
    names = [] if not rest else [(one[0], one[1], one[2]) for one in _arguments(text, rest[1:])]
    if len(names) > 1 or any(number is not None for _, _, number in names):
        raise _wrong(text, "more than one output", CONSTANT)
    outputs = tuple(re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else name for quoted, name, _ in names)
    try:
        return Junction(kind=CONSTANT, outputs=outputs, value=value)
    except ValidationError:
        raise _wrong(text, f"the value {value!r}", CONSTANT) from None


def _wrong(text: str, found: str, kind: str) -> UsageError:
    most = f", of at most {MOST_PARTS} outputs" if kind in FAN_IN and kind in WITH_AXIS and kind not in OF_SIZES else ""
    return UsageError(
        f"bind {shortened(text)}", f"{shortened(found)}, expected {_EXAMPLES[kind]}{most}. Write it like that."
    )
