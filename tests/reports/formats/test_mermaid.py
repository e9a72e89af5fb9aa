from __future__ import annotations

from sigcheck.reports.formats.mermaid import render_chain, render_check


def test_a_check_is_one_link_of_two_models(result):
    head, *lines = render_check(result).split("\n")
    assert head == "flowchart LR"
    assert len([line for line in lines if " -->|" in line]) == 1
    assert [line.partition("[")[0] for line in lines[:2]] == ["  m0", "  m1"]


def test_a_chain_has_a_link_for_each_of_its_links(chain):
    assert render_chain(chain).count(" -->|") == len(chain.links)
