"""Content of a certificate: what says that a file, a model and a proof are the same as before."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sigcheck.schema.certificate import CertifiedSide
from sigcheck.schema.report import Verification
from sigcheck.stages.read_source import ReadSource


def digest(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def certified_side(source: str, read: ReadSource) -> CertifiedSide:
    """A model as a certificate holds it, with the hash of its signature; `source` is what it is called there."""
    signature = read.signature
    written = json.dumps(signature.model_dump(mode="json"), sort_keys=True)
    return CertifiedSide(
        source=source,
        reader=read.model.reader,
        sha256=digest(written),
        signature=signature,
        load=False if read.loading is None else read.loading.written,
    )


def proved(proof: Verification) -> dict[str, Any]:
    """What a certificate holds of a proof."""
    names = ("level", "cases", "reason", "max_abs_error", "max_rel_error", "sizes", "seeds")
    return {name: getattr(proof, name) for name in names}
