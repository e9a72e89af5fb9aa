"""What the comparison with the peers works out by itself: the choice of tasks, what is right, and the count."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.benchmarks.peers_answer import Answer, equals, row, write_array
from tests.benchmarks.peers_environment import is_made
from tests.benchmarks.peers_im2im import Form, Pair, draw_pairs, list_forms, write_models
from tests.benchmarks.peers_tf_coder import TOLD, Task, ask_sigcheck, is_adapter, read_answers, read_tasks, write_spec

ROWS = np.arange(6, dtype=np.int32).reshape(2, 3)
MORE = np.arange(9, dtype=np.int32).reshape(3, 3)
TASK = Task(
    name="pad",
    program="tf.pad(in1, [[0, 0], [0, 1]])",
    given=ROWS,
    wanted=np.pad(ROWS, [(0, 0), (0, 1)]),
    fresh_given=MORE,
    fresh_wanted=np.pad(MORE, [(0, 0), (0, 1)]),
)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("tf.cast(in1, tf.float32)", True),
        ("tens", True),
        ("in1[:, :, 0]", True),
        ("tf.pad(in1, [[0, 0], [0, 1]], 'CONSTANT')", True),
        ("tf.concat((tf.cast(in1, tf.float32), tf.fill([4, 1], float('nan'))), axis=1)", True),
        ("tf.cast(tf.greater(tf.expand_dims(in1, 1), tf.range(5)), tf.int32)", True),
        ("tf.cumsum(in1)", False),
        ("tf.gather(in1, tf.argsort(in1[:, 0], stable=True))", False),
        ("tf.cast(tf.logical_and(0 <= in1, in1 <= 1), tf.int32)", False),
        ("tf.reshape(in1, [-1]) + 1", False),
        ("tf.linalg.matvec(in1, in1)", False),
    ],
)
def test_an_adapter_rearranges_and_does_not_compute(program, expected):
    assert is_adapter(program) == expected


def test_a_spec_leaves_open_what_another_batch_changes():
    assert write_spec(ROWS, MORE) == "int32[?, 3]"
    assert write_spec(ROWS, ROWS) == "int32[2, 3]"


def test_tasks_come_back_as_the_worker_writes_them():
    arrays = {name: write_array(getattr(TASK, name)) for name in ("given", "wanted", "fresh_given", "fresh_wanted")}
    (task,) = read_tasks(json.dumps({"tasks": [{"name": TASK.name, "program": TASK.program, **arrays}]}))
    assert task.is_adapter
    assert equals(task.given, TASK.given)
    assert task.judge(TASK.fresh_wanted)


@pytest.mark.parametrize("other", [ROWS.astype(np.int64), ROWS[:1], ROWS + 1])
def test_other_dtypes_shapes_and_values_are_not_right(other):
    assert equals(ROWS, ROWS)
    assert not equals(other, ROWS)


def test_what_tf_coder_answers_is_judged_on_another_batch():
    right, wrong = write_array(TASK.fresh_wanted), write_array(TASK.fresh_wanted + 1)
    tasks = dict.fromkeys(("a", "b", "c", "d", "e"), TASK)
    lines = [
        json.dumps(line)
        for name, answer, made in (("a", "x", right), ("b", "x", wrong), ("c", "x", None), ("d", None, None))
        for line in ({"starts": name}, {"name": name, "seconds": 2.0, "answer": answer, "made": made})
    ]
    answers, died_of = read_answers([*lines, json.dumps({"starts": "e"})], tasks)
    assert [answer.outcome for answer in answers.values()] == ["right", "wrong", "fails", "out of time"]
    assert died_of == "e"
    assert read_answers(lines, tasks)[1] is None


def test_a_row_counts_every_question_once():
    answers = [
        Answer("right", 0.25, ""),
        Answer("wrong", 0.5, ""),
        Answer("fails", 0.75, ""),
        Answer("crashed", None, ""),
        Answer("no plan", 1.0, ""),
        Answer("no plan", 2.0, ""),
    ]
    assert row("tool", answers) == "| tool | 6 | 3 | 1 | 2 | 750.0 | 1 crashed, 2 no plan |"
    assert "unknown" in row("tool", [Answer("crashed", None, "")])


def test_an_environment_of_other_requirements_is_made_again(tmp_path):
    made = tmp_path / "made-of.txt"
    assert not is_made(made, ["a==1"])
    made.write_text("a==1", encoding="utf-8")
    assert is_made(made, ["a==1"])
    assert not is_made(made, ["a==2"])


@pytest.mark.parametrize("form", list_forms(), ids=str)
def test_a_picture_survives_being_written_and_read(form):
    pictures = np.random.default_rng(0).uniform(0, 1, (1, 4, 5, 3))
    if form.colour == "gray":
        pictures[...] = pictures[..., :1]
    written = form.write(pictures)
    assert np.abs(form.read(written) - pictures).max() <= 1 / 255
    assert written.ndim == 2 + form.is_batch + (form.order != "none")


def test_the_pairs_are_the_same_each_time_and_each_another():
    names = [(pair.source, pair.target) for pair in draw_pairs(50)]
    assert names == [(pair.source, pair.target) for pair in draw_pairs(50)]
    assert len(set(names)) == 50


def test_a_conversion_is_right_within_rounding_only():
    source, target = Form("rgb", "channel last", True, "float32(0to1)"), Form("rgb", "channel first", True, "uint8")
    given = source.write(np.random.default_rng(0).uniform(0, 1, (2, 4, 5, 3)))
    pair = Pair(source, target, given, target.write(source.read(given)))
    assert pair.wanted.shape == (2, 3, 4, 5)
    assert pair.is_right(pair.wanted)
    assert not pair.is_right(pair.wanted[:, ::-1])
    assert not pair.is_right(pair.wanted.astype(np.float32))
    assert not pair.is_right(np.moveaxis(pair.wanted, 1, -1))


def test_sigcheck_reads_the_forms(tmp_path):
    import sigcheck

    same = Form("rgb", "channel last", True, "uint8")
    given = same.write(np.zeros((2, 4, 5, 3)))
    report = sigcheck.check(*write_models(Pair(same, same, given, given), tmp_path), verify="typed")
    assert report.verdict == "fits"


@pytest.mark.tensorflow
def test_sigcheck_is_asked_with_the_pair_and_run_on_another_batch(tmp_path):
    answer = ask_sigcheck(TASK, tmp_path)
    assert (answer.outcome, answer.what) == ("right", "pad(sizes=[?, 4], value=0, side=post)")
    assert ask_sigcheck(TASK._replace(wanted=TASK.wanted + 1), tmp_path).outcome == "no plan"
    assert ask_sigcheck(TASK._replace(fresh_wanted=TASK.fresh_wanted + 1), tmp_path).outcome == "wrong"


def test_what_is_told_names_both_sides():
    assert all(set(told) == {"producer", "consumer"} for told in TOLD.values())
