"""Each kind of file, whole and broken; what it holds is known from how it was written here."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import struct
import subprocess
import sys
import time
import tracemalloc
import zipfile
import zlib
from datetime import date

import numpy as np
import pytest

import sigcheck
from sigcheck.observation import files
from sigcheck.observation.files import observe_file, observe_part
from sigcheck.observation.observer import Observer
from sigcheck.schema.errors import SourceError, UsageError
from tests.observation.records import field, framed, record
from tests.observation.sources.image.hostile import png


def tensors(*paths, **options):
    return {one.name: one for one in sigcheck.observe([*paths], **options).tensors}


def refusal(path):
    with pytest.raises(SourceError) as caught:
        sigcheck.observe(path)
    told = str(caught.value)
    assert told.startswith(str(path))
    assert told.endswith((".", "'"))
    assert "\n" not in told
    return told


def test_columns_of_a_parquet_file_that_no_tensor_has_are_left_out_and_told(tmp_path):
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = str(tmp_path / "a.parquet")
    table = arrow.table({"x": [1.5, 2.5], "day": [date(2020, 1, 1), None], "at": [{"a": 1}, {"a": 2}]})
    parquet.write_table(table, path)
    part = observe_part(0, path)
    assert part.problem is None
    found = part.observer.observation()
    assert [str(one) for one in found.left_out] == ["at (struct<a: int64>)", "day (date32[day])"]
    assert [(one.name, one.rows) for one in found.tensors] == [("x", 2)]
    assert [(one.path, one.rows) for one in found.files] == [(path, 2)]
    with pytest.raises(UsageError, match=r"^only: day: date32\[day\], expected numbers, texts or lists of them\. "):
        sigcheck.observe(path, only="day")
    assert not sigcheck.observe(path, only="x").left_out


def test_an_array(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(12, dtype=np.float32).reshape(4, 3))
    found = tensors(tmp_path / "a.npy", name="x")["x"]
    assert (str(found.spec), found.rows) == ("float32[?, 3]", 4)
    assert (found.numbers.least, found.numbers.greatest, found.numbers.mean) == (0, 11, 5.5)
    assert [channel.mean for channel in found.channels] == [4.5, 5.5, 6.5]


def test_arrays_by_name(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", x=np.ones((2, 3)), y=np.array(["a", "bcd"]))
    found = tensors(tmp_path / "a.npz")
    assert {name: str(one.spec) for name, one in found.items()} == {"x": "float64[?, 3]", "y": "string[?]"}
    assert (found["y"].texts.least_bytes, found["y"].texts.greatest_bytes) == (1, 3)


def test_files_of_one_glob_are_one_tensor(tmp_path):
    np.save(tmp_path / "a.npy", np.array([1.0, 2]))
    np.save(tmp_path / "b.npy", np.array([3.0, 4]))
    found = sigcheck.observe(tmp_path / "*.npy")
    assert [(file.path[-5:], file.rows) for file in found.files] == [("a.npy", 2), ("b.npy", 2)]
    assert found.tensors[0].numbers.mean == 2.5


def test_json_lines(tmp_path):
    rows = [{"x": [1, 2], "y": "a"}, {"x": [3]}, {"x": None, "y": "b"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = tensors(tmp_path / "a.jsonl")
    assert (str(found["x"].spec), found["x"].rows, found["x"].missing) == ("ragged int64[?, None]", 2, 1)
    assert found["x"].lengths == ((1, 1), (2, 1))
    assert found["y"].missing == 1


def test_a_table_of_commas(tmp_path):
    (tmp_path / "a.csv").write_text("n,t\n1,x\n,y\n2.5,z\n")
    found = tensors(tmp_path / "a.csv")
    assert (str(found["n"].spec), found["n"].missing, found["n"].numbers.mean) == ("float64[?]", 1, 1.75)
    assert found["t"].texts.forms == {"utf-8": 3}


@pytest.mark.parametrize(
    ("cells", "dtype", "distinct"),
    [
        (["7", "7", "-3"], "int64", 2),
        (["7", "7.0"], "float64", None),
        (["7", ""], "float64", None),
        (["7", "NaN"], "float64", None),
        (["7", "9" * 30], "float64", None),
    ],
)
def test_cells_are_whole_where_all_are_written_so(tmp_path, cells, dtype, distinct):
    (tmp_path / "a.csv").write_text("\n".join(["x,t", *(f"{cell},a" for cell in cells)]))
    found = tensors(tmp_path / "a.csv")["x"]
    assert (found.spec.dtype, found.numbers.distinct) == (dtype, distinct)


@pytest.mark.parametrize(
    ("values", "spec", "distinct"),
    [
        ([7, 7, -3], "int64[?]", 2),
        ([7, 7.0], "float64[?]", None),
        ([7, None], "float64[?]", None),
        ([7, 10**30], "float64[?]", None),
        ([[7, 8], None, []], "ragged int64[?, None]", 2),
        ([[7], [8.5]], "float64[?, 1]", None),
        ([[[7], [8]], [[7], [9]]], "int64[?, 2, 1]", 3),
        ([[[7], [8]], [[7], [9.5]]], "float64[?, 2, 1]", None),
    ],
)
def test_numbers_of_lines_are_whole_where_all_are_written_so(tmp_path, values, spec, distinct):
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({"x": value}) for value in values))
    found = tensors(tmp_path / "a.jsonl")["x"]
    assert (str(found.spec), found.numbers.distinct) == (spec, distinct)


@pytest.mark.parametrize("last", ["5", "5.5"])
def test_a_fraction_far_down_the_file_is_as_if_it_came_first(tmp_path, monkeypatch, last):
    rows = [*map(str, range(1000)), last]
    for name, ordered in (("there", rows), ("back", rows[::-1])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["x,y", *(f"{row},1" for row in ordered)]))
    monkeypatch.setattr("sigcheck.observation.sources.csv._BLOCK_BYTES", 100)
    there, back = tensors(tmp_path / "there.csv"), tensors(tmp_path / "back.csv")
    assert there == back
    assert there["x"].spec.dtype == ("int64" if last == "5" else "float64")


def test_texts_in_nested_lists_are_refused_before_numpy_makes_room_for_the_longest(tmp_path):
    tracemalloc.start()
    for longest in ("1", "1" * 1_000_000):
        (tmp_path / "a.jsonl").write_text(json.dumps({"x": [[longest], *[["2"]] * 20]}))
        with pytest.raises(SourceError, match="nested lists that are no tensors of numbers"):
            sigcheck.observe(tmp_path / "a.jsonl")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20e6


def test_files_of_whole_numbers_and_of_fractions_are_one_column(tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    (tmp_path / "b.csv").write_text("x\n0.5\n")
    np.savez(tmp_path / "c.npz", x=np.array([3.0]))
    for names in (("a.csv", "b.csv"), ("b.csv", "a.csv"), ("a.csv", "c.npz"), ("c.npz", "a.csv")):
        (found,) = sigcheck.observe([tmp_path / name for name in names]).tensors
        assert (found.spec.dtype, found.rows, found.numbers.distinct) == ("float64", 3, None)


def test_whole_numbers_of_a_table_suggest_ids(tmp_path):
    from sigcheck.cli import run

    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    assert run(["observe", str(tmp_path / "a.csv"), "-o", str(tmp_path / "f.toml")]) == 0
    assert "id_count = 3" in (tmp_path / "f.toml").read_text()


def test_a_table_of_parquet(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = arrow.table({"n": [1, None, 3], "l": [[1.0], [], [2.0, 3.0]], "b": [b"\xff\xd8\xff", b"", b"x"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    found = tensors(tmp_path / "a.parquet")
    assert (str(found["n"].spec), found["n"].missing) == ("int64[?]", 1)
    assert (str(found["l"].spec), found["l"].lengths) == ("ragged float64[?, None]", ((0, 1), (1, 1), (2, 1)))
    assert found["b"].texts.forms == {"empty": 1, "jpeg": 1, "utf-8": 1}


def test_a_folder_of_pictures(tmp_path):
    image = pytest.importorskip("PIL.Image")
    for size in (4, 6):
        image.fromarray(np.full((size, 5, 3), size, np.uint8)).save(tmp_path / f"{size}.png")
    found = tensors(tmp_path, name="image")["image"]
    assert (str(found.spec), found.rows, found.sizes) == ("uint8[?, ?, 5, 3]", 2, ((4, 6), (5, 5), (3, 3)))


def test_records_of_examples(tmp_path):
    pytest.importorskip("google_crc32c")
    rows = [record(ids=[1, 2, 3], v=[0.5, 1.5], t=b"a"), record(ids=[4], v=[2.5, 3.5])]
    (tmp_path / "a.tfrecord").write_bytes(b"".join(rows))
    found = tensors(tmp_path / "a.tfrecord")
    assert {name: str(one.spec) for name, one in found.items()} == {
        "ids": "ragged int64[?, None]",
        "t": "string[?, 1]",
        "v": "float32[?, 2]",
    }
    assert (found["ids"].lengths, found["ids"].numbers.distinct, found["t"].missing) == (((1, 1), (3, 1)), 4, 1)


def test_a_record_that_is_cut_short_is_named_and_those_before_are_kept(tmp_path, capsys):
    pytest.importorskip("google_crc32c")
    from sigcheck.cli import run

    whole = record(v=[1.0])
    path = tmp_path / "a.tfrecord"
    path.write_bytes(whole + record(v=[2.0])[:-3])
    assert run(["observe", str(path), "-o", str(tmp_path / "facts.toml")]) == 2
    told = capsys.readouterr().err
    assert f"record 1, byte {len(whole)}: cut short" in told
    assert "rows = 1" in (tmp_path / "facts.toml").read_text()


@pytest.mark.parametrize(("name", "form"), [("x.tfrecord", "GZIP"), ("x.tfrecord.gz", "GZIP"), ("x.tfrecord", "ZLIB")])
def test_records_that_are_packed_are_those_that_stand_there(tmp_path, name, form):
    pack = {"GZIP": gzip.compress, "ZLIB": zlib.compress}[form]
    rows = b"".join(record(x=[float(at)]) for at in range(50))
    (tmp_path / "plain.tfrecord").write_bytes(rows)
    (tmp_path / name).write_bytes(pack(rows))
    found = sigcheck.observe(tmp_path / name)
    assert found.tensors == sigcheck.observe(tmp_path / "plain.tfrecord").tensors
    assert found.files[0].sha256 == hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    (tmp_path / name).write_bytes(pack(rows)[:-3])
    with pytest.raises(SourceError, match=rf"no whole {form} file: .*copy the file again"):
        sigcheck.observe(tmp_path / name)


@pytest.mark.parametrize("magic", [b"\x1f\x8b", b"\x78\x9c"])
def test_a_record_of_a_length_that_looks_packed_is_a_record(tmp_path, magic):
    size = int.from_bytes(magic, "little")
    text = b"a" * (size - 23)
    content = field(1, field(1, field(1, b"x") + field(2, field(1, field(1, text)))))
    assert len(content) == size
    (tmp_path / "x.tfrecord").write_bytes(framed(content))
    assert sigcheck.observe(tmp_path / "x.tfrecord").tensors[0].texts.least_bytes == len(text)


def test_lines_of_an_editor_of_windows_begin_behind_its_mark(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(b'\xef\xbb\xbf{"a": 1}\n{"a": 2}\n')
    assert sigcheck.observe(tmp_path / "x.jsonl").tensors[0].rows == 2


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_colours_of_two_bytes_are_refused_and_never_halved(tmp_path, colour, channels):
    (tmp_path / "x.png").write_bytes(png(2, 1, b"\0" + b"\xea\x60" * 2 * channels, 16, colour))
    with pytest.raises(SourceError, match="of 16 bits, of which only 8 can be read"):
        sigcheck.observe(tmp_path / "x.png")


def test_grays_of_two_bytes_are_read_whole(tmp_path):
    (tmp_path / "x.png").write_bytes(png(2, 1, b"\0" + b"\xea\x60" * 2, 16, 0))
    assert sigcheck.observe(tmp_path / "x.png").tensors[0].numbers.greatest == 60000


def test_a_broken_file_is_all_that_is_told_at_the_end(tmp_path):
    pytest.importorskip("datasketches")
    (tmp_path / "x.tfrecord").write_bytes(record(x=b"text") + b"rest")
    command = [sys.executable, "-m", "sigcheck", "observe", str(tmp_path / "x.tfrecord")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    # What was counted is gone by then: datasketches tells of what outlives it.
    assert len(done.stderr.splitlines()) == 1


def test_a_record_whose_checksum_is_wrong_is_named(tmp_path):
    pytest.importorskip("google_crc32c")
    bad = bytearray(record(v=[1.0]))
    bad[14] ^= 1
    (tmp_path / "a.tfrecord").write_bytes(bytes(bad))
    assert "record 0, byte 0: its checksum is wrong" in refusal(tmp_path / "a.tfrecord")


def test_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}, 1], object), allow_pickle=True)
    assert "never unpickled" in refusal(tmp_path / "a.npy")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.npy", b"", "no header of an array"),
        ("a.npy", b"\x93NUMPY\x01\x00\x10\x00{'descr': ", "no header of an array"),
        ("a.npz", b"PK", "no .npz file"),
        ("a.jsonl", b"[1]\n", "no object"),
        ("a.jsonl", b'{"x": 1}\n{"x": "a"}\n', "int and str"),
        ("a.jsonl", b'{"x": ' + b"[" * 100_000, "no JSON"),
        ("a.csv", b"a,b\n1\n", "Expected 2 columns, got 1: 1. Correct it."),
        ("a.csv", b"a,b\n1,\xff\n", "column 'b': CSV conversion error"),
        ("a.csv", b"a,a\n1,2\n", "two columns 'a'"),
        ("a.csv", b"\xff,a\n1,2\n", "no UTF-8"),
        ("a.parquet", b"PAR1", "no Parquet file"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "no picture of a known format"),
        ("a.txt", b"x", "no data that is known here"),
    ],
)
def test_broken_files_are_one_line(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert told in refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.csv", b"\xef\xbb\xbf\r\n\n"), ("a.csv", b"a,b\n"), ("a.jsonl", b"\n")]
)
def test_a_file_that_nobody_wrote_a_row_into_has_none(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert sum(one.rows for one in sigcheck.observe(tmp_path / name).tensors) == 0


def test_the_row_that_is_refused_is_counted_over_all_that_was_read(tmp_path):
    rows = 2_000_000
    (tmp_path / "a.csv").write_text("a,b\n" + "1,2\n" * rows + "\n1,x\n")
    found = refusal(tmp_path / "a.csv")
    assert f"a.csv, row {rows + 2}: no table of one type for each column: column 'b': CSV conversion error" in found


def test_no_thread_of_arrow_reads_a_file(tmp_path, monkeypatch):
    """One that does lets go of the file, too, and aborts a process that ends meanwhile: once in some thirty times."""
    from pyarrow import csv

    given = []
    read = csv.read_csv
    monkeypatch.setattr(
        csv, "read_csv", lambda file, **how: given.append((file, how["read_options"])) or read(file, **how)
    )
    (tmp_path / "a.csv").write_text("a,b\n1\n")
    assert refusal(tmp_path / "a.csv")
    assert [(type(file).__name__, how.use_threads) for file, how in given] == [("BufferReader", False)]


def test_an_array_that_ends_too_early_says_where(tmp_path):
    np.save(tmp_path / "a.npy", np.ones((100, 10), np.float32))
    whole = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(whole[: 128 + 55 * 40 + 3])
    assert "ends within row 55 of 100" in refusal(tmp_path / "a.npy")


def test_a_bomb_of_zeros_stays_small(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        head = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }"
        archive.writestr("x.npy", head.ljust(127) + b"\n" + bytes(1 << 22))
    assert "ends within row" in refusal(tmp_path / "a.npz")


def test_nothing_is_no_data(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.npy")
    (tmp_path / "empty").mkdir()
    assert "no data here" in refusal(tmp_path / "empty")
    gzip.open(tmp_path / "a.gz", "w").close()
    assert "no data that is known here" in refusal(tmp_path / "a.gz")


def test_live_data():
    found = {
        one.name: one
        for one in sigcheck.observe([{"x": np.ones((2, 3), np.float32), "y": np.array([b"a", b"b"])}]).tensors
    }
    assert (str(found["x"].spec), str(found["y"].spec)) == ("float32[?, 3]", "string[?]")
    rows = sigcheck.observe((np.float32(number) for number in range(5)), name="x", is_batched=False).tensors[0]
    assert (str(rows.spec), rows.rows, rows.numbers.mean) == ("float32[?]", 5, 2.0)


def test_the_same_bytes_each_time(tmp_path):
    values = np.random.default_rng(0).normal(size=(500, 300)).astype(np.float32)
    np.save(tmp_path / "a.npy", values)
    found = {sigcheck.observe(tmp_path / "a.npy").model_dump_json() for _ in range(2)}
    assert len(found) == 1


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("'descr': '<f4', 'fortran_order': False, 'shape': (2, 1000000000)", "a row"),
        ("'descr': '<f4', 'fortran_order': False, 'shape': (-2,)", "axes"),
        (
            "'descr': '<f4', 'fortran_order': False, 'shape': (10**18, 10**18, 0)".replace("10**18", "1" + "0" * 18),
            "hold",
        ),
        ("'descr': '<f4', 'fortran_order': False, 'shape': " + repr((1,) * 40), "40 axes"),
        ("'descr': '|S0', 'fortran_order': False, 'shape': (2,)", "expected a dtype"),
        ("'descr': '<M8[s]', 'fortran_order': False, 'shape': (2,)", "expected a dtype"),
        ("'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)", "columns first"),
    ],
)
def test_headers_that_announce_what_no_tensor_is(tmp_path, header, told):
    text = f"{{{header}, }}".encode().ljust(250) + b"\n"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(64))
    assert told in refusal(tmp_path / "a.npy")


def test_a_text_of_characters_that_there_are_not(tmp_path):
    np.save(tmp_path / "a.npy", np.array(["ab"]))
    whole = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "a.npy").write_bytes(whole[:-4] + b"\xff\xff\xff\x7f")
    assert "which there is not" in refusal(tmp_path / "a.npy")


def test_rows_before_a_broken_line_are_counted(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"x": 1}\n{"x": 2}\n{')
    with Observer(1) as observer, pytest.raises(SourceError, match="line 3"):
        observe_file(observer, str(tmp_path / "a.jsonl"))
    assert observer.observation().tensors[0].rows == 2


def test_keys_that_are_values_are_no_tensors(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({str(at): 1 for at in range(10_001)}))
    assert "over 10000 tensors" in refusal(tmp_path / "a.jsonl")


def test_only_the_lengths_of_one_tensor_are_told(tmp_path, capsys):
    from sigcheck.cli import run

    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"t": [1] * at, "x": 0}) + "\n" for at in range(1, 40)))
    assert run(["observe", str(path), "--lengths", "t"]) == 0
    told = capsys.readouterr().out
    assert "40 *" in told
    assert "float64[?]\n" not in told
    assert run(["observe", str(path), "--lengths", "t", "--format", "json"]) == 0
    (tensor,) = json.loads(capsys.readouterr().out)["tensors"]
    assert [one["length"] for one in tensor["choices"] if one["is_recommended"]] == [40]
    for name, expected in (("x", "rows of one length"), ("y", "the data has no 'y'; it has t, x")):
        assert run(["observe", str(path), "--lengths", name]) == 2
        assert expected in capsys.readouterr().err


def test_nothing_but_nan_is_one_line_and_has_no_ends(tmp_path, capsys):
    from sigcheck.cli import run

    np.save(tmp_path / "a.npy", np.full((4, 2), np.nan, np.float32))
    assert run(["observe", str(tmp_path / "a.npy"), "-o", str(tmp_path / "facts.toml")]) == 2
    assert "range" not in (tmp_path / "facts.toml").read_text()
    capsys.readouterr()
    assert run(["observe", str(tmp_path / "a.npy")]) == 2
    printed = capsys.readouterr()
    assert "no finite number" in printed.out
    assert printed.err.count("\n") == 1
    assert "a.npy: no finite number and no text in any row, expected some" in printed.err


def test_one_column_of_nan_beside_others_is_no_error(tmp_path):
    from sigcheck.cli import run

    np.savez(tmp_path / "a.npz", x=np.full(4, np.nan), y=np.arange(4))
    assert run(["observe", str(tmp_path / "a.npz")]) == 0


def test_a_column_that_half_of_the_rows_lack_is_counted(tmp_path):
    rows = [{"x": 1, "y": 2} if at % 2 else {"x": 1} for at in range(10_000)]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    found = tensors(tmp_path / "a.jsonl")["y"]
    assert (found.rows, found.missing) == (5000, 5000)


def test_what_is_interrupted_writes_nothing(tmp_path, monkeypatch):
    from sigcheck.cli import run

    def interrupt(*_):
        raise KeyboardInterrupt

    np.save(tmp_path / "a.npy", np.ones(3))
    monkeypatch.setattr(files, "observe_file", interrupt)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        raise SystemExit(run(["observe", str(tmp_path / "a.npy"), "-o", str(tmp_path / "facts.toml")]))
    assert {one.name for one in tmp_path.iterdir()} == {"a.npy"}


def test_rows_of_nothing_are_one_block(tmp_path):
    text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000000, 0), }".ljust(117) + b"\n"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text)
    assert tensors(tmp_path / "a.npy")["values"].rows == 10**18


def test_a_text_that_is_in_all_rows_is_once_in_memory(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(arrow.table({"t": ["a" * 200_001] * 1_000}), tmp_path / "a.parquet")
    tracemalloc.start()
    found = tensors(tmp_path / "a.parquet")["t"]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.rows, found.texts.greatest_bytes, found.texts.distinct) == (1_000, 200_001, 1)
    assert most < 60 << 20


def test_columns_of_one_cell_each_take_time_by_the_cell(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps({str(at): 1}) for at in range(4_000)))
    start = time.process_time()
    assert {one.missing for one in sigcheck.observe(tmp_path / "a.jsonl").tensors} == {3_999}
    assert time.process_time() - start < 5


def test_a_feature_of_two_lists_is_one_line_behind_the_records_before_it(tmp_path):
    pytest.importorskip("google_crc32c")

    def example(feature):
        return framed(field(1, field(1, field(1, b"x") + field(2, feature))))

    unknown, two = field(4, b""), field(1, field(1, b"hi")) + field(2, field(1, struct.pack("<f", 1.5)))
    for begin in (unknown, b""):
        (tmp_path / "a.tfrecord").write_bytes(example(begin) + example(two))
        assert "record 1: no tf.train.Example" in refusal(tmp_path / "a.tfrecord")


LARGE = 100 << 30


@pytest.mark.skipif(sys.platform != "linux", reason="files of holes are made so on Linux")
@pytest.mark.parametrize(
    ("name", "begin", "told"),
    [
        ("r.tfrecord", b"", "record 0, byte 0: no record, expected its length"),
        ("c.csv", b"a,b\n1,2\n", "no table of one type for each column"),
        ("j.jsonl", b'{"a": 1}\n', "line 2: over 64 MiB, expected a row"),
        ("p.parquet", b"PAR1", "no Parquet file"),
        ("z.npz", b"PK", "no .npz file"),
        ("i.png", b"\x89PNG\r\n\x1a\n", "no picture"),
        ("n.npy", b"\x93NUMPY", "version 0.0 of .npy"),
    ],
)
def test_a_file_of_holes_is_one_line_at_once(tmp_path, name, begin, told):
    path = tmp_path / name
    path.write_bytes(begin)
    os.truncate(path, LARGE)
    start = time.process_time()
    found = observe_part(0, str(path))
    assert told in found.problem
    # Its hash alone would take a minute.
    assert time.process_time() - start < 10


def test_a_pass_that_is_interrupted_waits_for_nothing(tmp_path, monkeypatch):
    path = tmp_path / "x.npy"
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": (LARGE // 4096, 1024)}
        )
    os.truncate(path, path.stat().st_size + LARGE)

    def interrupt(self, *_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sigcheck.observation.observer.Observer.add", interrupt)
    start = time.process_time()
    with pytest.raises(KeyboardInterrupt):
        observe_part(0, str(path))
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--features", "given.toml"], "--features: says nothing of this data, expected files that end in .record"),
        (["--batched"], "--batched: says nothing of this data, expected files that end in .snapshot. Leave it out."),
        (["--name", "x"], "--name: says nothing of this data, expected files that end in .bmp"),
        (["--timeout", "5"], "--timeout: changes nothing here, expected it beside --run-models. Add that, or leave"),
        (["--force"], "--force: changes nothing here, expected it beside -o FILE. Add that, or leave it out."),
        (["--side", "producer"], "--side: changes nothing here, expected it beside -o FILE or --format toml, which"),
        (["--side", "consumer", "--format", "json"], "--side: changes nothing here, expected it beside -o FILE or"),
    ],
)
def test_an_option_that_would_say_nothing_is_one_line(tmp_path, monkeypatch, capsys, words, told):
    from sigcheck.cli import run

    monkeypatch.chdir(tmp_path)
    (tmp_path / "given.toml").write_text('[inputs]\nx = "float32[?, 2]"\n')
    np.savez("a.npz", x=np.ones(3))
    assert run(["observe", "a.npz", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert err.startswith(f"sigcheck: {told}")


def test_features_of_what_is_no_file_of_records_are_refused(tmp_path):
    np.save(tmp_path / "a.npy", np.ones(3))
    for data in (tmp_path / "a.npy", [np.ones(3)]):
        with pytest.raises(UsageError, match=r"^features: "):
            sigcheck.observe(data, features={"x": "float32[3]"})


@pytest.mark.parametrize("behind", [b"", b"more", bytes(1 << 20)])
@pytest.mark.parametrize("rows", [0, 3, 9 << 20])
def test_an_array_is_read_once_and_its_hash_is_that_of_the_whole_file(tmp_path, monkeypatch, rows, behind):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(rows, dtype=np.int16))
    with path.open("ab") as file:
        file.write(behind)

    def read_again(*_):
        raise AssertionError("read a second time")

    monkeypatch.setattr(files, "sha256", read_again)
    found = sigcheck.observe(path).files[0]
    assert (found.sha256, found.rows) == (hashlib.sha256(path.read_bytes()).hexdigest(), rows)
    assert found.bytes == path.stat().st_size
