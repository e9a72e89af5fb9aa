from __future__ import annotations

import time

from sigcheck.schema.near_name import near_name, near_names


def test_the_closest_name_is_meant():
    assert near_name("encodr", ["decoder", "encoder"]) == "encoder"
    assert near_names("encodr", ["decoder", "encoder"], 2) == ["encoder", "decoder"]
    assert near_name("x", ["encoder"]) is None
    assert near_name("", [""]) is not None


def test_thousands_of_names_alike_take_no_time():
    begun = time.thread_time()
    for length in (1, 30, 99, 200, 100_000):
        near_names("a" * length, [f"{'a' * length}{index}" for index in range(min(5_000, 10**7 // length))])
    assert time.thread_time() - begun < 1.5
