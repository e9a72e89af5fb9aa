"""Small stand-ins for the models of a report, written as contracts, and the commands that its author would type."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from sigcheck.cli import run


class Told(NamedTuple):
    """The exit code of a check, and its report."""

    code: int
    report: dict

    @property
    def verdict(self):
        return self.report["verdict"]

    @property
    def steps(self):
        """The steps to each input, where it has a plan."""
        bindings = self.report["bindings"]
        return {
            one["required"]: [step["transform"] for step in one["plan"]["steps"]] for one in bindings if one["plan"]
        }

    @property
    def fed(self):
        return {one["required"]: one["provided"] for one in self.report["bindings"]}

    @property
    def errors(self):
        return {one["rule"]: one["help"] for one in self.report["findings"] if one["level"] == "error"}


@pytest.fixture
def models(tmp_path, monkeypatch):
    """Writes the outputs of the one model and the inputs of the other: a text, or a text with facts, for each."""
    monkeypatch.chdir(tmp_path)

    def write(outputs, inputs):
        for file, side, ends in (("producer", "outputs", outputs), ("consumer", "inputs", inputs)):
            told = [one if isinstance(one, tuple) else (one, {}) for one in ends.values()]
            specs = [
                {"name": name, "spec": spec, "facts": facts} for name, (spec, facts) in zip(ends, told, strict=True)
            ]
            (tmp_path / f"{file}.json").write_text(json.dumps({side: specs}))

    return write


@pytest.fixture
def check(models, capsys):
    """Writes both models and checks them, with the options that are typed."""

    def typed(outputs, inputs, *options):
        models(outputs, inputs)
        code = run(["check", "producer.json", "consumer.json", "--verify", "typed", "--format", "json", *options])
        return Told(code, json.loads(capsys.readouterr().out))

    return typed


@pytest.fixture
def adapt(models, tmp_path):
    """Writes both models and the adapter, and gives what the adapter makes of arrays, by the names of the inputs."""

    def typed(outputs, inputs, arrays, *options):
        import tensorflow as tf

        models(outputs, inputs)
        command = ["adapt", "producer.json", "consumer.json", "-o", "adapter.py", "--verify", "typed", "--quiet"]
        assert run([*command, *options]) == 0
        module: dict = {}
        exec(compile((tmp_path / "adapter.py").read_text(), "adapter.py", "exec"), module)
        given = {name: one if isinstance(one, tf.SparseTensor) else tf.constant(one) for name, one in arrays.items()}
        return {name: one.numpy() for name, one in module["adapt"](given).items()}

    return typed
