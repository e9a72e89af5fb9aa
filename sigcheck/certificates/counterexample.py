"""A counterexample of an adapter file: kept beside it, and run by itself."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

from sigcheck.certificates.again import FOREIGN, is_written_for, plan_again, read_again
from sigcheck.certificates.allowed import NOTHING, Allowed, require_allowed
from sigcheck.certificates.changes import tell_failure
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.read import read_adapter, read_bytes, read_certificate
from sigcheck.schema.certificate import Recheck
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Verification
from sigcheck.schema.time_limit import DEFAULT_TIMEOUT
from sigcheck.stages.job import job_of


def verify_case(adapter: Path, case: Path, *, timeout: float = DEFAULT_TIMEOUT, allowed: Allowed = NOTHING) -> Recheck:
    """Runs an adapter file on the tensors of one counterexample.

    Raises as `verify_adapter` does, and UsageError for an adapter that is not to be run.
    """
    from sigcheck.verification.counterexample import unpack
    from sigcheck.verification.verify import verify

    text, certificate = read_adapter(adapter), read_certificate(certificate_path(adapter))
    packed = read_bytes(case, "a counterexample")
    # No model is run on a case.
    require_allowed(certificate, adapter, replace(allowed, run_models=True))
    draft = plan_again(certificate, read_again(certificate, adapter, allowed))
    if not draft.has_adapter:
        raise UsageError(str(adapter), f"the models no longer fit: {draft.verdict}. See `sigcheck check`.")
    is_own = is_written_for(draft, text)
    if not is_own and not allowed.run_adapter:
        raise UsageError(str(adapter), f"{FOREIGN}. Run it with --run-adapter.")
    job = job_of(draft, text, is_handwritten=not is_own, case=base64.b64encode(packed).decode("ascii"))
    # A wrong archive is told here, before a process is started for it.
    unpack(str(case), packed, job.used)
    (proof,) = verify([job], "executed", timeout)
    return Recheck(
        adapter=str(adapter),
        certified=certificate.level,
        certified_cases=certificate.cases,
        verification=proof,
        changes=tuple(tell_failure(failure) for failure in proof.failures),
    )


def counterexample_of(proof: Verification) -> bytes | None:
    """The archive of the first counterexample of a proof; None where it has none."""
    for failure in proof.failures:
        if failure.counterexample is not None and failure.counterexample.npz is not None:
            return base64.b64decode(failure.counterexample.npz)
    return None
