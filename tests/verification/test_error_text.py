from __future__ import annotations

import pytest

from sigcheck.verification.error_text import in_words


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", "ValueError"),
        ("no such axis", "ValueError: no such axis"),
        (
            "Graph execution error:\n\nDetected at node Cast\nshapes differ\n\t [[{{node Cast}}]]",
            "ValueError: shapes differ",
        ),
        ("<stack traces unavailable> assertion failed", "ValueError: assertion failed"),
        (
            "calling Add.call().\n\n\x1b[1m{{function_node __wrapped__AddV2_device_/job:a/device:CPU:0}} shapes\x1b[0m",
            "ValueError: calling Add.call(). shapes",
        ),
        ('in user code:\n    File "a.py", line 3, in adapt\n    two lines\nof text', "ValueError: two lines of text"),
    ],
)
def test_an_error_is_one_line_without_its_surroundings(message, words):
    assert in_words(ValueError(message)) == words


def test_a_whole_graph_is_cut():
    assert in_words(ValueError("x" * 10_000)).endswith("...")
    assert len(in_words(ValueError("x" * 10_000))) < 600
