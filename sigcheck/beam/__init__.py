"""Beam: the pass over data on Apache Beam, whose runners spread it over processes or machines.

    import apache_beam as beam
    import sigcheck.beam

    with beam.Pipeline() as pipeline:
        pipeline | beam.Create(arrays) | sigcheck.beam.Observe() | beam.Map(print)

Needs the extra `beam`: pip install 'sigcheck[beam]'.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sigcheck.beam.transforms import Observe, ObserveFiles

__all__ = ["Observe", "ObserveFiles"]


def __getattr__(name: str) -> Any:
    # Beam takes seconds to import, and is not everybody's.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("sigcheck.beam.transforms"), name)
