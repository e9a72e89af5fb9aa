from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from sigcheck import api
from sigcheck.certificates.allowed import Allowed
from sigcheck.certificates.counterexample import counterexample_of
from sigcheck.certificates.paths import certificate_path
from sigcheck.certificates.recheck import verify_adapter
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.write import certify, write_certificate
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Counterexample, Failure, Verification
from tests.certificates.adapter import EXECUTED, FIXTURES, edit
from tests.inference.files import FLOAT, X, written, written_node


def changes(recheck):
    return [(change.what, change.level, change.message) for change in recheck.changes]


def test_what_is_as_it_was_holds(adapter, proofs):
    recheck, now = verify_adapter(adapter)
    assert (changes(recheck), recheck.holds, recheck.exit_code) == ([], True, 0)
    [(job, level)] = proofs.sent
    assert (job.source, level, job.is_handwritten) == (adapter.read_text(encoding="utf-8"), "executed", False)
    assert write_certificate(now) == certificate_path(adapter).read_text(encoding="utf-8")


FOREIGN = "it is not what sigcheck writes for these models, but somebody's program"
NOT_RUN = f"typed only, certified as executed: {FOREIGN}, and was not run. Run it with --run-adapter"


def test_an_edited_adapter_is_not_run(adapter, proofs):
    edit(adapter)
    recheck, _ = verify_adapter(adapter)
    assert changes(recheck) == [
        ("adapter", "error", "edited since it was certified"),
        ("level", "error", NOT_RUN),
    ]
    assert (recheck.exit_code, proofs.sent) == (1, [])


def test_a_certificate_that_was_edited_too_changes_nothing_of_that(adapter, proofs):
    edit(adapter)
    path = certificate_path(adapter)
    written = json.loads(path.read_text(encoding="utf-8"))
    written["sha256"] = hashlib.sha256(adapter.read_bytes()).hexdigest()
    path.write_text(json.dumps(written), encoding="utf-8")
    recheck, _ = verify_adapter(adapter)
    assert changes(recheck) == [("adapter", "note", FOREIGN), ("level", "error", NOT_RUN)]
    assert (recheck.exit_code, proofs.sent) == (1, [])


def test_an_edited_adapter_that_may_be_run_is_told_whatever_it_does(adapter, proofs):
    edit(adapter)
    allowed = Allowed(run_adapter=True)
    recheck, now = verify_adapter(adapter, allowed=allowed)
    assert changes(recheck) == [("adapter", "error", "edited since it was certified")]
    assert recheck.exit_code == 1
    assert proofs.sent[0][0].is_handwritten
    certificate_path(adapter).write_text(write_certificate(now), encoding="utf-8")
    again = verify_adapter(adapter, allowed=allowed)[0]
    assert (again.holds, changes(again)) == (True, [("adapter", "note", FOREIGN)])


@pytest.mark.parametrize("text", ["; verified: executed, 9 cases", "; verified: end_to_end, 12 cases", ""])
def test_what_a_file_says_of_its_proof_is_no_edit_of_its_code(adapter, proofs, text):
    written = adapter.read_text(encoding="utf-8")
    changed = re.sub(r"(Written by `sigcheck adapt`)[^.]*", rf"\1{text}", written)
    adapter.write_text(changed, encoding="utf-8")
    verify_adapter(adapter)
    assert not proofs.sent[0][0].is_handwritten


@pytest.mark.parametrize(
    "text",
    ['; verified: executed, 9 cases""" + print(1) + """', "; verified: wishful, 9 cases", "; verified: executed"],
)
def test_what_is_no_proof_is_an_edit(adapter, proofs, text):
    written = adapter.read_text(encoding="utf-8")
    adapter.write_text(written.replace("sigcheck adapt`", f"sigcheck adapt`{text}"), encoding="utf-8")
    verify_adapter(adapter)
    assert proofs.sent == []


TURNED_ON = {
    "load": ('"load": false', '"load": true', "--load"),
    "level": ('"level": "executed"', '"level": "end_to_end"', "--run-models"),
}


@pytest.mark.parametrize("name", TURNED_ON)
def test_a_certificate_turns_on_nothing(adapter, proofs, monkeypatch, name):
    before, after, option = TURNED_ON[name]
    path = certificate_path(adapter)
    path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    loaded = []
    monkeypatch.setattr("sigcheck.readers.loaded.read.read_loaded", lambda *given, **_: loaded.append(given))
    with pytest.raises(UsageError, match=rf"Allow it with {option}"):
        verify_adapter(adapter)
    assert (loaded, proofs.sent) == ([], [])


def test_line_ends_of_another_system_are_no_edit(adapter, proofs):
    adapter.write_bytes(adapter.read_bytes().replace(b"\n", b"\r\n"))
    assert verify_adapter(adapter)[0].holds


def test_another_signature_is_told_endpoint_by_endpoint(adapter, proofs):
    shutil.copy(FIXTURES / "range" / "sensor.keras", "models/classifier.keras")
    recheck, _ = verify_adapter(adapter)
    told = {what: message for what, level, message in changes(recheck) if level == "error"}
    assert "no input 'x' any more" in told["../models/classifier.keras"]
    assert "new input voltages: float32[?, 8]" in told["../models/classifier.keras"]
    assert told["level"].startswith("typed only, certified as executed: the models no longer fit: ")


FAILED = Failure(
    binding="x",
    case="output_0: ordinary values [3, 10]",
    message="1.0 at [0], expected 0.0",
    counterexample=Counterexample(tensors={"output_0": "[[0.0]] (float32[1, 1])"}, npz="bnB6"),
)


def test_a_failure_is_told_with_its_smallest_tensors(adapter, proofs):
    proofs.answer[0] = EXECUTED.model_copy(update={"failures": (FAILED,)})
    recheck, _ = verify_adapter(adapter)
    [(what, level, message)] = changes(recheck)
    assert (what, level) == ("x", "error")
    assert message.endswith("expected 0.0; smallest: output_0 = [[0.0]] (float32[1, 1])")
    assert counterexample_of(recheck.verification) == b"npz"
    assert counterexample_of(EXECUTED) is None


def test_a_lower_level_is_an_error_and_other_cases_are_a_note(adapter, proofs):
    proofs.answer[0] = Verification(level="typed", reason="TensorFlow is not installed")
    recheck, _ = verify_adapter(adapter)
    assert changes(recheck) == [
        ("level", "error", "typed only, certified as executed: TensorFlow is not installed"),
    ]
    proofs.answer[0] = EXECUTED.model_copy(update={"cases": 9})
    recheck, _ = verify_adapter(adapter)
    assert changes(recheck) == [("cases", "note", "9 cases, certified with 7")]


def test_other_versions_are_a_note(adapter, proofs, monkeypatch):
    monkeypatch.setattr("sigcheck.certificates.recheck.versions_now", lambda: {"python": "3.99.0"})
    recheck, _ = verify_adapter(adapter)
    assert recheck.holds
    assert ("python", "note") in [(what, level) for what, level, _ in changes(recheck)]
    assert any(message.startswith("not installed, certified with") for _, _, message in changes(recheck))


def test_models_are_run_again_where_they_were(adapter, proofs):
    path = certificate_path(adapter)
    path.write_text(path.read_text(encoding="utf-8").replace('"level": "executed"', '"level": "end_to_end"'), "utf-8")
    proofs.answer[0] = EXECUTED.model_copy(update={"level": "end_to_end"})
    assert verify_adapter(adapter, allowed=Allowed(run_models=True))[0].holds
    models = proofs.sent[0][0].models
    assert [model.reader for model in (*models.producers, models.consumer)] == ["saved_model", "keras"]
    assert models.producers[0].names == ("output_0",)


@pytest.fixture
def softmaxes(tmp_path, monkeypatch):
    """Two frozen graphs, of which one gives [0, 1] and the other divides pixels by 255, and the facts to join them."""
    monkeypatch.chdir(tmp_path)
    for name, op in (("head", "Sigmoid"), ("body", "Relu")):
        Path(f"{name}.pb").write_bytes(written(X, written_node("y", op, "x", attributes=FLOAT)))
    return {"consumer": {"x": {"range": [0, 255]}}}


@pytest.mark.parametrize(("infer", "steps"), [(True, "scale"), (False, "")])
def test_a_certificate_records_whether_graphs_were_looked_at(softmaxes, proofs, infer, steps):
    told = {"facts": softmaxes, "bind": {"y": "x"}, "infer": infer}
    report = api.check("head.pb", "body.pb", verify="typed", **told)
    assert [step.transform for one in report.bindings for step in one.plan.steps] == [steps] * bool(steps)
    report = api.Report(report.result.model_copy(update={"verification": EXECUTED}), report.draft)
    path = Path("a.py")
    path.write_text(report.adapter.source, encoding="utf-8")
    text = certify(EXECUTED, path, report.adapter.source, report.draft.sources, Terms(**told))
    certificate_path(path).write_text(text, encoding="utf-8")
    assert json.loads(text)["infer"] is infer

    recheck, now = verify_adapter(path)
    assert (recheck.holds, now.infer) == (True, infer)
    assert [step.transform for one in proofs.sent[0][0].bindings for step in one.plan.steps] == [steps] * bool(steps)
    without = [("x", "note", "certified without what graphs show; with it: adapts, scale(from=[0, 1], to=[0, 255])")]
    assert changes(recheck) == ([] if infer else without)
