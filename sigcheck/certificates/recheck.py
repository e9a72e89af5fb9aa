"""Recheck: an adapter file proved again, as its certificate says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sigcheck.certificates.again import FOREIGN, ModelsNow, is_written_for, plan_again, read_again
from sigcheck.certificates.allowed import NOTHING, Allowed, require_allowed
from sigcheck.certificates.changes import find_changes
from sigcheck.certificates.content import certified_side, digest, proved
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.read import read_adapter, read_certificate
from sigcheck.certificates.versions import versions_now
from sigcheck.planning.unchecked import list_demands
from sigcheck.schema.certificate import Certificate, Change, Recheck
from sigcheck.schema.report import Verification
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.draft import Draft
from sigcheck.stages.job import job_of
from sigcheck.stages.runnable import models_of

if TYPE_CHECKING:
    from sigcheck.verification.job import WorkerLevel


def verify_adapter(
    adapter: Path, *, timeout: float = DEFAULT_TIMEOUT, allowed: Allowed = NOTHING
) -> tuple[Recheck, Certificate]:
    """Proves an adapter file again, as its certificate says, and finds what changed.

    Gives the answer and the certificate that would hold now; it is worth writing only where the
    proof has no failure. `timeout` is in seconds. An adapter that is not byte for byte what
    sigcheck writes for the models is not run unless that is allowed. Raises SourceError where the
    file, its certificate or a model cannot be read, and UsageError where the certificate wants
    models loaded or run and that is not allowed.
    """
    text, certificate = read_adapter(adapter), read_certificate(certificate_path(adapter))
    require_allowed(certificate, adapter, allowed)
    models = read_again(certificate, adapter, allowed)
    draft = plan_again(certificate, models)
    is_own = is_written_for(draft, text)
    if is_own or allowed.run_adapter or not draft.has_adapter:
        proof = _prove(certificate, draft, text, timeout, is_own=is_own)
    else:
        proof = Verification(level="typed", reason=f"{FOREIGN}, and was not run. Run it with --run-adapter")
    *producers, consumer = draft.sources
    now = certificate.model_copy(
        update={
            "sha256": digest(text),
            "producers": tuple(map(certified_side, [side.source for side in certificate.producers], producers)),
            "consumer": certified_side(certificate.consumer.source, consumer),
            "earlier": {
                name: certified_side(certificate.earlier[name].source, read) for name, read in models.earlier.items()
            },
            "versions": versions_now(),
            "holds_where": list_demands(draft.judged),
            **proved(proof),
        }
    )
    changes = (*find_changes(certificate, now, draft, proof), *_left_out(certificate, draft, models))
    if draft.has_adapter and not is_own and not any(change.what == "adapter" for change in changes):
        changes = (Change(what="adapter", level="note", message=FOREIGN), *changes)
    recheck = Recheck(
        adapter=str(adapter),
        certified=certificate.level,
        certified_cases=certificate.cases,
        verification=proof,
        changes=changes,
    )
    return recheck, now


def _left_out(certificate: Certificate, draft: Draft, models: ModelsNow) -> Iterator[Change]:
    """What the graphs of the models would change, where the certificate was made without looking at them."""
    if certificate.infer:
        return
    seen = plan_again(certificate.model_copy(update={"infer": True}), models)
    planned = {(one.provided, one.required, one.verdict, str(one.plan)) for one in draft.match.bindings}
    for one in seen.match.bindings:
        if (one.provided, one.required, one.verdict, str(one.plan)) not in planned:
            plan = "" if one.plan is None else f", {one.plan}"
            message = f"certified without what graphs show; with it: {one.verdict}{plan}"
            yield Change(what=one.required, level="note", message=message)


def _prove(certificate: Certificate, draft: Draft, text: str, timeout: float, *, is_own: bool) -> Verification:
    """What is proved of the file as it is now, against what its models need now."""
    if not draft.has_adapter:
        return Verification(level="typed", reason=f"the models no longer fit: {draft.verdict}")
    if certificate.level == "typed":
        return Verification(level="typed", reason="as certified")
    from sigcheck.verification.verify import verify

    level: WorkerLevel = "traced" if certificate.level == "traced" else "executed"
    models = models_of(draft) if certificate.level == "end_to_end" else None
    (proof,) = verify([job_of(draft, text, models=models, is_handwritten=not is_own)], level, timeout)
    return proof
