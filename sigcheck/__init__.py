"""sigcheck: a type checker for model pipelines.

import sigcheck

report = sigcheck.check("encoder", "classifier.keras")
print(report)
inputs = report.adapter(outputs)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sigcheck.api import Report, check, read
    from sigcheck.observation.observe import observe
    from sigcheck.pipelines.chain import check_chain
    from sigcheck.pipelines.fuse import fuse
    from sigcheck.schema.errors import SigcheckError, SourceError, UsageError
    from sigcheck.schema.loading import Loading
    from sigcheck.schema.policy import Policy

__version__ = "0.1.0"

__all__ = [
    "Loading",
    "Policy",
    "Report",
    "SigcheckError",
    "SourceError",
    "UsageError",
    "__version__",
    "check",
    "check_chain",
    "fuse",
    "observe",
    "read",
]

_HOMES = {
    "Loading": "sigcheck.schema.loading",
    "Policy": "sigcheck.schema.policy",
    "Report": "sigcheck.api",
    "SigcheckError": "sigcheck.schema.errors",
    "SourceError": "sigcheck.schema.errors",
    "UsageError": "sigcheck.schema.errors",
    "check": "sigcheck.api",
    "check_chain": "sigcheck.pipelines.chain",
    "fuse": "sigcheck.pipelines.fuse",
    "observe": "sigcheck.observation.observe",
    "read": "sigcheck.api",
}


def __getattr__(name: str) -> Any:
    # Resolved when used: `sigcheck --version` and a pytest that never checks pay nothing.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
