"""Public reports of inputs without a shape, as old placeholders have them, replayed as their authors would."""

from __future__ import annotations

import pytest

from sigcheck.cli import run

pytestmark = pytest.mark.tensorflow


class TestKeepProb:
    """serving 1581, 719: token ids and a `dropout_keep_prob` of unknown rank, which a batch of three numbers breaks."""

    ENDS = ({"input_p1": "int32[?, 8]"}, {"input_p1": "int32[?, 8]", "dropout_keep_prob": "float32[*]"})

    def test_the_help_says_how_it_is_fed(self, check):
        told = check(*self.ENDS)
        assert told.verdict == "blocked"
        assert "--const dropout_keep_prob=VALUE" in told.errors["missing_input"]

    def test_it_is_the_number_that_was_told_and_none_for_each_example(self, check):
        told = check(*self.ENDS, "--const", "dropout_keep_prob=1.0")
        assert (told.code, told.verdict) == (0, "adapts")
        (keep,) = (one for one in told.report["bindings"] if one["required"] == "dropout_keep_prob")
        assert (keep["junction"]["result"]["shape"], keep["verdict"]) == ([], "adapts")


class TestAPlaceholderBeforeAConvolution:
    """serving 276, tensorflow 6118: placeholders without a shape; the graph shows the rank that `show` prints."""

    @pytest.fixture
    def network(self, tmp_path, monkeypatch):
        import tensorflow as tf

        monkeypatch.chdir(tmp_path)
        graph = tf.Graph()
        with graph.as_default():
            x = tf.compat.v1.placeholder(tf.float32, name="x")
            tf.nn.conv2d(x, tf.ones([3, 3, 3, 4]), 1, "SAME", name="y")
        tf.io.write_graph(graph.as_graph_def(), ".", "network.pb", as_text=False)

        def told(outputs, capsys):
            (tmp_path / "producer.toml").write_text(f"[outputs]\nx = '{outputs}'\n")
            code = run(["check", "producer.toml", "network.pb", "--verify", "typed"])
            return code, capsys.readouterr().out

        return told

    def test_vectors_do_not_fit(self, network, capsys):
        code, out = network("float32[?, 8]", capsys)
        assert (code, "required  x: float32[?, ?, ?, ?]" in out) == (2, True)

    def test_pictures_do(self, network, capsys):
        assert network("float32[?, 8, 8, 3]", capsys)[0] == 0

    def test_pictures_of_other_channels_do_not(self, network, capsys):
        code, out = network("float32[?, 8, 8, 4]", capsys)
        # A crop would do, and nobody says so.
        assert (code, "required x.3 % 3 == 0, provided x.3 = 4" in out) == (2, True)


def test_a_rank_that_no_graph_shows_is_not_checked(check):
    told = check({"x": "float32[?, 8]"}, {"x": "float32[*]"})
    assert (told.verdict, "rank of x: left open by the consumer" in told.report["unchecked"]) == ("fits", True)
