"""Diff of observations: what data showed of each tensor before, against what it shows now."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_json
from sigcheck.rules import find_in_observations
from sigcheck.rules.views.observations import ObservationsView
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError
from sigcheck.schema.observation import Observation
from sigcheck.schema.report import Side
from sigcheck.schema.upgrade import DiffResult

# One of ten thousand tensors with all of their channels is less.
_MOST_BYTES = 1 << 28
_MARKED_BYTES = 1 << 12
_READER = "observation"


def are_observations(old: str, new: str | None) -> bool:
    """Whether both are files that `sigcheck observe --format json` wrote."""
    return new is not None and all(map(_is_observation, (old, new)))


def diff_observations(old: str, new: str) -> DiffResult:
    """What differs, tensor by tensor. Raises SourceError where a file is broken."""
    seen = [_read(path) for path in (old, new)]
    before, after = ({one.name: one for one in of_side.tensors} for of_side in seen)
    are_text = all(of_side.is_text for of_side in seen)
    findings = [
        finding
        for name in dict.fromkeys((*before, *after))
        for finding in find_in_observations(ObservationsView(before.get(name), after.get(name), are_text))
    ]
    sides = (Side(source=path, reader=_READER, key="") for path in (old, new))
    return DiffResult(old=next(sides), new=next(sides), findings=tuple(findings))


def _is_observation(text: str) -> bool:
    path = Path(text)
    try:
        if path.suffix != ".json" or not path.is_file():
            return False
        with path.open("rb") as file:
            begin = file.read(_MARKED_BYTES)
    except (OSError, ValueError):
        return False
    # The names of files may be long; what follows them is then not looked for.
    return begin.lstrip().startswith(b"{") and (b'"files"' in begin) and b'"signatures"' not in begin


def _read(path: str) -> Observation:
    expected = "expected what `sigcheck observe --format json` prints. Observe again."
    try:
        content = read_whole(Path(path), _MOST_BYTES, "an observation").decode()
        with bounded(path, len(content)):
            found = parse_json(content)
        if isinstance(found, dict):
            # What is told beside it is computed from it.
            for tensor in found.get("tensors", ()):
                tensor.pop("choices", None)
        return Observation.model_validate(found)
    except (ValidationError, ValueError, TypeError, AttributeError, RecursionError):
        raise SourceError(path, f"no observation, {expected}") from None
