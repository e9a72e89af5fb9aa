"""Meaning: what a verdict says, in the words of every report."""

from __future__ import annotations

from collections.abc import Mapping

from sigcheck.schema.plan import Verdict

MEANS: Mapping[Verdict, str] = {
    "fits": "nothing to do",
    "adapts": "an adapter makes it fit",
    "guarded": "an adapter makes it fit, and asserts what only the run decides",
    "undecided": "a declaration is needed",
    "blocked": "no adapter within the policy",
}
