from __future__ import annotations

IDS = {"meaning": "class_ids"}
CASES = [("any[?]", "string[?]", IDS, IDS), ("int64[]", "string[]", IDS, IDS)]


def test_only_declared_whole_numbers_are_written(propose):
    assert propose("number_to_string", "int64[?]", "string[?]") == []
    assert propose("number_to_string", "float32[?]", "string[?]", IDS, IDS) == []
