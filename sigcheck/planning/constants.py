"""Constants: what somebody told for an input that no output is for, held against what the input takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sigcheck.junctions.constant import has_axes
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.junction import CONSTANT, Constant, Junction
from sigcheck.schema.printable import shortened
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.size_text import parse_constraint

_FLOATS = frozenset({"float", "complex"})


def placed(
    junction: Junction, inputs: Sequence[Endpoint], outputs: Mapping[str, Endpoint], names: Collection[str] = ()
) -> Junction:
    """The constant with the output whose sizes it has; any other junction as it is.

    Without a name that is an output with a batch, first one that an input is called like (`names`), as that one feeds
    it; where the input leaves more sizes open it is the one that has them.
    Raises UsageError where that is none or one of several, and for a value that the input does not take.
    """
    if junction.kind != CONSTANT:
        return junction
    for end in inputs:
        _require_taken(junction, end)
    return (
        junction
        if junction.outputs
        else junction.model_copy(update={"outputs": (_like(junction, inputs, outputs, names),)})
    )


def sized(end: Endpoint, constraints: Sequence[Constraint]) -> Endpoint:
    """The input with the one size that its model demands of an axis, where it leaves that open.

    >>> from sigcheck.schema.notation import parse_spec
    >>> end = Endpoint(name="h", spec=parse_spec("float32[?, ?]"), sizes=("h.0", "h.1"))
    >>> str(sized(end, [Constraint(holds="h.1 == 16"), Constraint(holds="h.0 == 1 or h.0 == 2")]).spec)
    'float32[?, 16]'
    """
    shape = end.spec.shape
    if shape is None or end.sizes is None or None not in shape:
        return end
    demanded = {
        left: right
        for one in constraints
        if len(clauses := parse_constraint(one.holds)) == 1
        for operator, left, right in clauses[0]
        if operator == "==" and isinstance(left, str) and isinstance(right, int) and right >= 0
    }
    sizes = tuple(
        demanded.get(name) if size is None and isinstance(name, str) else size
        for size, name in zip(shape, end.sizes, strict=True)
    )
    spec = None if sizes == shape else end.spec.replace_if_valid(shape=sizes)
    return end if spec is None else end.model_copy(update={"spec": spec})


def _like(
    junction: Junction, inputs: Sequence[Endpoint], outputs: Mapping[str, Endpoint], names: Collection[str]
) -> str:
    last = max((axis for end in inputs for axis, size in enumerate(end.spec.shape or ()) if size is None), default=-1)
    fitting = [name for name, end in outputs.items() if last < 0 or (has_axes(end.spec) > last)]
    # Any output has the batch; other sizes are those of one that is meant.
    alike = [name for name in fitting if last <= 0 or _is_alike(outputs[name], inputs)] or fitting
    if not alike or (last > 0 and len(alike) > 1):
        place = f"bind {junction}={inputs[0].name}"
        found = f"the size of axis {last} could be that of {', '.join(map(shortened, alike)) or 'no output'}"
        example = junction.model_copy(update={"outputs": (alike[0] if alike else "OUTPUT",)})
        raise UsageError(place, f"{found}, expected one. Name it: {example}={inputs[0].name}.")
    return max(alike, key=lambda name: ((outputs[name].spec.shape or (1,))[0] is None, name in names))


def _is_alike(output: Endpoint, inputs: Sequence[Endpoint]) -> bool:
    shape = output.spec.shape or ()
    return all(
        len(shape) == len(end.spec.shape or ())
        and all(
            wanted is None or size in {None, wanted} for size, wanted in zip(shape, end.spec.shape or (), strict=True)
        )
        for end in inputs
    )


def _require_taken(junction: Junction, end: Endpoint) -> None:
    """Raises UsageError where the dtype cannot hold the value, or it is beyond what the input takes."""
    value, place = junction.value, f"bind {junction}={end.name}"
    if value is None or end.spec.dtype is None:
        return
    if not _holds(end.spec.dtype, value):
        raise UsageError(place, f"{value!r} is no value of {end.spec.dtype}, expected one. Tell another value.")
    if isinstance(value, bool | str):
        return
    for least, most, why in _bounds(end):
        if not least <= value <= most:
            problem = f"{value:g} is outside [{least:g}, {most:g}], {why}. Tell a value within."
            raise UsageError(place, problem)


def _bounds(end: Endpoint) -> list[tuple[float, float, str]]:
    """What the input takes, as it is stored."""
    facts = end.spec.facts
    found = []
    if facts.range is not None and facts.quantization is None and facts.normalization is None:
        found.append((*facts.range, "which the input is declared to take"))
    if facts.id_count is not None:
        found.append((0, facts.id_count - 1, f"ids below {facts.id_count} are what it takes"))
    proved = [claim.value for claim in end.inferred if claim.name == "id_count" and claim.tier == "proved"]
    return [*found, *((0, count - 1, f"its graph takes ids below {count}") for count in proved)]


def _holds(dtype: str, value: Constant) -> bool:
    kind = DTYPES[dtype]
    if kind.kind in {"bool", "string"} or isinstance(value, bool | str):
        return isinstance(value, {"bool": bool, "string": str}.get(kind.kind, ()))
    if kind.kind in _FLOATS:
        return kind.highest is None or abs(value) <= kind.highest
    is_whole = float(value).is_integer()
    return is_whole and kind.lowest is not None and kind.highest is not None and kind.lowest <= value <= kind.highest
