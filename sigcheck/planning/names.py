"""Names: which outputs and inputs are called the same, and which names say nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from sigcheck.schema.collection import MOST_REMEMBERED
from sigcheck.schema.near_name import near_names

# Names that exporters count up: two that are equal mean no more than two that differ.
_COUNTERS = re.compile(
    r"(?:output|input|args|arg|keras_tensor|inputs|outputs|serving_default_input|tensor|identity|x|y)\d*(?:[_:]\d+)*",
    re.IGNORECASE,
)
_PREFIXES = re.compile(r"^(?:serving_default_|statefulpartitionedcall[_:]?|import/|model/)", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s_\-./]+")
_SUFFIX = re.compile(r":\d+$")


def is_counter(name: str) -> bool:
    """Whether a name was made by counting, not by a person.

    >>> is_counter("output_0"), is_counter("keras_tensor_12"), is_counter("embedding")
    (True, True, False)
    """
    return _COUNTERS.fullmatch(name) is not None


# Models share their names.
@lru_cache(maxsize=MOST_REMEMBERED)
def plain(name: str) -> str:
    """The name without case, exporter prefixes, separators and a `:0`.

    >>> plain("serving_default_Input_IDs:0")
    'inputids'
    """
    return _SEPARATORS.sub("", _PREFIXES.sub("", _SUFFIX.sub("", name))).casefold()


def words_of(name: str) -> list[str]:
    """The words of a name, without case, exporter prefixes and a `:0`.

    >>> words_of("serving_default_input_IDs:0")
    ['input', 'ids']
    """
    return [word for word in _SEPARATORS.split(_PREFIXES.sub("", _SUFFIX.sub("", name)).casefold()) if word]


def match_names(outputs: Sequence[str], inputs: Sequence[str]) -> dict[str, str]:
    """Input name -> output name, for all that are called the same; exactly first, then plainly.

    A plain name that stands for several on one side matches nothing. Counters match nothing
    unless they are equal.
    """
    given = set(outputs)
    matched = {name: name for name in inputs if name in given}
    left_outputs = _unique({name: plain(name) for name in outputs if name not in matched and not is_counter(name)})
    left_inputs = _unique({name: plain(name) for name in inputs if name not in matched and not is_counter(name)})
    return matched | {left_inputs[key]: left_outputs[key] for key in left_inputs if key in left_outputs}


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    if len(names) <= 1:
        return {key: name for name, key in names.items()}
    counts = Counter(names.values())
    return {key: name for name, key in names.items() if counts[key] == 1}


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean 'x'?` where a name is close, else the names there are."""
    known = list(names)
    if not known:
        return "it has none."
    close = near_names(name, known)
    return f"did you mean {close[0]!r}?" if close else f"it has {', '.join(map(repr, known))}. Name one of these."
