"""What feeds nothing: a constant, a tensor passed on, a state, rows and junctions that cannot be. One line, code 2."""

from __future__ import annotations

import pytest

from sigcheck.cli import run

FILES = {
    "detector": '[inputs]\nimage = "uint8[?, 8, 8, 3]"\n[outputs]\nboxes = "float32[?, 4]"\npair = "float32[?, 2]"\n',
    "cutter": """\
[inputs]
boxes = "float32[?, 4]"
training = "bool[]"
threshold = { spec = "float32[]", facts = { range = [0, 1] } }
type_ids = { spec = "int32[?, 8]", facts = { meaning = "token_ids", id_count = 2 } }
left = "float32[?, 1]"
right = "float32[?, 1]"
[outputs]
crops = "float32[?, 4, 4, 3]"
""",
    "lines": '[outputs]\nline = "string[?]"\nnone = "ragged float32[0, None]"\n',
    "table": '[inputs]\nage = "int64[?]"\nname = "string[?]"\n',
    "namer": '[inputs]\ncrops = "float32[?, 4, 4, 3]"\nimage = "uint8[?, 8, 8, 3]"\n[outputs]\nname = "string[?]"\n',
    "none": '[outputs]\naudio = "float32[0, 1000]"\n',
    "sounds": '[inputs]\nwaveform = "float32[?]"\n[outputs]\nscores = "float32[?, 2]"\n',
    "cell": """\
[inputs]
x = "float32[?, 4]"
h = "float32[?, 8]"
[outputs]
y = "float32[?, 4]"
h_out = "float32[?, 6]"
""",
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        (tmp_path / f"{name}.toml").write_text(text)


CASES = {
    "a constant of another dtype": (
        "check detector.toml cutter.toml --const training=0",
        "bind constant(0)=training: 0 is no value of bool, expected one. Tell another value.",
    ),
    "a fraction for whole numbers": (
        "check detector.toml cutter.toml --const type_ids=0.5",
        "bind constant(0.5)=type_ids: 0.5 is no value of int32, expected one. Tell another value.",
    ),
    "a whole number beyond the dtype": (
        "check detector.toml cutter.toml --const type_ids=3000000000",
        "bind constant(3000000000)=type_ids: 3000000000 is no value of int32, expected one. Tell another value.",
    ),
    "a float beyond the dtype": (
        "check detector.toml cutter.toml --const threshold=1e60",
        "bind constant(1e+60)=threshold: 1e+60 is no value of float32, expected one. Tell another value.",
    ),
    "no number": (
        "check detector.toml cutter.toml --const threshold=nan",
        "bind constant",
    ),
    "a constant outside the range": (
        "check detector.toml cutter.toml --const threshold=1.5",
        "bind constant(1.5)=threshold: 1.5 is outside [0, 1], which the input is declared to take. Tell a",
    ),
    "an id beyond the table": (
        "check detector.toml cutter.toml --const type_ids=2",
        "bind constant(2)=type_ids: 2 is outside [0, 1], ids below 2 are what it takes. Tell a value within.",
    ),
    "a constant of no input": (
        "check detector.toml cutter.toml --const gone=0",
        "bind constant(0)=gone: the consumer has no input 'gone'; it has ",
    ),
    "a tensor that does not come before": (
        "check detector.toml cutter.toml namer.toml --bind namer.name=cutter.left",
        "bind namer.name=cutter.left: ",
    ),
    "an input that the producer does not have": (
        "check detector.toml cutter.toml --bind input.picture=boxes",
        "bind input.picture=boxes: the producer has no output 'input.picture'; ",
    ),
    "two junctions of one output": (
        'check detector.toml cutter.toml --bind "split(pair, axis=1)=left" --bind "unstack(pair, axis=1)=right"',
        "bind ",
    ),
    "no rows": (
        "check none.toml sounds.toml --map",
        "map: audio: float32[0, 1000] has no rows, expected a batch to call the consumer over. Give some, ",
    ),
    "no rows beside an output that has some": (
        "check lines.toml sounds.toml --map --bind none=waveform",
        "map: none: ragged float32[0, None] has no rows, expected a batch to call the consumer over. Give some, ",
    ),
    "one column alone": (
        'check lines.toml table.toml --bind "csv_columns(line)=age"',
        "bind csv_columns(line)=age: 1 input, expected 2 to 64 that part the output. Bind each of them to it.",
    ),
    "a column by a number": (
        'check lines.toml table.toml --bind "csv_columns(line, axis=1)=age"',
        "bind csv_columns(line, axis=1): an argument 'axis', expected csv_columns(line). Write it like that.",
    ),
    "bytes of numbers that nobody has": (
        "check lines.toml table.toml --fact producer.line.meaning=raw_int24",
        "producer.line.meaning: found 'raw_int24', expected a word that is known here. Did you mean 'raw_int64'?",
    ),
    "bytes of numbers that are none": (
        "check detector.toml cutter.toml --fact producer.boxes.meaning=raw_int16",
        "producer.boxes.meaning: meaning raw_int16 is one of strings, not of float32. Correct the declaration.",
    ),
    "rows of nothing that has any": (
        "check cutter.toml sounds.toml --map --bind crops=gone",
        "bind crops=gone: the consumer has no input 'gone'; ",
    ),
    "both models row by row": (
        "check detector.toml sounds.toml --map --map-producer",
        "--map-producer: beside --map, expected one model to be called row by row. Leave one out.",
    ),
    "a state of another shape": (
        "check cell.toml cell.toml --state h_out=h --const h=0",
        "state h_out=h: float32[?, 6] is given, and the next call takes float32[?, 8]. Bind the output that it was.",
    ),
    "a state of another shape, alone": (
        "check cell.toml cell.toml --loop --bind h_out=h --const h=0",
        "state h_out=h: float32[?, 6] is given, and the next call takes float32[?, 8]. Bind the output that it was.",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_line_and_code_two(name, capsys):
    import shlex

    command, said = CASES[name]
    assert run([*shlex.split(command), "--verify", "typed"]) == 2
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.removeprefix("sigcheck: ").startswith(said)
    assert (captured.out, "Traceback" in line) == ("", False)
