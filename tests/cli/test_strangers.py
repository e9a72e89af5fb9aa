"""Commands in a repository of somebody who means harm: nothing is opened, written or told beyond its folder.

What a person permits by an option is opened, and nothing else by it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.encodings.servers import redirect, served

CONTRACT = b'{"outputs": {"y": "float32[?, 10]"}}'
TAKER = b'{"inputs": {"y": "float32[?, 10]"}}'
RESHAPED = b'{"inputs": {"x": "float32[?, 1, 10]"}}'
CONFIG = """\
[models.a]
source = "{source}"
[models.b]
source = "{taker}"
[[links]]
from = "a"
to = "b"
{link}
"""
PROJECT_COMMANDS = (
    ("lint", "--verify", "typed"),
    ("lock",),
    ("lock", "--check"),
    ("adapt", "--all", "--verify", "typed"),
)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Writes the config of a repository, as the working folder; beside it lies a folder that is not its own."""
    inside, outside = tmp_path / "repository", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.json").write_bytes(CONTRACT)
    (inside / "b.json").write_bytes(TAKER)
    (inside / "c.json").write_bytes(RESHAPED)
    monkeypatch.chdir(inside)
    monkeypatch.delenv("SIGCHECK_REMOTE", raising=False)

    def write(source="a.json", taker="b.json", link=""):
        (inside / "sigcheck.toml").write_text(CONFIG.format(source=source, taker=taker, link=link))
        return inside

    return write


def outside_of(inside):
    """The files of the folder beside the repository, and what they hold."""
    return {path.name: path.read_bytes() for path in (inside.parent / "outside").rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", PROJECT_COMMANDS, ids=" ".join)
def test_no_address_is_opened_unasked(repository, sigcheck, command):
    with served({"/m.json": CONTRACT}) as server:
        repository(f"{server.address}/m.json")
        code, out, err = sigcheck(*command)
        assert code == 2
        assert "an address, which is opened only where a person asks for it" in " ".join((out + err).split())
        assert server.asked == []


@pytest.mark.parametrize("command", PROJECT_COMMANDS[:3], ids=" ".join)
def test_the_lock_answers_for_an_address(repository, sigcheck, command):
    with served({"/m.json": CONTRACT}) as server:
        repository(f"{server.address}/m.json")
        assert sigcheck("lock", "--remote-private")[0] == 0
        assert set(server.asked) == {"/m.json"}
        server.asked.clear()
        assert sigcheck(*command)[0] == 0
        assert server.asked == []


def test_the_config_cannot_ask_for_addresses(repository, sigcheck):
    with served({"/m.json": CONTRACT}) as server:
        folder = repository(f"{server.address}/m.json")
        for line in ("remote = true\n", '[tool.sigcheck]\nremote = "private"\n'):
            text = (folder / "sigcheck.toml").read_text()
            (folder / "sigcheck.toml").write_text(line + text)
            assert sigcheck("lint", "--verify", "typed")[0] == 2
            (folder / "sigcheck.toml").write_text(text)
        assert server.asked == []


@pytest.mark.parametrize(
    ("options", "variable", "is_asked"),
    [
        (("--remote-private",), "", True),
        ((), "private", True),
        ((), "PRIVATE", True),
        (("--remote",), "", False),
        ((), "1", False),
        ((), "0", False),
        (("--allow-outside",), "", False),
    ],
)
def test_who_asks_for_private_addresses(repository, sigcheck, monkeypatch, options, variable, is_asked):
    monkeypatch.setenv("SIGCHECK_REMOTE", variable)
    with served({"/m.json": CONTRACT}) as server:
        repository(f"{server.address}/m.json")
        code, out, _ = sigcheck("lint", "--verify", "typed", *options)
        assert (code == 0, bool(server.asked)) == (is_asked, is_asked)
        # How the refusal begins says why.
        assert is_asked or "--remote" in out


def test_a_variable_that_says_something_else(repository, sigcheck, monkeypatch):
    repository()
    monkeypatch.setenv("SIGCHECK_REMOTE", "yes please")
    code, _, err = sigcheck("lint", "--verify", "typed")
    assert code == 2
    assert err == "sigcheck: SIGCHECK_REMOTE: found 'yes please', expected 1, private or nothing. Correct it.\n"


def test_a_redirect_of_a_host_of_the_config_is_not_followed(repository, sigcheck):
    with served({"/secret.json": b'{"secret": 1}'}) as other:
        # The other is a host of the config as well: still no server says where the next request goes.
        with served({"/m.json": redirect(f"{other.address}/secret.json")}) as server:
            repository(f"{server.address}/m.json", f"{other.address}/absent.json")
            code, out, _ = sigcheck("lint", "--verify", "typed", "--remote-private")
        assert code == 2
        assert "redirects to another host" in " ".join(out.split())
        assert "secret.json" not in other.asked
        assert "/secret.json" not in other.asked


@pytest.mark.parametrize("source", ["reference://m.json::local://ref.json", "zip://m.json::file://x.zip", "memory://m"])
def test_one_chain_is_one_unreadable_model(repository, sigcheck, source):
    repository(source)
    for options in ((), ("--remote-private",)):
        code, out, _ = sigcheck("lint", "--verify", "typed", *options)
        assert code == 2
        assert out.count("error[unreadable_model]") == 1
        assert "internal error" not in out


@pytest.mark.parametrize("command", PROJECT_COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", ["a.json", "gone.json", "secret.json"])
def test_what_is_outside_is_told_by_nothing(repository, sigcheck, command, name):
    folder = repository("THERE")
    (folder.parent / "outside" / "secret.json").write_text('{"outputs": {"y": "hunter2"}}')
    (folder / "link.json").symlink_to(folder.parent / "outside" / name)
    for source in (f"../outside/{name}", str(folder.parent / "outside" / name), "link.json"):
        repository(source)
        code, out, err = sigcheck(*command)
        said = " ".join((out + err).split())
        assert code == 2
        assert "outside the folder of the project, expected a path in it" in said
        assert "hunter2" not in said
        assert "no such file" not in said


def test_what_is_outside_is_read_where_a_person_allows_it(repository, sigcheck):
    repository("../outside/a.json")
    assert sigcheck("lint", "--verify", "typed", "--allow-outside")[0] == 0
    assert sigcheck("lock", "--allow-outside")[0] == 0


def test_examples_and_adapters_outside_are_not_read(repository, sigcheck):
    for name in ("there", "gone"):
        folder = repository(taker="c.json", link=f'example = "../outside/{name}.npz"\nadapter = "a_to_b.py"')
        (folder.parent / "outside" / "there.npz").write_bytes(b"hunter2")
        (folder.parent / "outside" / "there.py").write_bytes(b"hunter2")
        told = [sigcheck("lint", "--verify", "typed")]
        repository(taker="c.json", link=f'adapter = "../outside/{name}.py"')
        told.append(sigcheck("lint", "--verify", "typed"))
        for code, out, _ in told:
            assert code == 2
            assert "outside the folder of the project" in " ".join(out.split())


@pytest.mark.parametrize(
    "adapter", ["../outside/sitecustomize.py", "{outside}/a.py", "link/a.py", "link.py", ".git/hooks/post-checkout"]
)
@pytest.mark.parametrize("options", [(), ("--allow-outside",), ("--force",)])
def test_adapters_are_written_nowhere_else(repository, sigcheck, adapter, options):
    folder = repository()
    outside = folder.parent / "outside"
    (folder / "link").symlink_to(outside)
    (folder / "link.py").symlink_to(outside / "new.py")
    (folder / ".git" / "hooks").mkdir(parents=True)
    before = outside_of(folder)
    repository(taker="c.json", link=f'adapter = "{adapter.format(outside=outside)}"')
    code, _, err = sigcheck("adapt", "--all", "--verify", "typed", *options)
    assert code == 2, err
    assert outside_of(folder) == before
    assert not list((folder / ".git" / "hooks").iterdir())


def test_the_certificate_of_an_adapter_is_written_nowhere_else(repository, sigcheck):
    folder = repository(taker="c.json", link='adapter = "a.py"')
    (folder / "a.certificate.json").symlink_to(folder.parent / "outside" / "new.json")
    before = outside_of(folder)
    assert sigcheck("adapt", "--all", "--verify", "typed")[0] == 2
    assert sigcheck("adapt", "a.json", "c.json", "--verify", "typed", "-o", "a.py")[0] == 2
    assert (outside_of(folder), (folder / "a.py").exists()) == (before, False)


def test_the_lock_is_no_link(repository, sigcheck):
    folder = repository()
    (folder / "sigcheck.lock").symlink_to(folder.parent / "outside" / "new.lock")
    before = outside_of(folder)
    for command in (("lock",), ("lock", "--allow-outside"), ("lint", "--verify", "typed")):
        assert sigcheck(*command)[0] == 2
    assert outside_of(folder) == before


@pytest.mark.parametrize(
    "command",
    [
        ("check", "a.json", "b.json", "--output", "json=report.json"),
        ("check", "a.json", "b.json", "--html", "report.json"),
        ("lint", "--verify", "typed", "--output", "sarif=report.json"),
        ("lint", "--verify", "typed", "--baseline", "report.json", "--accept"),
        ("diff", "a.json", "a.json", "--output", "json=report.json"),
        ("show", "a.json", "-o", "report.json"),
        ("show", "a.json", "-o", "report.json", "--force"),
        ("adapt", "a.json", "c.json", "-o", "report.json", "--force"),
        ("adapt", "a.json", "c.json", "-o", "report.json", "--as", "numpy", "--force"),
        ("adapt", "a.json", "c.json", "-o", "report.json", "--as", "saved_model", "--force"),
        ("fuse", "a.json", "b.json", "-o", "report.json", "--force"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("target", ["a.json", "new.json"])
def test_a_report_that_a_person_names_does_not_go_where_a_committed_link_leads(repository, sigcheck, command, target):
    folder = repository()
    (folder / "report.json").symlink_to(folder.parent / "outside" / target)
    before = outside_of(folder)
    code, _, err = sigcheck(*command)
    assert (code, "a link, which is not followed" in err) == (2, True)
    assert outside_of(folder) == before
    (folder / "report.json").unlink()
    (folder / "reports").symlink_to(folder.parent / "outside")
    code, _, err = sigcheck(*(part.replace("report.json", "reports/new.json") for part in command))
    assert (code, "leads out of this folder by a link" in err) == (2, True)
    assert outside_of(folder) == before


def test_a_first_config_is_written_through_no_link_and_looks_at_none(repository, sigcheck):
    folder = repository()
    (folder / "sigcheck.toml").unlink()
    (folder / "linked.json").symlink_to(folder.parent / "outside" / "secret.json")
    (folder.parent / "outside" / "secret.json").write_text('{"outputs": {"hunter2": "float32[3]"}}')
    assert sigcheck("init")[0] == 0
    assert "hunter2" not in (folder / "sigcheck.toml").read_text()
    (folder / "sigcheck.toml").unlink()
    (folder / "sigcheck.toml").symlink_to(folder.parent / "outside" / "new.toml")
    before = outside_of(folder)
    assert sigcheck("init")[0] == 2
    assert outside_of(folder) == before


def test_credentials_are_in_no_report_and_no_lock(repository, sigcheck):
    with served({"/m": CONTRACT}) as server:
        address = server.address.replace("http://", "http://me:hunter2@")
        folder = repository(f"{address}/m?sig=hunter2")
        said = [*sigcheck("lint", "--verify", "typed"), *sigcheck("lock", "--remote-private")]
        for name in ("text", "json", "html", "github", "gitlab", "sarif", "junit", "markdown"):
            said += sigcheck("lint", "--verify", "typed", "--remote-private", "--verbose", "--format", name)
        said += sigcheck("show", f"{address}/m?sig=hunter2", "--format", "json")
        said += sigcheck("show", f"{address}/absent?sig=hunter2")
        said += sigcheck("diff", "lock", "a", "--remote-private")
        said += sigcheck("check", f"{address}/m?sig=hunter2", "b.json", "--format", "json")
        said.append(sigcheck("adapt", f"{address}/m?sig=hunter2", "c.json", "--verify", "typed", "-o", "x.py"))
        said += [path.read_text() for path in folder.iterdir() if path.name != "sigcheck.toml"]
    assert (folder / "x.certificate.json").is_file()
    assert (folder / "sigcheck.lock").is_file()
    assert "hunter2" not in "".join(map(str, said))
    caches = [path for path in Path(os.environ["XDG_CACHE_HOME"]).rglob("*") if path.is_file()]
    assert caches
    assert not any(b"hunter2" in path.read_bytes() for path in caches)


def test_json_tells_no_credentials_of_a_model_from_the_lock(repository, sigcheck):
    with served({"/m": CONTRACT}) as server:
        address = server.address.replace("http://", "http://me:hunter2@")
        repository(f"{address}/m")
        assert sigcheck("lock", "--remote-private")[0] == 0
        code, out, _ = sigcheck("lint", "--verify", "typed", "--format", "json")
    models = {model["name"]: model for model in json.loads(out)["models"]}
    assert (code, models["a"]["origin"]) == (0, "lock")
    assert "***@" in models["a"]["source"]


def test_a_config_that_nobody_named_is_read_behind_no_link(repository, sigcheck):
    folder = repository()
    (folder / "sigcheck.toml").unlink()
    (folder.parent / "outside" / "theirs.toml").write_text('hunter2 = "hunter2"')
    (folder / "sigcheck.toml").symlink_to(folder.parent / "outside" / "theirs.toml")
    for command in (*PROJECT_COMMANDS, ("diff", "a.json", "a.json")):
        code, out, err = sigcheck(*command)
        assert "hunter2" not in out + err
        assert code == (2 if command[0] != "diff" else 0)
    code, _, err = sigcheck("lint")
    assert (code, "a link out of its folder, expected a config. Name it with --config." in err) == (2, True)


@pytest.fixture
def certified(repository, sigcheck):
    """A repository with an adapter and its certificate, of which a test changes the sources."""
    folder = repository(taker="c.json")
    assert sigcheck("adapt", "a.json", "c.json", "--verify", "typed", "-o", "a.py")[0] == 0

    def change(source):
        path = folder / "a.certificate.json"
        certificate = json.loads(path.read_text())
        certificate["producers"][0]["source"] = source
        path.write_text(json.dumps(certificate))
        return folder

    return change


def test_a_certificate_opens_no_address_unasked(certified, sigcheck):
    with served({"/a": CONTRACT}) as server:
        certified(f"{server.address}/a")
        code, _, err = sigcheck("verify", "a.py")
        assert (code, "opened only where a person asks for it" in err, server.asked) == (2, True, [])
        assert sigcheck("verify", "a.py", "--remote")[0] == 2
        assert server.asked == []
        assert sigcheck("verify", "a.py", "--remote-private")[0] == 0
        assert set(server.asked) == {"/a"}


@pytest.mark.parametrize("source", ["../outside/a.json", "../outside/gone.json", "link.json"])
def test_a_certificate_reads_nothing_outside(certified, sigcheck, source):
    folder = certified(source)
    (folder / "link.json").symlink_to(folder.parent / "outside" / "a.json")
    code, _, err = sigcheck("verify", "a.py")
    assert (code, "outside the folder of the project" in err) == (2, True)
    if "gone" not in source:
        assert sigcheck("verify", "a.py", "--allow-outside")[0] == 0


def test_a_certificate_in_a_folder_of_a_project_names_models_beside_it(certified, sigcheck, monkeypatch):
    folder = certified("../a.json")
    (folder / "adapters").mkdir()
    certificate = json.loads((folder / "a.certificate.json").read_text())
    certificate["consumer"]["source"] = "../c.json"
    (folder / "adapters" / "a.certificate.json").write_text(json.dumps(certificate))
    (folder / "a.py").rename(folder / "adapters" / "a.py")
    assert sigcheck("verify", "adapters/a.py")[0] == 0
    monkeypatch.chdir(folder / "adapters")
    assert sigcheck("verify", "a.py")[0] == 0
    monkeypatch.chdir(folder.parent)
    assert sigcheck("verify", "repository/adapters/a.py")[0] == 0
    (folder / "sigcheck.toml").unlink()
    assert sigcheck("verify", "repository/adapters/a.py")[0] == 0
    monkeypatch.chdir(folder / "adapters")
    assert sigcheck("verify", "a.py")[0] == 2


@pytest.mark.parametrize(
    "name", ["a" * 300, "a/" * 3000 + "a", "loop", "loop/x", "gone", "a.json/x", "\\u202e", "~", "#"]
)
def test_paths_that_no_file_can_have_are_one_line_each(repository, sigcheck, name):
    folder = repository()
    (folder / "loop").symlink_to("loop")
    (folder / "gone").symlink_to("nowhere/x")
    for link in ("", f'adapter = "{name}"', f'example = "{name}"'):
        repository("a.json" if link else name, "c.json", link)
        for command in (*PROJECT_COMMANDS, ("diff", "a.json", "a.json"), ("diff", "a", "a.json")):
            code, out, err = sigcheck(*command)
            assert code in {0, 1, 2}
            assert "internal error" not in out + err, command
    repository()
    for command in (
        ("check", "a.json", "b.json", "--verify", "typed", "--output", f"json={name}"),
        ("show", "a.json", "-o", name),
        ("adapt", "a.json", "c.json", "--verify", "typed", "-o", name),
        ("fuse", "a.json", "b.json", "-o", name),
        ("init", name),
        ("lint", "--verify", "typed", "--baseline", name, "--accept"),
        ("lint", "--config", name),
        ("verify", name),
        ("diff", name, "a.json"),
    ):
        code, out, err = sigcheck(*command)
        assert code in {0, 1, 2}
        assert "internal error" not in out + err, command


def test_a_lock_of_earlier_loses_its_credentials(repository, sigcheck):
    folder = repository("https://me:hunter2@example.com/a.json")
    (folder / "sigcheck.lock").write_text(
        'version = 1\n[models.a]\nsource = "https://me:hunter2@example.com/a.json"\nreader = "signature_file"\n'
        'key = "default"\noutputs.y = "float32[?, 10]"\n'
    )
    said = sigcheck("lint", "--verify", "typed", "--format", "json")
    assert sigcheck("lock")[0] == 0
    assert "hunter2" not in "".join(map(str, said)) + (folder / "sigcheck.lock").read_text()


@pytest.mark.parametrize(
    "command",
    [
        ("check", "a.json", "c.json", "--output", "json=nowhere/x.json"),
        ("check", "a.json", "c.json", "--html", "nowhere/x.json"),
        ("adapt", "a.json", "c.json", "-o", "nowhere/x.py"),
        ("adapt", "a.json", "c.json", "-o", "nowhere/x", "--as", "saved_model"),
        ("fuse", "a.json", "b.json", "-o", "nowhere/x"),
        ("show", "a.json", "-o", "nowhere/x.json"),
        ("diff", "a.json", "a.json", "--output", "json=nowhere/x.json"),
        ("lint", "--output", "json=nowhere/x.json"),
        ("lint", "--baseline", "nowhere/x.json", "--accept"),
    ],
    ids=" ".join,
)
def test_a_place_that_is_none_is_told_before_anything_is_read(repository, sigcheck, monkeypatch, command):
    def refuse(*_, **__):
        raise AssertionError("something was read")

    repository()
    monkeypatch.setattr("sigcheck.encodings.source.Source.parse", refuse)
    code, out, err = sigcheck(*command)
    assert (code, out) == (2, "")
    assert "nowhere" in err
    assert "internal error" not in err
