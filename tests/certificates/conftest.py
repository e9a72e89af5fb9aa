from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sigcheck import api
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.write import certify
from tests.certificates.adapter import EXECUTED, FIXTURES


@pytest.fixture
def adapter(tmp_path, monkeypatch):
    """An adapter file with its certificate; what a worker would prove is said by `proofs`, without TensorFlow."""
    shutil.copytree(FIXTURES / "rank", tmp_path / "models")
    monkeypatch.chdir(tmp_path)
    report = api.check("models/encoder", "models/classifier.keras", verify="typed")
    report = api.Report(report.result.model_copy(update={"verification": EXECUTED}), report.draft)
    path = Path("adapters") / "rank.py"
    path.parent.mkdir()
    path.write_text(report.adapter.source, encoding="utf-8")
    text = certify(EXECUTED, path, report.adapter.source, report.draft.sources, Terms())
    certificate_path(path).write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def proofs(monkeypatch):
    """The jobs that were sent, and what is answered to the next."""
    sent = []

    def verify(jobs, level, timeout):
        sent.extend((job, level) for job in jobs)
        return tuple(answer[0] for _ in jobs)

    answer = [EXECUTED]
    monkeypatch.setattr("sigcheck.verification.verify.verify", verify)
    verify.sent, verify.answer = sent, answer
    return verify
