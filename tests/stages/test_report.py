from __future__ import annotations

from sigcheck import api


def test_a_report_is_short_where_values_are_printed():
    report = api.check({"y": "float32[?, 10]"}, {"x": "int32[?, 10]"}, bind={"y": "x"}, verify="typed")
    assert repr(report) == "<Report blocked, typed; lossy_cast>"
    assert repr(api.check({"x": "int32[3]"}, {"x": "int32[3]"})) == "<Report fits, typed>"


def test_the_graph_that_was_searched_can_be_looked_at():
    report = api.check(
        {"a": "float32[?, 10]", "b": "int32[3]"}, {"a": "float32[?, 1, 10]", "b": "int32[3]"}, verify="typed"
    )
    costs = [edge["step"].cost == edge["cost"] for _, _, edge in report.graph.edges(data=True)]
    assert costs
    assert all(costs)
    assert report.graph.number_of_nodes() == sum(len(graph) for graph in report.graphs.values())
    assert len(api.check({"x": "int32[3]"}, {"x": "int32[3]"}).graph) == 0
    assert report.verification.level == "typed"
