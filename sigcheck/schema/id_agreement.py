"""Agreement of ids: which may occur, by their count and their range, and whether the other side has a row for each."""

from __future__ import annotations

import math

from sigcheck.schema.facts import NOT_A_NUMBER, Facts


def id_bound(facts: Facts) -> int | None:
    """One more than the largest id that can occur, or None where it is not known."""
    limits = id_limits(facts)
    return None if limits is None else limits[1] + 1


def id_limits(facts: Facts) -> tuple[int, int] | None:
    """The least and the greatest id that can occur, by the count and the range; None where neither is known of ids,
    or no id is of both.

    >>> id_limits(Facts(id_count=300)), id_limits(Facts(meaning="token_ids", range=(1, 100)))
    ((0, 299), (1, 100))
    """
    ends = _stated_ids(facts)
    return ends if ends is not None and ends[0] <= ends[1] else None


def has_no_ids(facts: Facts) -> bool:
    """Whether no id is both below the count and within the range, so that one of them is wrong.

    As of the facts of ids, which the other side may alone call so.

    >>> has_no_ids(Facts(id_count=20, range=(100, 200))), has_no_ids(Facts(id_count=20, range=(10, 200)))
    (True, False)
    """
    ends = _stated_ids(_as_ids(facts))
    return ends is not None and ends[0] > ends[1]


def _stated_ids(facts: Facts) -> tuple[int, int] | None:
    if not are_ids(facts) or (facts.id_count is None and (facts.range is None or facts.range[1] < 0)):
        return None
    low, high = (0.0, math.inf) if facts.range is None else facts.range
    most = math.inf if facts.id_count is None else facts.id_count - 1
    return math.ceil(low), math.floor(min(high, most))


def limits_as_ids(facts: Facts) -> tuple[int, int] | None:
    """The same where the other side calls them ids, and this one may only bound them."""
    return id_limits(_as_ids(facts))


def _as_ids(facts: Facts) -> Facts:
    return facts if are_ids(facts) else facts.replace(meaning="token_ids")


def are_ids(facts: Facts) -> bool:
    """Whether values are ids, by their meaning or because somebody counts them."""
    return facts.id_count is not None or facts.meaning in {"class_ids", "token_ids"}


def has_id_conflict(ours: Facts, theirs: Facts) -> bool:
    """Whether ids may occur that the consumer has no row for."""
    if not (are_ids(ours) or are_ids(theirs)):
        return False
    given, taken = _stated_ids(_as_ids(ours)), _stated_ids(_as_ids(theirs))
    # Where a count and a range leave no id, the greatest is below the least, and nothing agrees with that.
    is_beyond = given is not None and taken is not None and not taken[0] <= given[0] <= given[1] <= taken[1]
    return is_beyond or is_filled_beyond_ids(ours, theirs)


def is_filled_beyond_ids(ours: Facts, theirs: Facts) -> bool:
    """Whether rows come filled with what is no id of the consumer, which says of no filling that it takes it.

    >>> filled = Facts(meaning="token_ids", padding=Padding(value=-1))
    >>> takes = Facts(meaning="token_ids", id_count=10)
    >>> is_filled_beyond_ids(filled, takes), is_filled_beyond_ids(filled, takes.replace(padding=Padding(value=-1)))
    (True, False)
    """
    if ours.padding is None or theirs.padding is not None or not (are_ids(ours) or are_ids(theirs)):
        return False
    taken, value = limits_as_ids(theirs), ours.padding.value
    if taken is None or isinstance(value, str):
        return taken is not None and value == NOT_A_NUMBER
    return not (taken[0] <= value <= taken[1] and float(value).is_integer())
