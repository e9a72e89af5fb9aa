"""Agreement of features: what serialized Examples hold against what a model parses of them, feature by feature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sigcheck.schema.example_features import Feature, Features


class FeatureDifference(NamedTuple):
    """A feature that Examples have otherwise than it is parsed, in words; `given` is None where they have none."""

    name: str
    given: Feature | None
    wanted: Feature
    problem: str


def feature_differences(given: Features, wanted: Features) -> Iterator[FeatureDifference]:
    """Yields each feature that cannot be parsed of every Example that has these, in the order of the names.

    Directional, as subtypes are: what the Examples have besides is passed by.

    >>> told = {"age": "int64[2]"}, {"age": "int64[]", "x": "int64[?]"}
    >>> ours, theirs = map(Features.model_validate, told)
    >>> [(one.name, one.problem) for one in feature_differences(ours, theirs)]
    [('age', '2 values, 1 is parsed')]
    """
    own = dict(given.named)
    for name, feature in wanted.named:
        found = own.get(name)
        problem = _problem(found, feature)
        if problem is not None:
            yield FeatureDifference(name, found, feature, problem)


def _problem(given: Feature | None, wanted: Feature) -> str | None:
    if given is None:
        return None if wanted.may_be_absent else "not among them, and no default stands for it"
    if given.dtype != wanted.dtype:
        return f"{given.dtype}, and {wanted.dtype} is parsed"
    if given.per_step != wanted.per_step:
        each = ("once, and once in each step", "once in each step, and once")
        return f"there {each[given.per_step]} is parsed"
    if given.optional and not wanted.may_be_absent:
        return "may be absent, and no default stands for it"
    return _problem_of_count(given, wanted)


def _problem_of_count(given: Feature, wanted: Feature) -> str | None:
    if wanted.count is not None:
        if given.count is None:
            return f"any number of values, {_are(wanted.count)} parsed"
        if given.count != wanted.count:
            return f"{_values(given.count)}, {_are(wanted.count)} parsed"
    elif (given.row if given.count is None else given.count) % max(wanted.row, 1):
        of_row = given.count is None and given.row != 1
        found = (
            f"rows of {given.row}"
            if of_row
            else "any number of values"
            if given.count is None
            else _values(given.count)
        )
        return f"{found}, rows of {wanted.row} are parsed"
    ours, theirs = _laid_out(given), _laid_out(wanted)
    # One axis is values of which nothing says how they are laid out.
    if min(len(ours), len(theirs)) > 1 and ours != theirs:
        return f"laid out as {_sizes(ours)}, and parsed as {_sizes(theirs)}"
    return None


def _laid_out(feature: Feature) -> tuple[int | None, ...]:
    return tuple(size for size in feature.shape if size != 1)


def _sizes(shape: tuple[int | None, ...]) -> str:
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return f"{count} {'is' if count == 1 else 'are'}"
