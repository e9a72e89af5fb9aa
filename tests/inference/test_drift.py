"""What graphs prove is locked, so that a model that changed under the same signature is told."""

from __future__ import annotations

import pytest

from sigcheck import api
from sigcheck.project.lock_file import Lock, LockedModel, parse_lock, write_lock
from sigcheck.rules import find_changes
from sigcheck.rules.views.upgrade import UpgradeView
from tests.inference.files import FLOAT, X, written, written_node


@pytest.fixture
def locked(tmp_path):
    """The lock's entry of a frozen graph of one operation, written and parsed again."""

    def lock(op):
        path = tmp_path / "m.pb"
        path.write_bytes(written(X, written_node("y", op, "x", attributes=FLOAT)))
        model = api.read(str(path), infer=True)
        entry = LockedModel(source="m.pb", reader=model.reader, signature=model.signatures[0])
        text = write_lock(Lock(models={"m": entry}))
        return text, parse_lock(text).models["m"].signature

    return lock


def test_a_lock_holds_what_is_proved(locked):
    text, signature = locked("Softmax")
    assert 'proved = { range = [0.0, 1.0], meaning = "probabilities" }' in text
    claims = [(claim.name, claim.value, claim.tier) for claim in signature.outputs[0].inferred]
    assert claims == [("range", (0, 1), "proved"), ("meaning", "probabilities", "proved")]
    assert signature.outputs[0].spec.facts.known() == {}


def test_a_range_that_changed_under_the_same_signature(locked):
    before, after = locked("Sigmoid")[1], locked("Tanh")[1]
    (finding,) = find_changes(UpgradeView(before, after))
    assert (finding.level, finding.rule) == ("warning", "inferred_fact_changed")
    assert finding.message == "range is [-1, 1], and was [0, 1]"
    assert find_changes(UpgradeView(after, before)) == ()


def test_a_lock_from_before_says_nothing(locked):
    bare = locked("Neg")[1]
    assert "proved" not in locked("Neg")[0]
    assert find_changes(UpgradeView(bare, locked("Sigmoid")[1])) == ()
