"""Public reports of inputs without a shape, as old placeholders have them, replayed as their authors would."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.tensorflow


class TestKeepProb:
    """serving 1581, 719: token ids and a `dropout_keep_prob` of unknown rank, which a batch of three numbers breaks."""

    ENDS = ({"input_p1": "int32[?, 8]"}, {"input_p1": "int32[?, 8]", "dropout_keep_prob": "float32[*]"})

    def test_the_help_says_how_it_is_fed(self, check):
        told = check(*self.ENDS)
        assert told.verdict == "blocked"
        assert "--const dropout_keep_prob=VALUE" in told.errors["missing_input"]

    def test_it_is_the_number_that_was_told_and_none_for_each_example(self, check):
        told = check(*self.ENDS, "--const", "dropout_keep_prob=1.0")
        assert (told.code, told.verdict) == (0, "adapts")
        (keep,) = (one for one in told.report["bindings"] if one["required"] == "dropout_keep_prob")
        assert (keep["junction"]["result"]["shape"], keep["verdict"]) == ([], "adapts")
