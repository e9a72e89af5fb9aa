"""What is passed on in a project: the names of its models stand before what a link takes of earlier ones."""

from __future__ import annotations

import json
import re

from sigcheck.certificates import again
from sigcheck.certificates.recheck import verify_adapter
from sigcheck.cli import run
from sigcheck.project.cache import Cache
from sigcheck.project.diff import diff
from sigcheck.project.lint import lint
from sigcheck.reports.parts.next_steps import next_steps

MODELS = {
    "encoder": None,
    "classifier": None,
    "detector": 'inputs.image = "uint8[?, 8, 8, 3]"\noutputs.boxes = "float32[?, 4]"\noutputs.scores = "float32[?]"',
    "crop": 'inputs.image = "uint8[?, 8, 8, 3]"\ninputs.boxes = "float32[?, 4]"\noutputs.crops = "float32[?, 4]"',
    "names": 'inputs.crops = "float32[?, 4]"\ninputs.scores = "float32[?]"',
}


def config(second, first='{ "input.image" = "image" }'):
    return f"""\
[models.find]
source = "detector.toml"
[models.cut]
source = "crop.toml"
[models.tell]
source = "names.toml"
[[links]]
from = "find"
to = "cut"
bind = {first}
[[links]]
from = "cut"
to = "tell"
bind = {second}
"""


GOOD = config('{ "find.scores" = "scores" }')


def test_a_link_takes_what_the_models_before_it_give_and_are_fed(project):
    result = lint(project(GOOD, **MODELS), verify="typed")
    assert [link.check.verdict for link in result.links] == ["fits", "fits"]
    assert [(one.provided, one.required) for link in result.links for one in link.check.bindings] == [
        ("input.image", "image"),
        ("boxes", "boxes"),
        ("crops", "crops"),
        ("find.scores", "scores"),
    ]


def test_a_lint_says_the_same_from_its_cache(project, tmp_path):
    made, cache = project(GOOD, **MODELS), Cache(tmp_path / "cache")
    assert lint(made, verify="typed", cache=cache) == lint(made, verify="typed", cache=cache)


def test_what_is_in_no_scope_is_an_error_of_the_link(linted):
    code, found = linted(config('{ "tell.scores" = "scores" }'), **MODELS)
    assert (code, [line for line in found if "error" in line]) == (2, ["11 cut -> tell: tell: error unchecked_link"])


def test_the_help_names_the_model_as_the_config_does(project):
    result = lint(project(config("{}"), **MODELS), verify="typed")
    (help_,) = (one.finding.help for one in result.active if one.finding.rule == "missing_input")
    assert help_.startswith('find gives scores: pass it on with bind = { "find.scores" = "scores" }')


def test_what_nobody_declared_is_to_be_declared_at_the_model_that_gives_it(project):
    result = lint(project(GOOD, **MODELS), verify="typed")
    unchecked = (one.finding for one in result.active if one.finding.rule == "unchecked_range")
    helps = [one.help for one in unchecked if one.place == "scores"]
    assert helps == ["declare range of scores at find and of scores at tell, in the config"]
    keys = {one.key for one in next_steps(result, most=9)}
    assert {"models.find.outputs.scores", "models.tell.inputs.scores", "models.find.inputs.image"} <= keys
    # The advice is followed, key by key, until nothing is left.
    told = "".join(f"[{key}]\nrange = [0, 1]\n" for key in sorted(keys))
    assert next_steps(lint(project(f"{GOOD}{told}", **MODELS), verify="typed")) == ()


def test_a_change_of_an_earlier_model_breaks_the_link_that_takes_of_it(project, tmp_path):
    made = project(GOOD, **MODELS)
    (tmp_path / "new.toml").write_text(MODELS["detector"].replace('scores = "float32[?]"', 'scores = "string[?]"'))
    found = diff("detector.toml", "new.toml", config=made)
    assert {(one.link, one.effect) for one in found.links} == {("find -> cut", "safe"), ("cut -> tell", "broken")}


def test_models_that_feed_each_other_end(linted):
    """Each comes before the other, and none before itself."""
    models = MODELS | {"names": 'inputs.crops = "float32[?, 4]"\noutputs.image = "uint8[?, 8, 8, 3]"'}
    loop = """\
[models.cut]
source = "crop.toml"
[models.tell]
source = "names.toml"
[[links]]
from = "cut"
to = "tell"
[[links]]
from = "tell"
to = "cut"
bind = { "input.crops" = "boxes" }
"""
    code, _ = linted(loop, **models)
    assert code == 0


CERTIFIED = """\
[models.find]
source = "detector.toml"
outputs.scores = { range = [0, 2] }
[models.cut]
source = "crop.toml"
[models.tell]
source = "names.toml"
inputs.scores = { range = [0, 1] }
[[links]]
from = "find"
to = "cut"
bind = { "input.image" = "image" }
[[links]]
from = "cut"
to = "tell"
bind = { "find.scores" = "scores" }
adapter = "tell.py"
"""


def test_an_adapter_that_takes_of_an_earlier_model_is_certified_and_verified_again(project, tmp_path, capsys):
    project(CERTIFIED, **MODELS)
    assert run(["adapt", "--all", "--verify", "typed"]) == 0
    certificate = json.loads((tmp_path / "tell.certificate.json").read_text())
    assert list(certificate["earlier"]) == ["find"]
    assert certificate["earlier"]["find"]["source"] == "detector.toml"
    assert certificate["facts"]["producer"] == {"find.scores": {"range": [0, 2]}}
    recheck, now = verify_adapter(tmp_path / "tell.py")
    assert (recheck.holds, now.model_dump(mode="json")["earlier"]) == (True, certificate["earlier"])
    written = MODELS["detector"].replace('scores = "float32[?]"', 'scores = "float64[?]"')
    (tmp_path / "detector.toml").write_text(written)
    recheck, _ = verify_adapter(tmp_path / "tell.py")
    assert not recheck.holds
    assert any(one.what == "detector.toml" and "scores" in one.message for one in recheck.changes)


def test_a_verification_reads_each_model_once(project, tmp_path, monkeypatch):
    # What graphs would change is asked of them, too.
    project(re.sub(r"(?m)^source = .*", "\\g<0>\ninfer = false", CERTIFIED), **MODELS)
    assert run(["adapt", "--all", "--verify", "typed"]) == 0
    asked = []
    read_file = again.read_source
    monkeypatch.setattr(again, "read_source", lambda one, **how: asked.append(one.path.name) or read_file(one, **how))
    verify_adapter(tmp_path / "tell.py")
    assert sorted(asked) == ["crop.toml", "detector.toml", "names.toml"]


def test_an_output_that_is_called_as_one_of_an_earlier_model_is_the_own_one(project, tmp_path):
    own = {**MODELS, "crop": f'{MODELS["crop"]}\noutputs."find.scores" = "float32[?]"'}
    project(CERTIFIED, **own)
    assert run(["adapt", "--all", "--verify", "typed"]) == 0
    certificate = json.loads((tmp_path / "tell.certificate.json").read_text())
    assert "earlier" not in certificate
    assert "find.scores" not in certificate["facts"]["producer"]
    recheck, _ = verify_adapter(tmp_path / "tell.py")
    assert recheck.holds


BESIDE = {
    "encoder": None,
    "classifier": None,
    "photos": 'inputs.photo = "uint8[batch, 8, 8, 3]"\noutputs.vector = "float32[batch, 4]"',
    "titles": 'inputs.ids = "int32[batch, 6]"\noutputs.vector = "float32[batch, 4]"',
    "ranker": 'inputs.photo = "float32[rows, 1, 4]"\ninputs.title = "float32[rows, 4]"\noutputs.score = "float32[?]"',
    "shop": 'inputs.score = "float32[?]"',
}
TOWERS = """\
[models.photos]
source = "photos.toml"
[models.titles]
source = "titles.toml"
[models.ranker]
source = "ranker.toml"
[models.shop]
source = "shop.toml"
[[links]]
from = "photos"
to = "ranker"
bind = { vector = "photo", "titles.vector" = "title" }
[[links]]
from = "ranker"
to = "shop"
"""


def test_a_link_takes_what_a_model_beside_its_producer_gives(project, tmp_path):
    made, cache = project(TOWERS, **BESIDE), Cache(tmp_path / "cache")
    cold, warm = (lint(made, verify="typed", cache=cache) for _ in range(2))
    assert cold == warm
    first = cold.links[0].check
    assert [(one.provided, one.required, one.verdict) for one in first.bindings] == [
        ("vector", "photo", "adapts"),
        ("titles.vector", "title", "guarded"),
    ]
    # Nobody knows that both are called with one batch: the adapter asserts it.
    assert first.holds_where == ("axis 0 of title == axis 0 of photo",)
    assert not [one for one in cold.findings if one.finding.rule == "unused_model"]


def test_what_comes_after_a_link_is_in_no_scope_of_it(linted):
    text = TOWERS.replace('"titles.vector" = "title"', '"shop.input.score" = "title"')
    code, found = linted(text, **BESIDE)
    assert code == 2
    assert any("photos -> ranker" in line and "unchecked_link" in line for line in found)


def test_a_change_of_a_model_beside_a_link_reaches_it(project, tmp_path):
    made = project(TOWERS, **BESIDE)
    (tmp_path / "new.toml").write_text('inputs.ids = "int32[batch, 6]"\noutputs.vector = "float32[batch, 5]"')
    effects = diff("titles", str(tmp_path / "new.toml"), made).links
    assert [(one.link, one.effect) for one in effects] == [("photos -> ranker", "broken")]
