"""`example = "PAIR.npz"` at a link: what plans of a project tie is decided, wherever the config is used."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sigcheck.cli import run as run_command
from sigcheck.config.load import load_config
from sigcheck.planning.rivals import run
from sigcheck.project.cache import Cache
from sigcheck.project.diff import diff
from sigcheck.project.lint import lint
from sigcheck.schema.notation import parse_spec

CAMERA = "uint8[?, 480, 640, 3]"
CONFIG = """\
[models.camera]
source = "camera.toml"
[models.backbone]
source = "backbone.toml"
[[links]]
from = "camera"
to = "backbone"
policy = {{ loss = "truncating" }}
adapter = "adapters/camera.py"
{setting}
"""
EXAMPLE = 'example = "examples/pair.npz"'
CUT = "truncate(sizes=[?, 224, 224, ?], side=post), cast(dtype=float32)"
SHRUNK = "cast(dtype=float32), resize(size=[224, 224], method=bilinear)"


@pytest.fixture
def camera(tmp_path, monkeypatch):
    """Writes a camera of 480 by 640 that feeds a model of 224 by 224, and loads the config with a setting."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "examples").mkdir()

    def write(setting=EXAMPLE, provided=CAMERA):
        (tmp_path / "camera.toml").write_text(f'outputs.image = "{provided}"')
        (tmp_path / "backbone.toml").write_text('inputs.image = "float32[?, 224, 224, 3]"')
        (tmp_path / "sigcheck.toml").write_text(CONFIG.format(setting=setting))
        return load_config(tmp_path / "sigcheck.toml")

    return write


@pytest.fixture
def save(tmp_path, camera):
    """Saves the pair of arrays that one of the plans makes."""

    def write(plan):
        result = lint(camera(""), verify="typed")
        (chosen,) = (one for one in result.links[0].check.bindings[0].candidates if str(one) == plan)
        image = np.random.default_rng(0).integers(0, 256, (1, 480, 640, 3), dtype=np.uint8)
        made = run(parse_spec(CAMERA), chosen, image)
        np.savez(tmp_path / "examples" / "pair.npz", provided=image, required=made)

    return write


def plan_of(config, cache=None):
    (link,) = lint(config, verify="typed", cache=Cache(cache)).links
    assert link.problem is None
    return link.verdict, str(link.check.bindings[0].plan)


def problem_of(config):
    result = lint(config, verify="typed")
    assert result.exit_code == 2
    assert [one.finding.rule for one in result.active] == ["unchecked_link"]
    return result.links[0].problem


def test_without_an_example_it_is_undecided_and_the_help_says_what_to_write(camera):
    result = lint(camera(""), verify="typed")
    assert (result.exit_code, result.links[0].verdict) == (2, "undecided")
    (tie,) = (one.finding for one in result.active if one.finding.rule == "ambiguous_plan")
    assert tie.help.endswith('a pair of arrays does, with example = "PAIR.npz"')


@pytest.mark.parametrize("plan", [CUT, SHRUNK])
def test_the_example_decides(camera, save, plan):
    save(plan)
    assert plan_of(camera()) == ("adapts", plan)


def test_its_path_is_relative_to_the_config(camera, save, tmp_path, monkeypatch):
    save(SHRUNK)
    config = camera()
    monkeypatch.chdir(tmp_path.parent)
    assert plan_of(config) == ("adapts", SHRUNK)


def test_another_content_of_the_file_is_another_question_to_the_cache(camera, save, tmp_path):
    for plan in (CUT, SHRUNK, CUT):
        save(plan)
        assert plan_of(camera(), tmp_path / "kept") == ("adapts", plan)
    assert plan_of(camera(""), tmp_path / "kept") == ("undecided", "None")


def test_what_it_decided_comes_from_the_cache(camera, save, tmp_path, monkeypatch):
    save(SHRUNK)
    first = lint(camera(), verify="typed", cache=Cache(tmp_path / "kept"))

    def fail(*_):
        raise AssertionError("it was planned again")

    monkeypatch.setattr("sigcheck.project.plan_links.feed", fail)
    again = lint(camera(), verify="typed", cache=Cache(tmp_path / "kept"))
    assert again.model_dump_json() == first.model_dump_json()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "pair.npz: no such file, expected an .npz file"),
        (b"no zip", "pair.npz: no .npz file"),
        (b"PK\x05\x06" + b"\0" * 18, "pair.npz: no 'provided' array in it"),
    ],
)
def test_a_file_that_is_none_is_the_problem_of_the_link(camera, tmp_path, content, told):
    if content is not None:
        (tmp_path / "examples" / "pair.npz").write_bytes(content)
    assert told in problem_of(camera())


def test_a_folder_is_no_example(camera):
    assert "examples: no .npz file" in problem_of(camera('example = "examples"'))


def test_an_example_of_other_models_is_the_problem_of_the_link(camera, save):
    save(SHRUNK)
    told = problem_of(camera(provided="uint8[?, 300, 300, 3]"))
    assert "the provided array is uint8[1, 480, 640, 3], expected uint8[?, 300, 300, 3]" in told


def test_an_example_that_names_nothing_of_the_models_is_the_problem_of_the_link(camera, tmp_path):
    pair = {"provided.imgae": np.zeros((1, 480, 640, 3), np.uint8), "required": np.ones((1, 224, 224, 3), np.float32)}
    np.savez(tmp_path / "examples" / "pair.npz", **pair)
    assert "the producer has no output 'imgae'; did you mean 'image'?" in problem_of(camera())


def test_an_example_that_no_plan_makes_is_the_problem_of_the_link(camera, tmp_path):
    pair = {"provided": np.zeros((1, 480, 640, 3), np.uint8), "required": np.ones((1, 224, 224, 3), np.float32)}
    np.savez(tmp_path / "examples" / "pair.npz", **pair)
    assert "no plan makes the required array" in problem_of(camera())


def test_a_version_that_the_example_is_none_of_breaks_the_link(camera, save, tmp_path):
    """What the example decided is open then, and never taken for decided because nothing ties without it."""
    save(SHRUNK)
    config = camera()
    for name, text in (("smaller", "uint8[?, 300, 300, 3]"), ("same", "float32[?, 224, 224, 3]")):
        (tmp_path / f"{name}.toml").write_text(f'outputs.image = "{text}"')
        result = diff("camera", f"{name}.toml", config)
        (link,) = result.links
        assert (link.effect, link.before, link.after.verdict) == ("broken", "adapts", "undecided")
        assert result.exit_code == 2
    (tmp_path / "other.toml").write_text('outputs.image = "string[?]"')
    (link,) = diff("camera", "other.toml", config).links
    assert (link.effect, link.after.verdict) == ("broken", "blocked")


def test_a_version_that_is_alike_is_decided_as_before(camera, save, tmp_path):
    save(SHRUNK)
    (tmp_path / "next.toml").write_text(f'outputs.image = "{CAMERA}"')
    (link,) = diff("camera", "next.toml", camera()).links
    assert (link.effect, link.after.verdict) == ("safe", "adapts")


def test_where_the_example_is_gone_no_version_passes(camera, save, tmp_path):
    save(SHRUNK)
    (tmp_path / "examples" / "pair.npz").unlink()
    (link,) = diff("camera", "camera", camera()).links
    assert (link.effect, link.before, link.after.verdict) == ("failing", "undecided", "undecided")


def test_a_lock_is_the_same_with_an_example(camera, save, tmp_path):
    save(SHRUNK)
    locks = []
    for setting in ("", EXAMPLE):
        assert run_command(["lock", "--quiet", "--config", str(camera(setting).path)]) == 0
        locks.append((tmp_path / "sigcheck.lock").read_text())
    assert locks[0] == locks[1]


def test_the_certificate_of_the_adapter_repeats_what_it_decided(camera, save, tmp_path, capsys):
    save(SHRUNK)
    camera()
    assert run_command(["adapt", "--all", "--verify", "typed"]) == 0
    adapter = tmp_path / "adapters" / "camera.py"
    assert "tf.image.resize" in adapter.read_text()
    certificate = json.loads((tmp_path / "adapters" / "camera.certificate.json").read_text())
    assert certificate["plans"] == {"image": SHRUNK}
    (tmp_path / "examples" / "pair.npz").unlink()
    assert run_command(["verify", str(adapter)]) == 0, capsys.readouterr().out


def test_the_certificate_names_the_way_to_join_that_it_decided(camera, tmp_path):
    camera(f"{EXAMPLE}\nbind = {{ b = 'x', a = 'x' }}")
    (tmp_path / "camera.toml").write_text('outputs.a = "float32[?, 2]"\noutputs.b = "float32[?, 2]"')
    (tmp_path / "backbone.toml").write_text('inputs.x = "float32[?, 2, 2]"')
    a, b = np.array([[1, 2]], np.float32), np.array([[3, 4]], np.float32)
    arrays = {"provided.a": a, "provided.b": b, "required.x": np.stack([b, a], 2)}
    np.savez(tmp_path / "examples" / "pair.npz", **arrays)
    assert run_command(["adapt", "--all", "--verify", "typed"]) == 0
    certificate = json.loads((tmp_path / "adapters" / "camera.certificate.json").read_text())
    assert certificate["bind"] == {"stack(b, a, axis=2)": "x"}
    (tmp_path / "examples" / "pair.npz").unlink()
    assert run_command(["verify", str(tmp_path / "adapters" / "camera.py")]) == 0
