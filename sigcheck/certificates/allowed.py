"""Allowed: what a person lets a recheck read and run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sigcheck.certificates.paths import certificate_path
from sigcheck.encodings.permission import NO_PERMISSION, Permission
from sigcheck.encodings.source import Source
from sigcheck.schema.certificate import Certificate
from sigcheck.schema.errors import UsageError


@dataclass(frozen=True)
class Allowed:
    """What a person lets a recheck run. A certificate is a file like any other: it turns on nothing."""

    # Load the models by TensorFlow, where they were for the certificate.
    load: bool = False
    # Run the models, where they were for the certificate.
    run_models: bool = False
    # Run an adapter that sigcheck did not write.
    run_adapter: bool = False
    # Open models by an address, or outside the folder of the project.
    permission: Permission = NO_PERMISSION
    # The folder of the project: unless given the current one, or that of the adapter where it lies elsewhere.
    root: Path | None = None

    def open(self, source: str, adapter: Path) -> Source:
        """The source that the certificate beside an adapter names. Raises SourceError where it may not be opened."""
        return self.permission.source(adapter.parent, source, self.permission.files(self.folder(adapter)))

    def folder(self, adapter: Path) -> Path:
        """The folder of the project."""
        return self.root or (Path() if adapter.absolute().is_relative_to(Path.cwd()) else adapter.parent)


NOTHING = Allowed()


def require_allowed(certificate: Certificate, adapter: Path, allowed: Allowed) -> None:
    """Raises UsageError where the proof takes what the person did not allow."""
    place = str(certificate_path(adapter))
    if any((certificate.load, *(side.load for side in certificate.sides))) and not allowed.load:
        raise UsageError(
            place, "its models were loaded by TensorFlow, which runs what is in them. Allow it with --load."
        )
    if certificate.level == "end_to_end" and not allowed.run_models:
        raise UsageError(place, "its models were run, and are programs. Allow it with --run-models.")
