from __future__ import annotations

CASES = [
    ("any[?, 4, 8]", "any[?, 32]"),
    ("any[?, 32]", "any[?, 4, 8]"),
    ("float32[?, ?, ?]", "float32[?, ?]"),
    ("float32[?, 2, 3, 4]", "float32[?, 6, 4]"),
    ("float32[?, ?, 8]", "float32[?, 8]"),
]


def test_a_merge_is_exact_and_a_split_assumes(propose):
    (merge,) = propose("reshape", "float32[?, 4, 4, 8]", "float32[?, 128]")
    assert (merge.assumption, merge.cost.assumptions) == (None, 0)
    (split,) = propose("reshape", "float32[?, 128]", "float32[?, 4, 4, 8]")
    assert split.assumption
    assert split.cost.assumptions == 1


def test_it_never_takes_the_place_of_a_transpose(propose):
    assert propose("reshape", "float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]") == []


def test_a_merge_with_the_batch_assumes(propose):
    (step,) = propose("reshape", "float32[?, 4, 8]", "float32[?, 8]")
    assert step.assumption == "the batch axis may be merged with the one behind it"


def test_axes_that_the_consumer_names_one_by_one_are_not_merged(propose):
    gives, wants = {"axes": ("batch", "height", "width", "channel")}, {"axes": ("height", "width", "channel")}
    shapes = ("float32[1, ?, ?, 3]", "float32[?, ?, 3]")
    assert propose("reshape", *shapes, gives, wants) == []
    assert (1, None, 3) in [step.result.shape for step in propose("reshape", *shapes)]


def test_axes_that_the_consumer_does_not_name_are_merged(propose):
    gives, wants = {"axes": ("batch", "height", "width", "channel")}, {"axes": ("batch", "height", "pixel")}
    (step,) = propose("reshape", "float32[?, 4, 6, 3]", "float32[?, 4, 18]", gives, wants)
    assert step.result.shape == (None, 4, 18)
