"""The certificate of an adapter file, written beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sigcheck.cli.output import write_whole

if TYPE_CHECKING:
    from sigcheck.api import Report


def certify_file(
    report: Report, adapter: Path, text: str, sources: tuple[str, str], keywords: Mapping[str, Any]
) -> None:
    """Writes what was proved of an adapter file; `keywords` are those that the check was called with.

    Raises UsageError where it cannot be written.
    """
    from sigcheck.certification import certificate_path, certify

    producer, consumer = sources
    told = {name: keywords[name] for name in ("facts", "bind", "load", "infer")}
    write_whole(certificate_path(adapter), certify(report, adapter, text, ([producer], consumer), **told))
