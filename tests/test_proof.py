from __future__ import annotations

from sigcheck import api


def test_a_report_is_short_where_values_are_printed():
    report = api.check({"y": "float32[?, 10]"}, {"x": "int32[?, 10]"}, bind={"y": "x"}, verify="typed")
    assert repr(report) == "<Report blocked, typed; lossy_cast>"
    assert repr(api.check({"x": "int32[3]"}, {"x": "int32[3]"})) == "<Report fits, typed>"
