"""Shown: what data showed of the endpoints of a match, held against what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.evidence import Evidence
from sigcheck.schema.facts import Range
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.stored_values import reachable
from sigcheck.schema.tensor_spec import TensorSpec

_IDS = frozenset({"class_ids", "token_ids"})
_WHOLE = _IDS | {"lengths"}
# As many digits as a float32 that was written down and read again keeps.
_ROUNDING = 1e-6


class Shown(NamedTuple):
    """An endpoint of one side that data was looked at for."""

    side: str
    endpoint: Endpoint
    evidence: Evidence

    @property
    def behind(self) -> str:
        """`1,000 rows of samples.npz`."""
        files = [one.partition(" sha256:")[0] for one in self.evidence.files]
        of = f" of {files[0]}" if files else ""
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        return f"{self.evidence.rows:,} row{'' if self.evidence.rows == 1 else 's'}{of}{more}"


def shown_endpoints(match: MatchView) -> Iterator[Shown]:
    """Yields the endpoints of both sides that data was looked at for."""
    for side, endpoints in (("producer", match.outputs), ("consumer", match.inputs)):
        known = match.evidence.get(side, {})
        yield from (Shown(side, one, known[one.name]) for one in endpoints if one.name in known)


def contradictions(shown: Shown) -> Iterator[tuple[str, str]]:
    """Yields what data showed and what is known otherwise, in words."""
    evidence, spec = shown.evidence, shown.endpoint.spec
    facts, values = spec.facts, evidence.values
    if values is not None:
        told = f"values in {interval(values)}" if values[0] < values[1] else f"the value {number(values[0])}"
        for origin, ends in _bounds(shown.endpoint):
            if _goes_beyond(values, ends):
                yield told, f"{origin} range {interval(ends)}"
                break
        count = _count(shown.endpoint)
        if count is not None and (values[0] < 0 or values[1] >= count[1]):
            yield (f"the id {number(values[0] if values[0] < 0 else values[1])}", f"{count[0]} id_count {count[1]}")
        elif facts.meaning in _WHOLE and (values[0] < 0 or evidence.whole is False):
            yield told if values[0] < 0 else "values that are not whole", f"{_origin(spec, 'meaning')} {facts.meaning}"
        elif facts.meaning in {"probabilities", "mask"} and _goes_beyond(values, (0.0, 1.0)):
            yield told, f"{_origin(spec, 'meaning')} {facts.meaning}"
    if facts.meaning == "probabilities" and evidence.sums_to_one is False:
        yield "rows that do not sum to one", f"{_origin(spec, 'meaning')} probabilities"


def _bounds(endpoint: Endpoint) -> Iterator[tuple[str, Range]]:
    """Yields the ends that values are known to keep to, as they stand in the tensor."""
    spec = endpoint.spec
    facts = spec.facts
    if facts.quantization is not None or spec.dtype is None:
        # Data shows stored numbers, and what is known is of real ones.
        return
    if facts.range is not None and _origin(spec, "range") != "observed" and facts.normalization is None:
        yield _origin(spec, "range"), facts.range
    for claim in endpoint.inferred:
        if claim.name == "range" and claim.tier != "convention" and facts.normalization is None:
            yield "inferred", claim.value
    dtype = DTYPES[spec.dtype]
    if reachable(spec) is None and dtype.kind in {"int", "uint"} and dtype.lowest is not None:
        yield f"{spec.dtype} with the", (float(dtype.lowest), float(dtype.highest or 0))


def _count(endpoint: Endpoint) -> tuple[str, int] | None:
    facts = endpoint.spec.facts
    if facts.id_count is not None:
        return _origin(endpoint.spec, "id_count"), facts.id_count
    found = next((one for one in endpoint.inferred if one.name == "id_count" and one.tier != "convention"), None)
    return None if found is None else ("inferred", int(found.value))


def _origin(spec: TensorSpec, fact: str) -> str:
    return spec.facts.origins.get(fact, "declared")


def _goes_beyond(values: tuple[float, float], ends: Range) -> bool:
    slack = _ROUNDING * (ends[1] - ends[0])
    return values[0] < ends[0] - slack or values[1] > ends[1] + slack
