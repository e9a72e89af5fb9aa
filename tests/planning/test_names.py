from __future__ import annotations

import pytest

from sigcheck.planning.names import is_counter, match_names, nearest, plain


@pytest.mark.parametrize(
    "name", ["output_0", "keras_tensor_12", "x", "args_0_1", "Identity_3", "serving_default_input_1"]
)
def test_counters_are_known(name):
    assert is_counter(name)


@pytest.mark.parametrize("name", ["embedding", "input_ids", "logits_1", "x_ray"])
def test_names_that_people_gave_are_no_counters(name):
    assert not is_counter(name)


@pytest.mark.parametrize("name", ["serving_default_Input_IDs:0", "input-ids", "inputIds", "import/input_ids:0"])
def test_plain_names(name):
    assert plain(name) == "inputids"


def test_equal_names_come_before_plain_ones():
    assert match_names(["Input_Ids", "input_ids"], ["input_ids", "InputIds"]) == {
        "input_ids": "input_ids",
        "InputIds": "Input_Ids",
    }


def test_a_plain_name_that_stands_for_two_matches_nothing():
    assert match_names(["mask", "Mask"], ["MASK"]) == {}


def test_counters_match_only_where_they_are_equal():
    assert match_names(["output_0", "output_1"], ["output_1", "Output_0"]) == {"output_1": "output_1"}


def test_the_nearest_name_is_offered():
    assert nearest("input_id", ["input_ids", "mask"]) == "did you mean 'input_ids'?"
    assert nearest("zzz", ["input_ids", "mask"]) == "it has 'input_ids', 'mask'. Name one of these."
    assert nearest("zzz", []) == "it has none."
