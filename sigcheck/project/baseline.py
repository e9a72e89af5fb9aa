"""The baseline: findings that were accepted on one day. It only ever shrinks.

A JSON file with an entry for each finding; the fingerprint counts, the rest is for people.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import FailFast, ValidationError

from sigcheck.encodings.whole_file import read_whole
from sigcheck.encodings.written_data import parse_json
from sigcheck.schema.budget import bounded
from sigcheck.schema.errors import SourceError
from sigcheck.schema.project import LintFinding, LintResult, Suppression
from sigcheck.schema.schema_problem import describe_problem
from sigcheck.schema.system_error import system_words
from sigcheck.schema.value import Value

MAX_BYTES = 64 * 2**20


class Accepted(Value):
    """One finding that was accepted."""

    fingerprint: str
    subject: str
    rule: str
    place: str
    message: str


class _File(Value):
    version: Literal[1] = 1
    # Of millions of wrong entries one is told: each takes a kilobyte.
    accepted: Annotated[tuple[Accepted, ...], FailFast()]


@dataclass(frozen=True)
class Baseline:
    """The entries by fingerprint."""

    entries: Mapping[str, Accepted] = field(default_factory=dict)

    def apply(self, result: LintResult) -> LintResult:
        """The lint with what is accepted marked so; what is ignored stays ignored.

        What breaks against a revision counts: a baseline may come with the change that it would accept.
        """
        reason = Suppression(by="baseline", reason="accepted in the baseline")
        findings = (
            replace(one, suppression=reason)
            if one.suppression is None and one.against is None and one.fingerprint in self.entries
            else one
            for one in result.findings
        )
        # A copy would carry what the old value has computed already.
        kept = {name: getattr(result, name) for name in LintResult.model_fields}
        return LintResult(**{**kept, "findings": tuple(findings)})

    def shrink(self, findings: Iterable[LintFinding]) -> Baseline:
        """Without the entries that are not found any more."""
        found = {one.fingerprint for one in findings}
        return Baseline({key: entry for key, entry in self.entries.items() if key in found})


def accept(findings: Iterable[LintFinding]) -> Baseline:
    """A baseline of everything that counts at level error or warning: notes need no acceptance."""
    return Baseline(
        {
            one.fingerprint: Accepted(
                fingerprint=one.fingerprint,
                subject=one.subject,
                rule=one.finding.rule,
                place=one.finding.place,
                message=one.finding.message,
            )
            for one in findings
            if one.suppression is None and one.against is None and one.finding.level != "note"
        }
    )


def read_baseline(path: Path) -> Baseline:
    """The baseline in a file. Raises SourceError where it is not there or broken."""
    try:
        text = read_whole(path, MAX_BYTES, "a baseline").decode("utf-8")
        with bounded(str(path), len(text)):
            written = _File.model_validate(parse_json(text))
    except FileNotFoundError:
        # A mistyped name must not accept everything there is.
        problem = "no such file. Check the path, or write it once with `sigcheck lint --baseline FILE --accept`."
        raise SourceError(str(path), problem) from None
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {system_words(error)}. Check the path.") from None
    except RecursionError:
        raise SourceError(str(path), "nested too deep, expected a baseline. Check the path.") from None
    except ValueError as error:
        said = describe_problem(error) if isinstance(error, ValidationError) else str(error).rstrip(".")
        raise SourceError(str(path), f"{said}, expected a baseline. Correct it, or write it again.") from None
    return Baseline({entry.fingerprint: entry for entry in written.accepted})


def write_baseline(baseline: Baseline) -> str:
    """The text of a baseline, sorted by subject, rule and place."""
    entries = sorted(
        baseline.entries.values(), key=lambda one: (one.subject, one.rule, one.place, one.message, one.fingerprint)
    )
    return json.dumps(_File(accepted=tuple(entries)).model_dump(mode="json"), indent=2) + "\n"
