"""Joined cases: values of several outputs that one binding joins, of sizes that agree and that do not.

Most sizes that are made for one output alone do not agree with those of another, and would be
refused: here an axis of unknown size is as long in one part as in the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.plan import Step
from sigcheck.schema.report import Binding
from sigcheck.schema.shape import Shape
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import RaggedArray, SparseArray, Tensor, map_values
from sigcheck.transforms.parts.layout import batch_axis
from sigcheck.verification.size_guards import guarding
from sigcheck.verification.value_cases import NoValuesError, ValueCase, guard_cases, value_cases

# Sizes for the unknown axes, by their place: ordinary ones, empty ones, ones, larger ones.
_SIZES: tuple[tuple[int, ...], ...] = ((3, 5, 2, 7), (0, 3, 5, 2), (1, 1, 1, 1), (2, 0, 3, 5), (7, 2, 11, 3))
# So many examples are in each output where all are tried together.
_BATCHES = (2, 1, 5, 0)
# Of one choice of sizes so many kinds of values are tried.
_MOST_OF_SIZES = 12


def group_joined(used: Sequence[Endpoint], bindings: Sequence[Binding]) -> list[list[Endpoint]]:
    """The provided endpoints in groups: those that some binding joins, or a guard on sizes, stand together."""
    groups = [[endpoint] for endpoint in used]
    for binding in bindings:
        names = {source.name for source in binding.sources} | guarding(binding, bindings)
        if len(names) > 1:
            joined = [group for group in groups if names.intersection(one.name for one in group)]
            groups = [group for group in groups if group not in joined] + [[one for group in joined for one in group]]
    return groups


def joined_cases(
    group: Sequence[Endpoint],
    bindings: Sequence[Binding],
    wanted: Sequence[Shape] = (),
    numbers: Collection[float] = (),
    *,
    has_rows: bool = False,
) -> Iterator[dict[str, ValueCase]]:
    """Yields values for all endpoints of a group; with `has_rows` as many rows in ragged ones, too.

    Raises NoValuesError where none can be made of one of them.
    """
    steps = [binding for binding in bindings if len(binding.sources) > 1]
    made = False
    for number, sizes in enumerate(_chosen_sizes(wanted, len(group))):
        specs = [
            _of_rows(endpoint.spec, sizes[0])
            if has_rows and endpoint.spec.kind == "ragged"
            else _narrowed(endpoint.spec, sizes)
            for endpoint in group
        ]
        try:
            columns = [list(islice(value_cases(spec, wanted, numbers), _MOST_OF_SIZES)) for spec in specs]
        except NoValuesError:
            # These sizes are beyond the bounds; others may not be.
            continue
        made = True
        for index in range(max(map(len, columns))):
            row = {
                one.name: _turned(of[index % len(of)], at)
                for at, (one, of) in enumerate(zip(group, columns, strict=True))
            }
            for binding in steps:
                row |= _agreed(binding, row)
            yield row
        if number == 0:
            yield from _differing(group, columns)
            usual = {one.name: of[0] for one, of in zip(group, columns, strict=True)}
            for one, spec in zip(group, specs, strict=True):
                for case in guard_cases(spec, wanted, numbers):
                    yield usual | {one.name: case}
            for binding in steps:
                yield from _with_one_negative(usual | _agreed(binding, usual), binding)
                yield from _refused(usual | _agreed(binding, usual), binding)
    if not made:
        raise NoValuesError(f"no values of {', '.join(one.name for one in group)} can be made together")


def shared_cases(endpoints: Sequence[Endpoint], bindings: Sequence[Binding]) -> Iterator[dict[str, ValueCase]]:
    """Yields ordinary values for all endpoints, as many examples in each: what one call of a consumer gets.

    None where an endpoint has no batch that is known to be one.
    """
    places = {endpoint.name: batch_axis(endpoint.spec) for endpoint in endpoints}
    if None in places.values():
        return
    told = {(one.spec.shape or ())[places[one.name] or 0] for one in endpoints} - {None}
    for count in (*told,) if len(told) == 1 else () if told else _BATCHES:
        row: dict[str, ValueCase] = {}
        for endpoint in endpoints:
            shape = [
                count if axis == places[endpoint.name] else size for axis, size in enumerate(endpoint.spec.shape or ())
            ]
            spec = _narrowed(endpoint.spec.model_copy(update={"shape": tuple(shape)}), _SIZES[0])
            try:
                row[endpoint.name] = next(iter(value_cases(spec)))
            except (NoValuesError, StopIteration):
                break
        else:
            for binding in bindings:
                row |= _agreed(binding, row) if len(binding.sources) > 1 else {}
            yield row


def _chosen_sizes(wanted: Sequence[Shape], count: int) -> Iterator[tuple[int, ...]]:
    """Yields sizes by axis; among them those that are spoken of, and a share of each for every part."""
    chosen = {_SIZES[0]: None}
    for shape in wanted:
        usual = _SIZES[0] * (1 + len(shape) // len(_SIZES[0]))
        own = tuple(size if known is None else known for known, size in zip(shape, usual, strict=False))
        chosen |= {own: None, tuple(size // count if size and size % count == 0 else size for size in own): None}
    yield from chosen | dict.fromkeys(_SIZES)


def _turned(case: ValueCase, by: int) -> ValueCase:
    """The case with its values elsewhere: parts of one spec must not be equal, or nobody sees them swapped."""
    import numpy as np

    return replace(case, value=map_values(case.value, lambda array: np.roll(array, by))) if by else case


def _narrowed(spec: TensorSpec, sizes: Sequence[int]) -> TensorSpec:
    """The spec with its unknown sizes chosen, the same for every part."""
    if spec.shape is None or spec.kind != "dense":
        return spec
    shape = tuple(
        (sizes[axis] if axis < len(sizes) else 2) if size is None else size for axis, size in enumerate(spec.shape)
    )
    return spec.model_copy(update={"shape": shape}) if shape != spec.shape else spec


def _of_rows(spec: TensorSpec, count: int) -> TensorSpec:
    """A ragged spec with so many rows, where it leaves open how many."""
    if not spec.shape or spec.shape[0] is not None:
        return spec
    return spec.model_copy(update={"shape": (count, *spec.shape[1:])})


def _agreed(binding: Binding, row: Mapping[str, ValueCase]) -> dict[str, ValueCase]:
    """The cases with values that the junction can take, where it has a say in values."""
    step: Step | None = binding.junction
    if step is None:
        return {}
    cases = [row[source.name] for source in binding.sources]
    values = JUNCTIONS[step.transform].agree(step, [case.value for case in cases])
    return {
        source.name: case if value is case.value else replace(case, name=f"agreeing {case.name}", value=value)
        for source, case, value in zip(binding.sources, cases, values, strict=True)
    }


def _with_one_negative(row: Mapping[str, ValueCase], binding: Binding) -> Iterator[dict[str, ValueCase]]:
    """Yields whole numbers of which one is -1 and the sum is what it was: what only a guard of each of them stops."""
    for source in binding.sources:
        case = row[source.name]
        value = case.value
        if isinstance(value, RaggedArray | SparseArray) or value.ndim != 1 or value.dtype.kind != "i":
            continue
        if len(value) > 1:
            changed = value.copy()
            changed[-1] += changed[0] + 1
            changed[0] = -1
            yield {**row, source.name: replace(case, name=f"one -1 in {case.name}", value=changed, is_beyond=True)}


def _refused(row: Mapping[str, ValueCase], binding: Binding) -> Iterator[dict[str, ValueCase]]:
    """Yields what the junction says that it refuses: values that no other case has."""
    step: Step | None = binding.junction
    refused = None if step is None else getattr(JUNCTIONS[step.transform], "refused", None)
    if refused is None:
        return
    values = [row[source.name].value for source in binding.sources]
    for at, made in enumerate(refused(binding.part_specs, step, values)):
        yield {
            **row,
            **{
                source.name: replace(row[source.name], name=f"refused {at}", value=value, is_beyond=True)
                for source, value in zip(binding.sources, made, strict=True)
            },
        }


def _differing(group: Sequence[Endpoint], columns: Sequence[Sequence[ValueCase]]) -> Iterator[dict[str, ValueCase]]:
    """Yields cases in which one part is longer than the others, along each axis that may be."""
    usual = {one.name: of[0] for one, of in zip(group, columns, strict=True)}
    yield usual
    for endpoint in group:
        for axis, size in enumerate(endpoint.spec.shape or ()):
            value = usual[endpoint.name].value
            if size is None and endpoint.spec.kind == "dense":
                longer = _repeated(value, axis)
                case = replace(usual[endpoint.name], name=f"one more along axis {axis}", value=longer)
                yield usual | {endpoint.name: replace(case, shape=tuple(getattr(longer, "shape", ())))}


def _repeated(value: Tensor, axis: int) -> Tensor:
    import numpy as np

    if isinstance(value, RaggedArray | SparseArray) or not value.shape[axis]:
        return value
    return np.concatenate([value, np.take(value, [0], axis)], axis)
