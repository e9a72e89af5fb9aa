"""Writing: what was proved of an adapter file, for the file beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sigcheck.certificates.content import certified_side, digest, proved
from sigcheck.certificates.terms import Named, Terms
from sigcheck.certificates.versions import versions_now
from sigcheck.encodings.files import LocalFiles
from sigcheck.encodings.source import Source
from sigcheck.schema.address import masked
from sigcheck.schema.certificate import Certificate, CertifiedSide
from sigcheck.schema.report import Verification
from sigcheck.stages.read import read_one_signature


def certify(proof: Verification, adapter: Path, text: str, sources: Named, terms: Terms) -> str:
    """The certificate, as JSON, of an adapter that was proved; `text` is what its file holds.

    `sources` are the producers and the consumer as they were named or opened, `terms` those of the check.
    """
    producers, consumer = sources
    folder = adapter.parent
    certificate = Certificate(
        adapter=adapter.name,
        sha256=digest(text),
        producers=tuple(_read_side(one, folder, load=terms.load) for one in producers),
        consumer=_read_side(consumer, folder, load=terms.load),
        bind=terms.bind,
        facts=terms.facts,
        policy=terms.policy,
        plans=terms.plans,
        load=terms.load,
        infer=terms.infer,
        **proved(proof),
        versions=versions_now(),
    )
    return write_certificate(certificate)


def write_certificate(certificate: Certificate) -> str:
    """The JSON of a certificate: the same one gives the same bytes."""
    return json.dumps(certificate.model_dump(mode="json"), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _read_side(source: str | Source, folder: Path, *, load: bool) -> CertifiedSide:
    reader, signature = read_one_signature(source, load=load)
    return certified_side(_relative(source, folder), reader, signature)


def _relative(source: str | Source, folder: Path) -> str:
    """The source as it is found from the folder, on every machine that has both."""
    parsed = source if isinstance(source, Source) else Source.parse(source)
    if not isinstance(parsed.files, LocalFiles):
        return masked(parsed.text)
    try:
        path = Path(os.path.relpath(parsed.path, folder)).as_posix()
    except ValueError:
        # On Windows there is no way from one drive to another.
        path = Path(parsed.path).absolute().as_posix()
    return f"{path}#{parsed.selector}" if parsed.selector else path
