from __future__ import annotations

import pytest

from sigcheck.reports.parts.flowchart import MAX_EDGES, Edge, draw

PICTURE = """\
flowchart LR
  m0["encoder"]
  m1["classifier"]
  m2["viewer"]
  m0 -->|"adapts"| m1
  m0 -->|"blocked"| m2
  linkStyle 0 stroke:#2da44e
  linkStyle 1 stroke:#cf222e,stroke-dasharray:6"""


def test_a_pipeline_looks_like_this():
    edges = [Edge("encoder", "classifier", "adapts", "adapts"), Edge("encoder", "viewer", "blocked", "blocked")]
    assert draw(edges) == (PICTURE, 0)


@pytest.mark.parametrize("name", ['a"]; click m0 "javascript:x"', "```\n<b>", "end", "%%x", "#quot;", "a\x00\ud800"])
def test_no_name_ends_its_label(name):
    text, _ = draw([Edge(name, "b", name, "fits")])
    _, node, _, edge, _ = text.split("\n")
    assert node.startswith('  m0["')
    assert node.endswith('"]')
    assert node.count('"') == 2
    assert edge.count('"') == 2
    assert not set("<>`%&\x00") & set(text.replace("-->", ""))


def test_too_many_links_leave_the_worst():
    edges = [Edge(f"a{at}", f"b{at}", "", "blocked" if at == MAX_EDGES + 1 else "fits") for at in range(MAX_EDGES + 3)]
    text, left_out = draw(edges)
    assert left_out == 3
    assert f'"a{MAX_EDGES + 1}"' in text
    assert f'"a{MAX_EDGES}"' not in text


def test_a_long_name_is_cut():
    text, _ = draw([Edge("a" * 500, "b", "", "fits")])
    assert max(map(len, text.split("\n"))) < 100
