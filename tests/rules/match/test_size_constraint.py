from __future__ import annotations

import json

import pytest

from sigcheck import api
from sigcheck.schema.policy import Policy

CONSUMER = {
    "inputs": [{"name": "image", "dtype": "float32", "shape": [None, None, 3], "sizes": ["batch", "height", 3]}],
    "outputs": [],
    "constraints": [{"holds": "height % 4 == 0", "because": ["Concat of [height] and [4*(height // 4)] at `c`"]}],
}


def checked(folder, given, consumer=CONSUMER, **options):
    (folder / "p.json").write_text(json.dumps({"outputs": {"image": given}, "inputs": []}))
    (folder / "c.json").write_text(json.dumps(consumer))
    return api.check(str(folder / "p.json"), str(folder / "c.json"), verify="typed", **options)


def test_a_size_at_which_the_model_fails_is_led_to_one_that_does(tmp_path):
    report = checked(tmp_path, "float32[?, 30, 3]")
    assert (report.verdict, report.exit_code, report.adapter) == ("undecided", 2, None)
    (finding,) = [one for one in report.findings if one.rule == "size_constraint"]
    assert (finding.level, finding.place) == ("warning", "image")
    assert finding.message == "required height % 4 == 0, provided height = 30"
    assert finding.help == "feed 28 or 32; demanded by Concat of [height] and [4*(height // 4)] at `c`"
    assert finding.required == "image: float32[batch, height, 3]"
    assert [str(one) for one in report.bindings[0].candidates] == ["pad(sizes=[?, 32, ?], value=0, side=post)"]
    assert not [one for one in report.findings if one.rule == "size_mismatch"]


def test_what_leads_to_a_size_that_does_passes_where_the_policy_says_so(tmp_path):
    report = checked(tmp_path, "float32[?, 30, 3]", policy=Policy(pad_value=0))
    assert report.verdict == "adapts"
    (finding,) = [one for one in report.findings if one.rule == "size_constraint"]
    assert finding.help.startswith("the adapter does it: pad(sizes=[?, 32, ?], value=0, side=post); demanded by")


def test_a_size_that_nothing_leads_to_a_better_one_blocks_the_pair(tmp_path):
    report = checked(tmp_path, "float32[?, 30, 3]", policy=Policy(deny=("pad",)))
    assert (report.verdict, report.exit_code, report.adapter) == ("blocked", 1, None)
    assert [one.level for one in report.findings if one.rule == "size_constraint"] == ["error"]


def test_a_size_at_which_it_runs_fits(tmp_path):
    report = checked(tmp_path, "float32[?, 32, 3]")
    assert (report.verdict, report.findings) == ("fits", ())
    assert not any("height" in line for line in report.unchecked)


def test_a_size_that_is_open_on_both_sides_is_not_checked(tmp_path):
    report = checked(tmp_path, "float32[?, ?, 3]")
    assert report.verdict == "fits"
    assert "height % 4 == 0 of image: open on both sides" in report.unchecked


@pytest.mark.parametrize(("given", "verdict"), [("float64[?, 30, 3]", "undecided"), ("float64[?, 32, 3]", "adapts")])
def test_the_sizes_after_the_plan_count(tmp_path, given, verdict):
    assert checked(tmp_path, given).verdict == verdict
