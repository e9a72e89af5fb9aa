from __future__ import annotations

import pytest

from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.transforms.parts.csv_line import UnreadCsvError, read_fields

CSV = {"meaning": "csv"}
CASES = [
    (["string[?]"], ["int64[?]", "float32[?]", "string[?]"], None),
    ([("string[]", CSV)], ["float64[]", "int32[]"], None),
    ([("string[?, 2]", {**CSV, "axes": ["batch", "line"]})], ["uint8[?, 2]", "string[?, 2]"], None),
]


def test_each_input_takes_a_column_of_its_dtype(joined):
    steps = joined("csv_columns", ["string[?]"], ["int64[?, 1]", "float16[?]", "string[?]"], None).steps
    assert [str(step.result) for step in steps] == ["int64[?]", "float32[?]", "string[?]"]
    assert [step.loss for step in steps] == ["exact", "rounding", "exact"]


@pytest.mark.parametrize(
    ("part", "inputs", "message"),
    [
        ("float32[?]", ["float32[?]"] * 2, "expected lines as strings"),
        (("string[?]", {"meaning": "wav"}), ["float32[?]"] * 2, "wav is given, expected csv"),
        ("string[?]", ["float32[?]", "bool[?]"], "which no field of a line is read as"),
    ],
)
def test_what_is_no_line_is_refused(joined, part, inputs, message):
    with pytest.raises(JunctionError, match=message):
        joined("csv_columns", [part], inputs, None)


@pytest.mark.parametrize(
    "line",
    [
        *(
            b"",
            b",",
            b"1,",
            b",1",
            b'"a",b',
            b'"a""b",c',
            b'"a,b"',
            b'""',
            b'"a"b',
            b'a"b',
            b'"a',
            b'"',
            b'"a""',
            b'"",""',
        ),
        *(b"\n1,2", b"1\n,2", b'"a\nb",c', b'"a","b"', b"1,2\r\n"),
    ],
)
def test_fields_are_those_that_tensorflow_finds(line):
    import tensorflow as tf

    try:
        fields = read_fields(line)
    except UnreadCsvError:
        fields = None
    defaults = [tf.constant([""])] * len(fields or [0])
    if fields is None:
        for count in (1, 2, 3):
            with pytest.raises(tf.errors.InvalidArgumentError):
                tf.io.decode_csv(tf.constant(line), defaults * count)
    elif fields:
        assert [one.numpy() for one in tf.io.decode_csv(tf.constant(line), defaults)] == fields


def test_a_link_of_a_line_and_columns_is_proved():
    import sigcheck
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.signature import Endpoint, Signature

    def ends(**specs):
        return tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in specs.items())

    report = sigcheck.check(
        Signature(outputs=ends(line="string[?]")),
        Signature(inputs=ends(age="int64[?, 1]", fare="float32[?]", name="string[?]")),
        bind={"csv_columns(line)": ["age", "fare", "name"]},
    )
    assert (report.verdict, report.verification.level, report.exit_code) == ("guarded", "executed", 0), report
    assert report.verification.reason is None
    given = report.adapter({"line": [b'22,7.25,"Braund, Mr. Owen"', b"38,71.5,Cumings"]})
    assert given["age"].numpy().tolist() == [[22], [38]]
    assert given["name"].numpy().tolist() == [b"Braund, Mr. Owen", b"Cumings"]
