"""A certificate says under which sizes it holds."""

from __future__ import annotations

import json

import pytest

from sigcheck.certificates.recheck import verify_adapter
from sigcheck.certificates.terms import Terms
from sigcheck.certificates.write import certify
from tests.planning.sized_files import check_sizes, tensor, written

TAKEN = [tensor("x", "float32", "batch", "t")]
GIVEN = [tensor("x", "float64", None, None)]


@pytest.fixture
def certified(tmp_path):
    report = check_sizes(tmp_path, GIVEN, TAKEN, ["t % 4 == 0"])
    adapter = tmp_path / "adapter.py"
    adapter.write_text(report.result.adapter.source)
    terms = Terms(holds_where=report.result.holds_where)
    text = certify(report.verification, adapter, report.result.adapter.source, report.draft.sources, terms)
    (tmp_path / "adapter.certificate.json").write_text(text)
    return adapter, json.loads(text)


def changes(adapter):
    recheck, now = verify_adapter(adapter)
    return [(one.level, one.message) for one in recheck.changes if one.what == "sizes"], now.holds_where


def test_what_the_adapter_asserts_is_certified(certified):
    adapter, told = certified
    assert told["holds_where"] == ["t % 4 == 0 of x"]
    assert changes(adapter) == ([], ("t % 4 == 0 of x",))


@pytest.mark.parametrize(
    ("constraints", "found"),
    [
        (["t % 4 == 0", "t <= 64"], [("error", "it holds where t <= 64 of x, which was not certified")]),
        ([], [("note", "it holds whether t % 4 == 0 of x or not, as certified it did not")]),
    ],
)
def test_what_a_new_version_demands_breaks_it(certified, tmp_path, constraints, found):
    written(tmp_path, "consumer", inputs=TAKEN, constraints=constraints)
    assert changes(certified[0])[0] == found


def test_a_certificate_from_before_says_nothing_of_sizes(certified, tmp_path):
    adapter, told = certified
    del told["holds_where"]
    (tmp_path / "adapter.certificate.json").write_text(json.dumps(told))
    assert changes(adapter)[0] == []
