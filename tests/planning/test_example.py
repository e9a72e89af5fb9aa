from __future__ import annotations

import re
import zipfile

import numpy as np
import pytest

from sigcheck.planning.example import Example, decide, find_miss, read_example
from sigcheck.planning.matching import feed
from sigcheck.planning.search import search
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.signature import Endpoint

LAST = parse_spec("float32[?, ?, ?, 3]")
FIRST = parse_spec("float32[?, 3, ?, ?]")
IMAGES = np.arange(2 * 3 * 3 * 3, dtype=np.float32).reshape(2, 3, 3, 3)


def decided(required, provided=IMAGES, specs=(LAST, FIRST)):
    return decide(search(*specs), specs[0], (provided, required), DEFAULT_POLICY, "pair.npz")


def test_the_candidate_that_makes_the_example_remains():
    assert str(decided(IMAGES.transpose(0, 3, 1, 2)).plan) == "transpose(perm=[0, 3, 1, 2])"
    guarded = decided(IMAGES)
    assert (str(guarded.plan), guarded.verdict) == ("ensure_shape(shape=[?, 3, ?, 3])", "guarded")


def test_an_example_that_several_make_decides_nothing():
    same = np.zeros_like(IMAGES)
    outcome = decided(same, same)
    assert (outcome.verdict, outcome.plan, len(outcome.candidates)) == ("undecided", None, 2)


def test_an_alternative_is_taken_where_the_chosen_plan_does_not_make_it():
    square = np.arange(2 * 8 * 8 * 3, dtype=np.float32).reshape(2, 8, 8, 3)
    specs = (parse_spec("float32[?, 8, 8, 3]"), parse_spec("float32[?, 3, 8, 8]"))
    outcome = decided(square.transpose(0, 3, 2, 1), square, specs)
    assert str(outcome.plan) == "transpose(perm=[0, 3, 2, 1])"
    assert str(outcome.alternatives[0]) == "transpose(perm=[0, 3, 1, 2])"


def test_no_plan_that_makes_it_is_told_with_how_near_the_best_came():
    wrong = IMAGES.transpose(0, 3, 1, 2).copy()
    wrong[0, 0, 0, 0] = -1
    with pytest.raises(UsageError, match=r"nearest is transpose\(perm=\[0, 3, 1, 2\]\): 1 of 54 values differ"):
        decided(wrong)


def test_what_rounds_may_differ_in_the_last_digits_only():
    specs = (parse_spec("float64[?]"), parse_spec("float32[?]"))
    values = np.linspace(0, 1, 7)
    assert decided(values.astype(np.float32), values, specs).verdict == "adapts"
    with pytest.raises(UsageError, match="of 7 values differ"):
        decided((values + 1e-4).astype(np.float32), values, specs)


@pytest.mark.parametrize("provided", [IMAGES[0], IMAGES.astype(np.float64)])
def test_an_array_that_the_producer_cannot_give_is_refused(provided):
    with pytest.raises(UsageError, match=r"expected float32\[\?, \?, \?, 3\]"):
        decided(IMAGES, provided)


def test_an_example_is_read_and_decides_a_binding(tmp_path):
    np.savez(tmp_path / "pair.npz", **{"provided.out": IMAGES, "required.x": IMAGES.transpose(0, 3, 1, 2)})
    example = read_example(tmp_path / "pair.npz")
    match = feed([Endpoint(name="out", spec=LAST)], [Endpoint(name="x", spec=FIRST)], example=example)
    assert match.bindings[0].verdict == "adapts"
    assert example.pair("other", "x") is None


def test_one_pair_needs_no_names():
    example = Example({"": IMAGES}, {"": IMAGES})
    assert example.pair("out", "x") is not None


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"provided": IMAGES}, "no 'required' array"),
        ({"given": IMAGES}, "an array 'given', expected provided and required"),
        ({"provided": np.array([{}]), "required": IMAGES}, "no .npz file"),
    ],
)
def test_a_file_that_is_no_example_is_refused(tmp_path, arrays, message):
    np.savez(tmp_path / "pair.npz", **arrays)
    with pytest.raises(UsageError, match=message):
        read_example(tmp_path / "pair.npz")


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 broken"])
def test_a_broken_file_is_refused(tmp_path, content):
    (tmp_path / "pair.npz").write_bytes(content)
    with pytest.raises(UsageError, match=r"no \.npz file: .*, expected a provided and a required array"):
        read_example(tmp_path / "pair.npz")
    with pytest.raises(UsageError, match=r"expected an \.npz file"):
        read_example(tmp_path / "missing.npz")


def write_archive(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def written_array(header):
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(16)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"text", "'provided' is no array"),
        (written_array(b"{'descr': '<M8[s]', 'fortran_order': False, 'shape': ()}"), "of dtype datetime64"),
        (written_array(b"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}"), "is of dtype"),
        (written_array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000,)}"), "no .npz file"),
        (written_array(b"{'descr': '<f4', 'fortran_order': False, 'shape': (1,"), "no .npz file"),
    ],
)
def test_what_is_no_array_of_a_tensor_is_refused(tmp_path, content, told):
    write_archive(tmp_path / "pair.npz", provided=content)
    with pytest.raises(UsageError, match=told):
        read_example(tmp_path / "pair.npz")


def test_an_imaginary_part_is_no_part_of_a_real_number(recwarn):
    real = np.float32([1, 2])
    for required, is_missed in ((real + 0j, False), (real + 1j, True)):
        assert (find_miss(real, required, Plan()) is not None) == is_missed
    assert not recwarn.list


def test_numbers_are_no_texts():
    with pytest.raises(UsageError, match="it makes numbers, the example has texts"):
        decided(np.full((2, 3, 3, 3), "a"))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("provided.image", "required.x"), "the producer has no output 'image'; did you mean 'images'?"),
        (("provided.images", "required.features"), "the consumer has no input 'features'; it has 'x'."),
    ],
)
def test_an_array_of_nothing_is_refused_by_its_name(tmp_path, names, told):
    np.savez(tmp_path / "pair.npz", **dict(zip(names, (IMAGES, IMAGES.transpose(0, 3, 1, 2)), strict=True)))
    example = read_example(tmp_path / "pair.npz")
    with pytest.raises(UsageError, match=re.escape(told)):
        example.require_names(["images"], ["x"])


def test_an_archive_of_many_arrays_is_refused(tmp_path):
    write_archive(tmp_path / "pair.npz", **{f"provided.{at}": b"" for at in range(1_001)})
    with pytest.raises(UsageError, match="1001 arrays, at most 1000"):
        read_example(tmp_path / "pair.npz")


@pytest.mark.parametrize(
    ("count", "data", "told"),
    [(5_000_000, bytes(5_000_000), "over 4194304 values"), (9, b"", "announces other bytes than there are")],
)
def test_arrays_of_more_than_is_compared_are_refused(tmp_path, count, data, told):
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count},)}}".encode()
    write_archive(tmp_path / "pair.npz", provided=written_array(header)[:-16] + data)
    with pytest.raises(UsageError, match=told):
        read_example(tmp_path / "pair.npz")


def test_the_header_of_an_array_is_told_in_words(tmp_path):
    write_archive(tmp_path / "pair.npz", provided=written_array(b"{'descr': f(), 'fortran_order': False, 'shape': ()}"))
    with pytest.raises(UsageError, match="the header of 'provided' is broken, expected a provided"):
        read_example(tmp_path / "pair.npz")
    with pytest.raises(UsageError, match=re.escape("no .npz file: Is a directory, expected")):
        read_example(tmp_path)


def test_a_plan_that_makes_too_many_values_is_not_run():
    provided, required = parse_spec("float32[?, 2, 2]"), parse_spec("float32[?, 9000, 9000]")
    policy = Policy(pad_value=0, pad_side="post", loss="irreversible")
    with pytest.raises(UsageError, match="not tried, as it makes over 8000000 values"):
        decide(search(provided, required, policy), provided, (np.ones((2, 2, 2), "f4"),) * 2, policy, "pair.npz")
