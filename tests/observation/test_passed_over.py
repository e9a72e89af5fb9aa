"""Which columns are not observed is told, whichever kind of data has them; those that are asked for must be there."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.observation.passed_over import PassedOver
from sigcheck.schema.errors import SourceError, UsageError

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")

DAYS = [date(2020, 1, 1)] * 3
TABLE = pa.table({"i": [1, None, 3], "day": DAYS, "l": [[1, None], [2], None]})
FRAME = pd.DataFrame({"i": pd.array([1, None, 3], "Int64"), "day": DAYS, "l": [[1, None], [2], None]})
FORMS = {
    "table": lambda: TABLE,
    "batch": lambda: TABLE.to_batches()[0],
    "batches": TABLE.to_batches,
    "reader": TABLE.to_reader,
    "arrays": lambda: {name: TABLE[name].combine_chunks() for name in TABLE.column_names},
    "frame": lambda: FRAME,
}


def told(found):
    return [(one.name, one.numbers.mean, one.rows, one.missing, one.nulls) for one in found.tensors]


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_the_same_however_it_is_held(form):
    found = sigcheck.observe(FORMS[form]())
    assert told(found) == [("i", 2.0, 2, 1, 0), ("l", 1.5, 2, 1, 1)]
    assert [str(one) for one in found.left_out] == ["day (date32[day])"]


@pytest.mark.parametrize("form", FORMS)
def test_a_string_is_one_name_and_others_may_be_anything(form):
    found = sigcheck.observe(FORMS[form](), only="i")
    assert (told(found), found.left_out) == ([("i", 2.0, 2, 1, 0)], ())


@pytest.mark.parametrize(
    ("only", "problem"),
    [
        ("ii", "no 'ii' in the data, which has day, i, l. Name one of these."),
        (["i", "day"], "day: date32[day], expected numbers, texts or lists of them. Convert the column."),
        (3, "found 3, expected names of tensors. Name some, or leave it out."),
        ([], "found [], expected names of tensors. Name some, or leave it out."),
    ],
)
def test_a_name_that_is_no_tensor_is_one_line(only, problem):
    with pytest.raises(UsageError) as caught:
        sigcheck.observe(TABLE, only=only)
    assert str(caught.value) == f"only: {problem}"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The same rows in files of several kinds; beside the first column others that cannot be read, or are odd."""
    from pyarrow import parquet

    monkeypatch.chdir(tmp_path)
    rows = [{"age": at, "bad": at if at < 2 else "x", "odd": [[1], [2, 3]]} for at in range(5)]
    lines = "\n".join(map(json.dumps, rows))
    cells = "age,bad,odd\n" + "\n".join(f"{at},{at},{'x' if at else 1}" for at in range(5))
    Path("a.jsonl").write_text(lines)
    Path("b.csv").write_text(cells)
    with gzip.open("c.jsonl.gz", "wt") as file:
        file.write(lines)
    with gzip.open("d.csv.gz", "wt") as file:
        file.write(cells)
    parquet.write_table(pa.table({"age": range(5), "day": DAYS[:1] * 5}), "e.parquet")
    np.savez("f.npz", age=np.arange(5), odd=np.array([{}], object))
    return sorted(str(one) for one in tmp_path.iterdir())


def test_only_some_columns_of_each_kind_of_file(files):
    (found,) = sigcheck.observe(files, only="age").tensors
    assert (found.name, found.rows, found.missing, found.numbers.mean) == ("age", 30, 0, 2.0)
    for file in files:
        (found,) = sigcheck.observe(file, only=["age"]).tensors
        assert (found.rows, found.numbers.least, found.numbers.greatest) == (5, 0, 4)


def test_the_command_takes_names_and_writes_what_was_left_out(files, capsys):
    assert run(["observe", *files, "--only", "age", "-q"]) == 0
    assert "age  int64[?]" in capsys.readouterr().out
    assert run(["observe", *files, "--only", "age,aeg", "-q"]) == 2
    assert (
        capsys.readouterr().err
        == "sigcheck: --only: no 'aeg' in the data, which has age, bad, day, odd. Name one of these.\n"
    )
    assert run(["observe", "e.parquet", "-q", "-o", "facts.toml"]) == 0
    assert capsys.readouterr().err == (
        "sigcheck: left out: day (date32[day]), expected numbers, texts or lists of them. Convert what is needed.\n"
    )
    assert "# Left out, no tensor: day (date32[day])\n" in Path("facts.toml").read_text()


def test_a_column_that_is_a_tensor_in_one_file_only_is_told(tmp_path, capsys):
    from pyarrow import parquet

    for name, column in (("a", [1, 2, 3]), ("b", DAYS)):
        parquet.write_table(pa.table({"x": column}), tmp_path / f"{name}.parquet")
    assert run(["observe", str(tmp_path), "-q"]) == 2
    out, err = capsys.readouterr()
    assert "b.parquet: x: date32[day], and int64 of rank 1 in " in err
    assert "rows      3\n" in out


def test_states_merge_in_any_order_to_the_same():
    one, other = PassedOver(), PassedOver()
    one.add({"a": "date", "b": "time"}, ["x"])
    other.add({"a": "struct"}, ["y"])
    both = PassedOver()
    both.merge(other)
    both.merge(one)
    one.merge(other)
    assert one.left_out == both.left_out
    assert [str(each) for each in one.left_out] == ["a (date)", "a (struct)", "b (time)"]
    assert one.missed(["z"], ["w"]) == both.missed(["z"], ["w"])


def test_lists_of_json_with_nulls_are_counted(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"x": [1, null]}\n{"x": [null]}\n{"x": [4, 5]}\n{"x": []}\n{"x": null}\n')
    (found,) = sigcheck.observe(path).tensors
    assert (str(found.spec), found.rows, found.missing, found.nulls) == ("ragged int64[?, None]", 4, 1, 2)
    assert (found.numbers.least, found.numbers.greatest, found.numbers.count) == (1, 5, 3)
    assert found.lengths == ((0, 1), (1, 1), (2, 2))


@pytest.mark.parametrize("dtype", ["int8", "uint64", "float16", "float32", "float64", "bool"])
@pytest.mark.parametrize("shape", [(40,), (40, 3), (40, 2, 3)])
def test_masked_values_are_left_out_of_statistics_as_numpy_does(dtype, shape):
    random = np.random.default_rng(1)
    array = np.ma.masked_array(random.integers(0, 100, shape).astype(dtype), random.random(shape) < 0.4)
    (found,) = sigcheck.observe(array).tensors
    there = array.compressed().astype(np.float64)
    assert (found.numbers.count, found.numbers.least, found.numbers.greatest) == (len(there), there.min(), there.max())
    assert (found.numbers.mean, found.numbers.std) == pytest.approx((there.mean(), there.std()))
    gone = array.mask.reshape(40, -1).all(axis=1)
    assert (found.rows, found.missing, found.nulls) == (
        40 - gone.sum(),
        gone.sum(),
        array.mask[~gone].sum() if len(shape) > 1 else 0,
    )


def test_half_a_surrogate_pair_is_a_text():
    for array in (np.array(["\ud800", "a"], object), np.array(["\ud800", "a"])):
        assert sigcheck.observe(array).tensors[0].texts.count == 2


@pytest.mark.parametrize("sign", [";", "|", "\t"])
def test_columns_that_no_comma_parts_are_refused_and_a_name_with_such_a_sign_is_none(tmp_path, sign):
    path = tmp_path / "a.csv"
    path.write_text(f"a{sign}b\n1{sign}2\n")
    with pytest.raises(SourceError, match="expected commas"):
        sigcheck.observe(path)
    for text in (f'"a{sign}b"\n1{sign}2\n', f"a{sign}b\n1\n2\n"):
        path.write_text(text)
        assert sigcheck.observe(path).tensors[0].name == f"a{sign}b"


def test_a_packed_file_that_is_cut_short_is_told_and_what_stands_before_is_kept(tmp_path, capsys):
    for suffix, line in ((".csv.gz", "1,2\n"), (".jsonl.gz", '{"a": 1}\n')):
        path = tmp_path / f"a{suffix}"
        lines = (("a,b\n" if "csv" in suffix else "") + line * 3_000_000).encode()
        path.write_bytes(gzip.compress(lines, 1)[:-20])
        assert run(["observe", str(path), "-q"]) == 2
        out, err = capsys.readouterr()
        assert "no whole GZIP file" in err
        assert "values    1 to 1" in out


def test_rows_with_columns_that_are_the_same_in_all_are_not_padded():
    rows = np.random.default_rng(0).random((100, 5)) + 1
    rows[:, -2:] = 0
    assert sigcheck.observe(rows).tensors[0].padding is None
    rows[:50, -3] = 0
    assert sigcheck.observe(rows).tensors[0].padding.value == 0
