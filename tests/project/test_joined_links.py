"""Links that join and part: lint, adapt --all, lock and diff say of them what `check` says."""

from __future__ import annotations

import pytest

from sigcheck.encodings.toml_text import write_value
from sigcheck.project.cache import Cache
from sigcheck.project.diff import diff
from sigcheck.project.lint import lint
from tests.junctions.kinds import KINDS, together

from .conftest import CONFIG, told


def config_of(bind, more=""):
    told = {output: list(names) if isinstance(names, tuple) else names for output, names in bind.items()}
    return f"""\
[models.give]
source = "give.toml"
[models.take]
source = "take.toml"
[[links]]
from = "give"
to = "take"
bind = {write_value(told)}
{more}
"""


@pytest.fixture
def made(project, tmp_path):
    """Writes a project of one link of a kind; gives its config."""

    def write(kind, more=""):
        kind.write(tmp_path)
        return project(config_of(kind.bind, more), encoder=None, classifier=None)

    return write


@pytest.mark.parametrize("name", KINDS)
def test_a_link_is_planned_as_it_is_bound(made, name):
    result = lint(made(KINDS[name]), verify="typed")
    (link,) = result.links
    assert {one.required: one.provided for one in link.check.bindings} == KINDS[name].fed
    assert link.check.verdict in {"adapts", "guarded"}
    assert {one.finding.rule for one in result.active if one.finding.place == "adapter"} == {"missing_adapter"}


def test_what_comes_from_the_cache_is_what_was_planned(made, tmp_path):
    config = made(together())
    cache = Cache(tmp_path / "cache")
    first, second = (lint(config, verify="typed", cache=cache) for _ in range(2))
    assert first.links[0].check.model_dump() == second.links[0].check.model_dump()
    assert {one.required: one.provided for one in second.links[0].check.bindings} == together().fed


def test_the_order_of_what_is_joined_is_not_forgotten_by_the_cache(made, tmp_path):
    kind = KINDS["stack"]
    cache = Cache(tmp_path / "cache")
    found = []
    for bind in ({"s1": "s", "s2": "s"}, {"s2": "s", "s1": "s"}):
        kind.write(tmp_path)
        config = made(kind)
        (tmp_path / "sigcheck.toml").write_text(config_of(bind))
        from sigcheck.config.load import load_config

        (link,) = lint(load_config(config.folder / "sigcheck.toml"), verify="typed", cache=cache).links
        found.append(link.check.bindings[0].provided)
    assert found == ["stack(s1, s2, axis=1)", "stack(s2, s1, axis=1)"]


@pytest.mark.parametrize(
    ("bind", "specs", "found"),
    [
        ('bind = { a = "x", b = "x" }', ("float32[?, 2]", "float32[?, 2]", "float32[?, 2, 2]"), "ambiguous_junction"),
        ('bind = { a = "x", b = "x" }', ("float32[?, 2]", "float32[?, 2]", "float32[?, 9]"), "no_junction"),
        (
            'bind = { a = "x", b = "x" }\npolicy = { deny = ["concat"] }',
            ("float32[?, 2]", "float32[?, 2]", "float32[?, 4]"),
            "no_junction",
        ),
    ],
)
def test_what_is_not_joined_is_an_error_of_the_link_in_the_words_of_the_config(project, bind, specs, found):
    config = project(
        f"{CONFIG}{bind}\n",
        encoder=f'outputs.a = "{specs[0]}"\noutputs.b = "{specs[1]}"',
        classifier=f'inputs.x = "{specs[2]}"',
    )
    result = lint(config, verify="typed")
    code, findings = told(result)
    assert code
    assert findings == [f"5 encoder -> classifier: x: error {found}"]
    (finding,) = [one.finding for one in result.active]
    assert "--" not in finding.help
    if found == "ambiguous_junction":
        assert finding.help == 'say which with bind = { "stack(a, b, axis=1)" = "x" }'


def test_a_link_is_bound_wrongly_in_one_line(project):
    config = project(
        config_of({"concat(a, b)": "x"}).replace("give", "encoder").replace("take", "classifier"),
        encoder='outputs.a = "float32[?, 2]"\noutputs.b = "float32[?, 2]"',
        classifier='inputs.x = "float32[?, 4]"',
    )
    (link,) = lint(config, verify="typed").links
    problem = "no axis, expected concat(a, b, axis=1), of at most 64 outputs. Write it like that."
    assert link.problem == f"bind concat(a, b): {problem}"


def test_a_new_version_that_changes_a_part_breaks_the_link(made, tmp_path):
    config = made(KINDS["concat"])
    (tmp_path / "new.toml").write_text('[outputs]\nc1 = "float64[?, 4]"\nc2 = "float32[?, 5]"\n')
    result = diff("give", "new.toml", config)
    assert [(one.link, one.effect, one.before, one.after.verdict) for one in result.links] == [
        ("give -> take", "broken", "adapts", "blocked")
    ]
    (tmp_path / "new.toml").write_text('[outputs]\nc1 = "float32[?, 3]"\nc2 = "float32[?, 5]"\n')
    result = diff("give", "new.toml", config)
    assert [(one.effect, one.after.bindings[0].provided) for one in result.links] == [
        ("adapter", "concat(c1, c2, axis=1)")
    ]
    (tmp_path / "new.toml").write_text('[outputs]\nc1 = "float64[?, 3]"\n')
    (effect,) = diff("give", "new.toml", config).links
    assert (effect.effect, effect.after.verdict) == ("broken", "blocked")
    assert [one.rule for one in effect.after.findings if one.level == "error"] == ["missing_input"]


def test_an_output_that_is_bound_and_gone_is_not_made_up_for_by_what_is_left(made, tmp_path):
    """What feeds the input then is nothing, though another output of the same spec is there."""
    config = made(KINDS["stack"].__class__({"a": "float32[?, 4]"}, {"x": "float32[?, 4]"}, {"a": "x"}, {}, ()))
    (tmp_path / "new.toml").write_text('[outputs]\nb = "float32[?, 4]"\n')
    (effect,) = diff("give", "new.toml", config).links
    assert (effect.effect, effect.before, effect.after.verdict) == ("broken", "fits", "blocked")


def test_an_input_that_is_gone_takes_its_binding_along(made, tmp_path):
    config = made(KINDS["share"])
    (tmp_path / "new.toml").write_text('[inputs]\nh1 = "float32[?, 4]"\n')
    (effect,) = diff("take", "new.toml", config).links
    assert (effect.before, effect.after.verdict) == ("adapts", "fits")
