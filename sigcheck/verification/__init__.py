"""Verification: adapters are proved in a worker process, and never more is claimed than was run."""

from __future__ import annotations

from sigcheck.verification.job import Job, WorkerLevel
from sigcheck.verification.verify import verify

__all__ = ["Job", "WorkerLevel", "verify"]
