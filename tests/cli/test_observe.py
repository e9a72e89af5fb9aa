"""`sigcheck observe`: what is refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rank"


@pytest.mark.parametrize("model", ["encoder", "classifier.keras"])
def test_a_model_is_to_be_run_before_it_is_data(sigcheck, model):
    code, out, err = sigcheck("observe", str(FIXTURES / model))
    assert (code, out) == (2, "")
    assert err.endswith(
        "a model, expected data. Run it on some, with --data DATA --run-models, to measure what it gives.\n"
    )


def test_what_is_neither_is_told_as_before(sigcheck, tmp_path):
    (tmp_path / "a.txt").write_text("x")
    assert "no data that is known here" in sigcheck("observe", str(tmp_path / "a.txt"))[2]
    assert "no data here" in sigcheck("observe", str(tmp_path))[2]
