from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import sigcheck
from sigcheck import Policy

FILLER, SIZE = 9, 6
LENGTHS = (3, 1, 4)
SIDES = ("post", "pre")


def filled(side, value, width):
    """Rows of ones and up, or of ones, filled on a side."""
    rows = [list(range(1, length + 1)) for length in LENGTHS]
    padded = [
        [*row, *[value] * (width - len(row))] if side == "post" else [*[value] * (width - len(row)), *row]
        for row in rows
    ]
    return np.array(padded, np.int32)


def ends(ids_facts, mask_facts, wanted, mask_wanted, width):
    producer = {"ids": f"int32[?, {width}]", "mask": f"int32[?, {width}]"}
    consumer = {"ids": f"int32[?, {SIZE}]", "mask": f"int32[?, {SIZE}]"}
    facts = {
        "producer": {"ids": ids_facts, "mask": mask_facts},
        "consumer": {"ids": wanted, "mask": mask_wanted},
    }
    return producer, consumer, facts


def padding(value, side):
    return {"padding": {"value": value, "side": side}}


@pytest.mark.tensorflow
@pytest.mark.parametrize("width", [4, SIZE])
@pytest.mark.parametrize("side", SIDES)
def test_a_mask_that_passes_says_which_ids_are_some(side, width):
    """Whatever is declared of the mask: what passes without a word of its rows tells filling from ids."""
    import tensorflow as tf

    given = {"ids": filled(side, FILLER, width)}
    given["mask"] = (given["ids"] != FILLER).astype(np.int32)
    told = [{}, *(padding(0, one) for one in SIDES)]
    passed = 0
    for wanted, ours, theirs in product(SIDES, [{}, padding(0, side)], told):
        producer, consumer, facts = ends(padding(FILLER, side), ours, padding(FILLER, wanted), theirs, width)
        report = sigcheck.check(producer, consumer, facts=facts, policy=Policy(pad_value=0), verify="typed")
        if report.verdict == "undecided" or any(one.rule == "misplaced_rows" for one in report.findings):
            continue
        made = report.adapter({name: tf.constant(value) for name, value in given.items()})
        np.testing.assert_array_equal(made["mask"], (made["ids"].numpy() != FILLER).astype(np.int32))
        passed += 1
    assert passed >= 4


CASES = {
    "filled in front beside a mask filled behind": ("int32[?, 4]", padding(0, "pre"), {}, "undecided"),
    "all in front": ("int32[?, 4]", padding(0, "pre"), padding(0, "pre"), "adapts"),
    "all behind": ("int32[?, 4]", padding(0, "post"), padding(0, "post"), "adapts"),
    "both told": ("int32[?, 4]", padding(0, "pre"), padding(0, "post"), "adapts"),
    "a mask beside nothing else is of these rows": (
        "int32[?, 4]",
        padding(0, "pre"),
        {**padding(0, "post"), "meaning": "mask"},
        "undecided",
    ),
    "rows of rows": ("ragged int32[?, None]", padding(0, "pre"), padding(0, "pre"), "guarded"),
}


@pytest.mark.parametrize("name", CASES)
def test_rows_are_moved_together(name):
    given, ids, mask, verdict = CASES[name]
    report = sigcheck.check(
        {"ids": given, "mask": given},
        {"ids": "int32[?, 6]", "mask": "int32[?, 6]"},
        facts={"consumer": {"ids": ids, "mask": mask}},
        policy=Policy(pad_value=0),
        verify="typed",
    )
    assert report.verdict == verdict


def test_other_sizes_and_other_names_are_other_rows():
    ids = {"ids": "int32[?, 4]"}
    for other, wanted, axes in (
        ("int32[?, 5]", "int32[?, 5]", None),
        ("int32[?, 4]", "int32[?, 6]", ["batch", "word"]),
    ):
        names = {} if axes is None else {"axes": axes}
        report = sigcheck.check(
            {**ids, "other": other},
            {"ids": "int32[?, 6]", "other": wanted},
            facts={"consumer": {"ids": {**padding(0, "pre"), "axes": ["batch", "token"]}, "other": names}},
            policy=Policy(pad_value=0),
            verify="typed",
        )
        assert report.verdict == "adapts"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (("int32[?, 9]", "int32[?, 9]"), ("int32[9, ?]", "int32[9, ?]")),
        (("int32[?, 9]", "int32[?, 9]"), ("int32[9, ?, 1]", "int32[9, ?]")),
        (("int32[?, ?]", "int32[?, 9]"), ("int32[?, ?]", "int32[?, ?]")),
        (("int32[?, 9]", "int32[?, 9]"), ("int32[?, 9]", "int32[?, ?]")),
    ],
)
def test_time_in_front_and_open_sizes_hide_no_mask_of_rows(given, taken):
    """Each is turned, or fits whatever its size; the ids were moved all the same, and the mask was not."""
    names = ["time", "batch", "feature"] if taken[0].startswith("int32[9") else None
    axes = [{} if names is None else {"axes": names[: len(spec.split(","))]} for spec in taken]
    report = sigcheck.check(
        dict(zip(("ids", "mask"), given, strict=True)),
        dict(zip(("ids", "mask"), taken, strict=True)),
        facts={
            "producer": dict.fromkeys(("ids", "mask"), padding(0, "post")),
            "consumer": {"ids": {**padding(0, "pre"), **axes[0]}, "mask": axes[1]},
        },
        verify="typed",
    )
    assert report.verdict == "undecided"
    assert [one.place for one in report.findings if one.rule == "misplaced_rows"] == ["mask"]


def test_rows_that_are_joined_are_moved_together_with_their_mask():
    report = sigcheck.check(
        {"a": "int32[?, 4]", "b": "int32[?, 5]", "mask": "int32[?, 9]"},
        {"ids": "int32[?, 12]", "mask": "int32[?, 12]"},
        facts={"consumer": {"ids": {**padding(0, "pre"), "meaning": "token_ids"}}},
        bind={"concat(a, b, axis=1)": "ids", "mask": "mask"},
        policy=Policy(pad_value=0),
        verify="typed",
    )
    assert report.verdict == "undecided"
    assert [one.place for one in report.findings if one.rule == "misplaced_rows"] == ["mask"]


def test_places_that_are_counted_lie_along_all_of_their_axis():
    report = sigcheck.check(
        {"ids": "int32[?, 9]"},
        {"ids": "int32[?, 9]", "position_ids": "int32[?, 9]"},
        facts={"producer": {"ids": padding(0, "post")}, "consumer": {"ids": padding(0, "pre")}},
        bind={"range(ids, axis=1)": "position_ids", "ids": "ids"},
        verify="typed",
    )
    assert report.verdict == "adapts"


def test_numbers_beside_rows_of_any_length_are_no_rows():
    report = sigcheck.check(
        {"ids": "int32[?, ?]", "user": "float32[?, 20]"},
        {"ids": "int32[?, ?]", "user": "float32[?, 20]"},
        facts={"producer": {"ids": padding(0, "post")}, "consumer": {"ids": padding(0, "pre")}},
        verify="typed",
    )
    assert report.verdict == "adapts"


def test_rows_that_somebody_tells_of_keep_their_own_mask():
    """An encoder's ids in front, a decoder's behind: a mask of which nobody says more may be of the decoder."""
    report = sigcheck.check(
        dict.fromkeys(("encoder", "decoder", "mask"), "int32[?, 4]"),
        dict.fromkeys(("encoder", "decoder", "mask"), "int32[?, 6]"),
        facts={"consumer": {"encoder": padding(0, "pre"), "decoder": padding(0, "post")}},
        policy=Policy(pad_value=0),
        verify="typed",
    )
    assert report.verdict == "adapts"


def test_a_mask_of_lengths_lies_in_front():
    facts = {
        "producer": {"lengths": {"meaning": "lengths"}},
        "consumer": {"ids": padding(0, "pre"), "mask": {"meaning": "mask"}},
    }
    ends = ({"ids": "int32[?, 4]", "lengths": "int32[?]"}, {"ids": "int32[?, 6]", "mask": "int32[?, 6]"})
    report = sigcheck.check(
        *ends, bind={"lengths": "mask"}, facts=facts, policy=Policy(loss="irreversible"), verify="typed"
    )
    assert report.verdict == "undecided"
    assert "misplaced_rows" in {one.rule for one in report.findings}
