"""What a repository calls things may be as long as it likes: no message repeats it whole."""

from __future__ import annotations

import pytest

LONG = "n" * 40_000
MODELS = '[models.a]\nsource = "a.json"\n[models.b]\nsource = "b.json"\n'
LINK = '[[links]]\nfrom = "a"\nto = "b"\n'
# A message has a few hundred letters of what it is about, and says what to do at its end.
MOST = 2_000
CONFIGS = {
    "a model of a link": f'{MODELS}[[links]]\nfrom = "{LONG}"\nto = "b"\n',
    "a model of a chain": f'{MODELS}[[chains]]\nmodels = ["a", "{LONG}"]\n',
    "the name of a model": f'[models.{LONG}]\nsource = "a.json"\n',
    "the name of a link": f'{MODELS}{LINK}name = "{LONG}"\n',
    "a source": f'[models.a]\nsource = "{LONG}"\n',
    "a key": f'[models.a]\nsource = "a.json"\nkey = "{LONG}"\n',
    "an output": f'[models.a]\nsource = "a.json"\noutputs.{LONG} = {{ range = [0, 1] }}\n',
    "a field": f"{MODELS}{LONG} = 1\n",
    "a rule": f'{MODELS}[rules]\n{LONG} = "error"\n',
    "a rule of an ignore": f'{MODELS}[[ignore]]\nrule = "{LONG}"\nmodel = "a"\nreason = "x"\n',
    "a link of an ignore": f'{MODELS}[[ignore]]\nrule = "lossy_cast"\nlink = "{LONG}"\nreason = "x"\n',
    "what is bound": f'{MODELS}{LINK}bind = {{ {LONG} = "x" }}\n',
    "an example": f'{MODELS}{LINK}example = "{LONG}.npz"\n',
    "an adapter": f'{MODELS}{LINK}adapter = "{LONG}.py"\n',
    "a transform": f'{MODELS}{LINK}policy = {{ deny = ["{LONG}"] }}\n',
    "a revision": f'against = "{LONG}"\n{MODELS}',
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text('{"outputs": {"y": "float32[?, 10]"}}')
    (tmp_path / "b.json").write_text('{"inputs": {"x": "float32[?, 10]"}}')
    return tmp_path


@pytest.mark.parametrize("what", CONFIGS)
def test_a_lint_repeats_no_long_name(folder, sigcheck, what):
    (folder / "sigcheck.toml").write_text(CONFIGS[what])
    code, out, err = sigcheck("lint", "--verify", "typed")
    assert code in {1, 2}
    assert max(map(len, [*err.splitlines(), ""])) < MOST
    assert len(out) < 2 * MOST


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "a.json", "b.json", f"--{LONG}"),
        ("check", "a.json", "b.json", "--format", LONG),
        ("check", "a.json", "b.json", "--timeout", LONG),
        ("check", "a.json", "b.json", "--bind", f"{LONG}=x"),
        ("check", "a.json", "b.json", "--deny", LONG),
        ("check", f"a.json#{LONG}", "b.json"),
        ("check", LONG, "b.json"),
        ("lint", LONG),
        ("explain", LONG),
        ("verify", f"{LONG}.py"),
        (LONG,),
    ],
    ids=lambda arguments: " ".join(one[:12] for one in arguments),
)
def test_a_mistake_repeats_no_long_name(folder, sigcheck, arguments):
    code, out, err = sigcheck(*arguments)
    assert (code, out) == (2, "")
    assert 0 < len(err) < MOST
    assert err.count("\n") == 1
