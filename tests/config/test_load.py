from __future__ import annotations

import pytest

from sigcheck.config.find import MAX_BYTES, find_config
from sigcheck.config.load import load_config
from sigcheck.schema.errors import SourceError, UsageError

from .conftest import TEXT

PYPROJECT = """\
[project]
name = "x"

[tool.sigcheck.models.a]
source = "a"
[tool.sigcheck.models.b]
source = "b"
[[tool.sigcheck.links]]
from = "a"
to = "b"
"""


def test_the_example_of_the_issue(written):
    config = load_config(written())
    (link,) = config.links
    assert (link.producer, link.consumer, dict(link.bind)) == ("encoder", "classifier", {"embedding": "features"})
    assert link.title == "encoder -> classifier"
    assert config.entries.models["encoder"].outputs["embedding"].range == (-1, 1)
    assert str(config.location("links", 0)) == "sigcheck.toml:8"


def test_pyproject_has_its_own_lines(written):
    config = load_config(written(PYPROJECT, "pyproject.toml"))
    assert [link.title for link in config.links] == ["a -> b"]
    assert str(config.location("models", "b")) == "pyproject.toml:6"


def test_the_policy_of_the_project_holds_where_a_link_says_nothing(written):
    config = load_config(
        written(
            '[policy]\nloss = "exact"\nguard = false\n[models.a]\nsource = "a"\n[models.b]\nsource = "b"\n'
            '[[links]]\nfrom = "a"\nto = "b"\npolicy = { loss = "truncating" }\n'
        )
    )
    (link,) = config.links
    assert (link.policy.loss, link.policy.guard) == ("truncating", False)


def test_a_chain_is_the_links_that_are_not_there_already(written):
    models = "".join(f'[models.{name}]\nsource = "{name}"\n' for name in "abc")
    config = load_config(
        written(
            f'{models}[[links]]\nfrom = "a"\nto = "b"\nadapter = "x.py"\n'
            '[[chains]]\nmodels = ["a", "b", "c"]\npolicy = { loss = "exact" }\n'
        )
    )
    assert [(link.title, link.adapter, link.policy.loss) for link in config.links] == [
        ("a -> b", "x.py", "rounding"),
        ("b -> c", None, "exact"),
    ]
    assert config.places == (("links", 0), ("chains", 0))


def test_the_nearest_config_above_is_found(written, tmp_path):
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    with pytest.raises(SourceError, match="no config here or above"):
        find_config(deep)
    path = written(PYPROJECT, "pyproject.toml")
    assert find_config(deep) == path
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    assert find_config(deep) == path
    near = written(name="sigcheck.toml")
    assert find_config(deep) == near


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[models", "expected ']' at the end of a table declaration"),
        (b"\xff\xfe", "byte 0 is not UTF-8 text"),
        (b"a = " + b"[" * 100_000, "nested too deep|maximum|expected"),
        (b"#" * (MAX_BYTES + 1), "over 16 MiB"),
        (b"a = 1\na = 2", "line 2|overwrite"),
        (b"a.b.c = 1\n[a.b]\nd = 2", r"cannot declare \('a', 'b'\) twice .* Write all of it in one place, below the"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path, content, said):
    path = tmp_path / "sigcheck.toml"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=said):
        load_config(path)


def test_files_that_are_not_there(tmp_path, written):
    with pytest.raises(SourceError, match="no such file"):
        load_config(tmp_path / "sigcheck.toml")
    with pytest.raises(SourceError, match=r"no \[tool.sigcheck\]"):
        load_config(written("[project]\nname = 'y'\n", "pyproject.toml"))
    with pytest.raises(SourceError, match="cannot be read"):
        load_config(tmp_path)


@pytest.mark.parametrize("adapter", ["sigcheck.toml", "a.keras", ".", "adapters/a.py/", "pipe.PY"])
def test_an_adapter_is_a_file_of_python(written, adapter):
    """What is written over with --force is a program, and never a model or the config."""
    models = '[models.a]\nsource = "a"\n[models.b]\nsource = "b"\n'
    with pytest.raises(
        UsageError, match=r"sigcheck\.toml:8: links\[0\]\.adapter: found .*, expected a file of Python, such"
    ):
        load_config(written(f'{models}[[links]]\nfrom = "a"\nto = "b"\nadapter = "{adapter}"\n'))


def test_a_name_of_nothing_is_told_at_its_place(written):
    with pytest.raises(UsageError, match=r"sigcheck\.toml:1: models\.\"\": found '', string should have at least 1"):
        load_config(written('[models.""]\nsource = "a"\n'))


def test_a_preferred_filling_is_part_of_a_policy(written):
    models = '[models.a]\nsource = "a"\n[models.b]\nsource = "b"\n'
    link = '[[links]]\nfrom = "a"\nto = "b"\npolicy = { pad_side = "pre" }\n'
    (link,) = load_config(written(f"[policy]\npad_value = 1\n{models}{link}")).links
    assert (link.policy.pad_value, link.policy.pad_side) == (1, "pre")


@pytest.mark.parametrize("line", ["pad_value = nan", "pad_value = [1]", 'pad_side = "left"'])
def test_a_filling_that_is_none_is_refused_at_its_line(written, line):
    with pytest.raises(UsageError, match=r"sigcheck\.toml:2: policy\.pad_(value|side): found [^(]*$"):
        load_config(written(f"[policy]\n{line}\n"))


@pytest.mark.parametrize("value", ["inf", "[1]", "{ a = 1 }", "1979-05-27"])
def test_a_value_of_no_kind_is_told_once(written, value):
    """Whatever kinds of values there may be."""
    expected = r", expected a finite number, true, false or a text\. Correct it\.$"
    with pytest.raises(
        UsageError, match=rf"sigcheck\.toml:4: models\.a\.outputs\.y\.padding\.value: found .*{expected}"
    ):
        load_config(written(f'[models.a]\nsource = "a"\n[models.a.outputs.y]\npadding = {{ value = {value} }}\n'))
    link = f'[[links]]\nfrom = "a"\nto = "a"\nconst = {{ x = {value} }}\n'
    with pytest.raises(UsageError, match=rf"sigcheck\.toml:7: links\[0\]\.const: of 'x' found .*{expected}"):
        load_config(written(f'[models.a]\nsource = "a"\n\n{link}'))


def test_a_number_that_no_tensor_holds_is_refused_at_its_line(written):
    link = f'[[links]]\nfrom = "a"\nto = "a"\nconst = {{ x = 0x{"F" * 6000} }}\n'
    with pytest.raises(UsageError, match=r"sigcheck\.toml:7: links\[0\]\.const: of 'x' a whole number of 24000 bits"):
        load_config(written(f'[models.a]\nsource = "a"\n\n{link}'))


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("[]", "[]"),
        ("5", "5"),
        ('[["x"]]', "[['x']]"),
        ('["x", 5]', "['x', 5]"),
        ('[""]', "['']"),
        ("{ x = 1 }", "{'x'"),
    ],
)
def test_what_an_output_is_bound_to_is_a_name_or_a_list_of_names(problem, names, found):
    told = problem('bind = { embedding = "features" }', f"bind = {{ embedding = {names} }}")
    assert told.startswith(f"sigcheck.toml:11: links[0].bind: 'embedding' is bound to {found}")
    assert told.endswith(", expected the name of an input, or a list of names. Correct it.")


def test_the_example_of_a_link_is_a_path(written, problem):
    bind = 'bind = { embedding = "features" }'
    text = TEXT.replace(bind, f'{bind}\nexample = "examples/pair.npz"')
    assert load_config(written(text)).links[0].example == "examples/pair.npz"
    assert load_config(written()).links[0].example is None
    for value in ("5", '""', '["a.npz"]', "true"):
        assert problem(bind, f"example = {value}").startswith("sigcheck.toml:11: links[0].example: found ")
    told = problem(bind, 'exmaple = "a.npz"')
    assert told == "sigcheck.toml:11: links[0].exmaple: no such field; did you mean 'example'?"
