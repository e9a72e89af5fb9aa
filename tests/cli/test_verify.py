"""`sigcheck verify`, and the certificate that `adapt` writes. What a worker proves is said by the test."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sigcheck.schema.report import Counterexample, Failure, Verification
from sigcheck.schema.walls import WALLS, Walls

EXECUTED = Verification(level="executed", cases=7)
FAILED = EXECUTED.model_copy(
    update={
        "failures": (
            Failure(
                binding="x",
                case="output_0: ordinary values [3, 10]",
                message="1.0 at [0], expected 0.0",
                counterexample=Counterexample(tensors={"output_0": "[[0.0]] (float32[1, 1])"}, npz="bnB6"),
            ),
        )
    }
)


@pytest.fixture
def proof(monkeypatch):
    """What the next proofs are, and the jobs that asked for them."""
    answer, jobs = [EXECUTED], []

    def verify(sent, level, timeout, **_):
        jobs.extend(sent)
        return tuple(answer[-1] for _ in sent)

    monkeypatch.setattr("sigcheck.verification.verify.verify", verify)
    verify.answer, verify.jobs = answer, jobs
    return verify


@pytest.fixture
def adapter(folder, sigcheck, proof):
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")[0] == 0
    return Path("adapter.py")


def test_adapt_writes_a_certificate_beside_the_file_the_same_each_time(adapter, sigcheck):
    certificate = Path("adapter.certificate.json")
    before = certificate.read_bytes()
    written = json.loads(before)
    assert (written["adapter"], written["level"], written["cases"]) == ("adapter.py", "executed", 7)
    assert [side["source"] for side in written["producers"]] == ["encoder"]
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")[0] == 0
    assert certificate.read_bytes() == before


def test_facts_and_bindings_are_certified_too(folder, sigcheck, proof):
    arguments = ("sensor.keras", "scorer", "--facts", "facts.toml", "--bind", "pressure=readings")
    assert sigcheck("adapt", *arguments, "--loss", "truncating", "-o", "scale.py")[0] == 0
    assert sigcheck("verify", "scale.py")[0] == 0
    first, second = proof.jobs
    assert first.bindings == second.bindings
    assert (first.provided, first.required) == (second.provided, second.required)
    written = json.loads(Path("scale.certificate.json").read_bytes())
    assert written["bind"] == {"pressure": "readings"}
    assert written["policy"]["loss"] == "truncating"


def test_code_on_stdout_and_what_is_not_written_have_no_certificate(folder, sigcheck, proof):
    assert sigcheck("adapt", "encoder", "classifier.keras")[0] == 0
    proof.answer.append(FAILED)
    assert sigcheck("adapt", "encoder", "classifier.keras", "-o", "adapter.py")[0] == 1
    assert not list(Path().glob("*.certificate.json"))


def test_what_holds_is_said_and_exits_with_0(adapter, sigcheck):
    code, out, _ = sigcheck("verify", adapter)
    assert code == 0
    assert out.splitlines() == [
        "adapter.py: its certificate holds",
        "  certified  executed, 7 cases",
        "  now        executed, 7 cases",
    ]


def test_an_edit_exits_with_1_and_is_run_where_asked_only(adapter, sigcheck, proof):
    adapter.write_text(adapter.read_text() + "# edited\n")
    proof.jobs.clear()
    code, out, _ = sigcheck("verify", adapter)
    assert (code, proof.jobs) == (1, [])
    assert "adapter: error: edited since it was certified" in out
    assert "was not run. Run it with --run-adapter" in " ".join(out.split())
    # Nothing was proved: there is no other certificate to write.
    assert sigcheck("verify", adapter, "--update")[0] == 1
    code, _, err = sigcheck("verify", adapter, "--update", "--run-adapter")
    assert (code, err) == (0, "sigcheck: wrote adapter.certificate.json\n")
    assert sigcheck("verify", adapter)[0] == 1
    assert sigcheck("verify", adapter, "--run-adapter")[0] == 0


def test_walls_are_said(adapter, sigcheck, proof):
    walls = Walls(by="bubblewrap", standing=WALLS)
    proof.answer.append(EXECUTED.model_copy(update={"walls": walls}))
    assert "  walls      files, network, processes, privileges (bubblewrap)" in sigcheck("verify", adapter)[1]
    assert json.loads(sigcheck("verify", adapter, "--format", "json")[1])["verification"]["walls"] == {
        "by": "bubblewrap",
        "standing": ["files", "network", "processes", "privileges"],
        "reason": None,
    }
    proof.answer.append(EXECUTED.model_copy(update={"walls": Walls(reason="bubblewrap is not installed")}))
    assert "  walls      none: bubblewrap is not installed" in sigcheck("verify", adapter)[1]


def test_a_failure_saves_its_tensors_and_the_line_that_repeats_it(adapter, sigcheck, proof):
    proof.answer.append(FAILED)
    before = Path("adapter.certificate.json").read_bytes()
    code, out, err = sigcheck("verify", adapter, "--update")
    assert code == 1
    assert "smallest: output_0 = [[0.0]] (float32[1, 1])" in " ".join(out.split())
    assert Path("adapter.counterexample.npz").read_bytes() == b"npz"
    assert err.endswith("reproduce with: sigcheck verify adapter.py --case adapter.counterexample.npz\n")
    assert Path("adapter.certificate.json").read_bytes() == before


def test_a_case_is_sent_to_the_adapter(adapter, sigcheck, proof):
    import numpy as np

    np.savez("case.npz", output_0=np.zeros((1, 10), np.float32))
    assert sigcheck("verify", adapter, "--case", "case.npz")[0] == 0
    assert proof.jobs[-1].case is not None
    code, _, err = sigcheck("verify", adapter, "--case", "case.npz", "--update")
    assert (code, err.startswith("sigcheck: --update: does not go with --case")) == (2, True)


def test_json_is_the_answer_without_tensors(adapter, sigcheck, proof):
    proof.answer.append(FAILED)
    code, out, _ = sigcheck("verify", adapter, "--format", "json")
    written = json.loads(out)
    assert (code, written["holds"], written["schema_version"]) == (1, False, 1)
    assert [change["level"] for change in written["changes"]] == ["error"]
    [failure] = written["verification"]["failures"]
    assert failure["counterexample"] == {"tensors": {"output_0": "[[0.0]] (float32[1, 1])"}}


def test_quiet_tells_errors_only(adapter, sigcheck, proof):
    assert sigcheck("verify", adapter, "-q") == (0, "", "")
    proof.answer.append(EXECUTED.model_copy(update={"cases": 9}))
    assert sigcheck("verify", adapter, "-q") == (0, "", "")
    proof.answer.append(Verification(level="typed", reason="no time"))
    code, out, _ = sigcheck("verify", adapter, "-q")
    assert (code, out.strip().startswith("level: error: typed only, certified as executed: no time")) == (1, True)


SPOILED = {
    "no certificate": lambda: Path("adapter.certificate.json").unlink(),
    "no adapter": lambda: Path("adapter.py").unlink(),
    "no model": lambda: shutil.rmtree("encoder"),
    "a broken certificate": lambda: Path("adapter.certificate.json").write_text("[]"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_cannot_be_read_exits_with_2(adapter, sigcheck, name):
    SPOILED[name]()
    code, out, err = sigcheck("verify", adapter)
    assert (code, out) == (2, "")
    assert err.startswith("sigcheck: ")
    assert err.count("\n") == 1


def test_a_level_that_was_asked_for_and_not_reached_is_an_error(folder, sigcheck, proof):
    proof.answer.append(Verification(level="typed", reason="the time limit of 3 s was used up"))
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--verify", "executed")
    assert (code, "error[unverified_adapter]" in out) == (1, True)
    code, out, _ = sigcheck("check", "encoder", "classifier.keras")
    assert (code, "warning[unverified_adapter]" in out) == (0, True)


def test_models_are_run_only_when_asked(folder, sigcheck, proof):
    assert sigcheck("check", "encoder", "classifier.keras")[0] == 0
    assert proof.jobs[-1].models is None
    # Executed is not what was asked for.
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--run-models")
    assert (code, "proved as executed only, expected end_to_end" in " ".join(out.split())) == (1, True)
    assert [model.source for model in proof.jobs[-1].models.producers] == ["encoder"]
    proof.answer.append(Verification(level="end_to_end", cases=12, max_abs_error=2.5e-7, max_rel_error=1e-7))
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--run-models")
    assert code == 0
    assert "verified: end_to_end, 12 cases, largest error 2.5e-07 (1e-07 relative)" in out
    walls = Walls(reason="bubblewrap is not installed")
    proof.answer.append(proof.answer[-1].model_copy(update={"walls": walls}))
    code, out, _ = sigcheck("check", "encoder", "classifier.keras", "--run-models")
    assert "walls: none: bubblewrap is not installed" in out
    _, out, _ = sigcheck("check", "encoder", "classifier.keras", "--run-models", "--format", "json")
    assert json.loads(out)["verification"]["walls"]["standing"] == []


REFUSED = {
    (
        "encoder.json",
        "classifier.keras",
        "--run-models",
    ): "read as signature_file, expected a SavedModel or a Keras file",
    ("encoder", "classifier.keras", "--run-models", "--verify", "typed"): "goes beyond the level typed",
}


@pytest.mark.parametrize("arguments", REFUSED)
def test_models_that_cannot_be_run_are_told_before_anything_is(folder, sigcheck, proof, arguments):
    assert sigcheck("show", "encoder", "-o", "encoder.json")[0] == 0
    code, out, err = sigcheck("check", *arguments)
    assert (code, out, proof.jobs) == (2, "", [])
    assert REFUSED[arguments] in err
