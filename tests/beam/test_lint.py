"""A lint on Apache Beam gives the bytes of the lint here: all models, links, proofs, limits and mistakes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sigcheck.cli import run
from sigcheck.planning import effort
from sigcheck.project import check_links
from tests.beam.runners import RUNNERS

GROUPS = 6
DIRECT = ["--engine", "beam", "--", *RUNNERS["direct"]]


@pytest.fixture
def project(tmp_path, monkeypatch, request):
    """Links that fit, need an adapter, are blocked and are undecided; a chain, a lock, data, a model that is broken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(check_links, "_LINKS_AT_ONCE", 4)
    config = []
    for at in range(getattr(request, "param", GROUPS)):
        specs = {
            "a": f'outputs.x = "float32[?, {at + 2}]"',
            "b": f'inputs.x = "float32[?, 1, {at + 2}]"\noutputs.y = "float32[?, {at + 3}]"',
            "c": f'inputs.y = "float32[?, {at + 3}]"\noutputs.x = "float64[?, {at + 3}]"',
        }
        for name, text in specs.items():
            Path(f"{name}{at}.toml").write_text(text)
            config.append(f'[models.{name}{at}]\nsource = "{name}{at}.toml"')
            if name == "a":
                config.append('data = "samples.npz"')
        pairs = [("a", "b"), ("b", "c"), ("c", "b")]
        config += [f'[[links]]\nfrom = "{one}{at}"\nto = "{other}{at}"' for one, other in pairs]
    Path("broken.toml").write_text('inputs.x = "float32[?, "')
    config.append('[models.broken]\nsource = "broken.toml"\n[[links]]\nfrom = "a0"\nto = "broken"')
    config.append('[[chains]]\nmodels = ["a0", "b0", "c0"]')
    Path("sigcheck.toml").write_text("\n".join(config))
    np.savez("samples.npz", x=np.ones((3, 2), np.float32))
    return tmp_path


def told(capsys, *words):
    capsys.readouterr()
    code = run(["lint", *words])
    return code, *capsys.readouterr()


@pytest.mark.parametrize("runner", RUNNERS)
def test_the_bytes_are_those_of_the_local_run(project, capsys, runner):
    words = ["--verify", "typed", "--format", "json", "--no-cache"]
    here = told(capsys, *words)
    assert here[0] == 2
    assert '"verdict": "blocked"' in here[1]
    assert told(capsys, *words, "--engine", "beam", "--", *RUNNERS[runner]) == here


@pytest.mark.parametrize("project", [2], indirect=True)
def test_adapters_are_proved_as_they_are_here(project, capsys):
    pytest.importorskip("tensorflow")
    words = ["--verify", "executed", "--format", "json", "--no-cache", "--timeout", "300"]
    here = told(capsys, *words)
    assert '"level": "executed"' in here[1]
    assert told(capsys, *words, *DIRECT) == here


@pytest.mark.parametrize("most", [1, 40, 120])
def test_a_limit_ends_it_where_it_ends_one_process(project, capsys, most):
    words = ["--verify", "typed", "--format", "json", "--no-cache"]
    with effort.bounded_effort(most):
        here = told(capsys, *words)
    with effort.bounded_effort(most):
        assert told(capsys, *words, *DIRECT) == here


def test_data_that_cannot_be_read_ends_it_in_one_line(project, capsys):
    (project / "samples.npz").write_bytes(b"no archive")
    here = told(capsys, "--verify", "typed")
    assert (here[0], here[1], len(here[2].splitlines())) == (2, "", 1)
    assert told(capsys, "--verify", "typed", *DIRECT) == here


@pytest.mark.parametrize(
    ("word", "cure"),
    [("other.toml", "Name a config with --config."), ("a.keras", "Leave it out, or write `sigcheck check`.")],
)
def test_a_word_that_is_no_option_of_a_pipeline_is_one_line(project, capsys, word, cure):
    code, out, err = told(capsys, word)
    assert (code, out) == (2, "")
    assert err.startswith(f"sigcheck: {word}: found beside the options of lint, which checks a whole project. {cure}")
