"""The command as a whole: exit codes, help, and what happens when something goes wrong."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import Image

import sigcheck.cli
from sigcheck import __version__, api
from sigcheck.cli import COMMANDS, cli, run
from sigcheck.schema.memory import OUT_OF_MEMORY
from tests.observation.records import record

from .conftest import fill

# Tests of their own stop what goes on until somebody ends it; the models with states are those of the gallery.
ELSEWHERE = {
    "sigcheck lsp",
    "sigcheck lint --watch",
    "sigcheck fuse filter shaper -o stream --state h_out=h --const h=0",
}
EXAMPLES = [
    line.strip()
    for name in COMMANDS
    for line in (cli.get_command(click.Context(cli), name).epilog or "").splitlines()
    if line.strip().startswith("sigcheck ") and line.strip() not in ELSEWHERE
]


def test_the_version_is_printed(sigcheck):
    assert sigcheck("--version") == (0, f"sigcheck {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_fits_80_columns_and_has_examples(sigcheck, arguments):
    code, out, _ = sigcheck(*arguments)
    assert code == 0
    assert "Examples:" in out
    assert "Exit codes: 0 " in out
    assert max(map(len, out.splitlines())) <= 84


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_told_in_words(name):
    command = cli.get_command(click.Context(cli), name)
    options = [one for one in command.params if isinstance(one, click.Option)]
    assert not [one.name for one in options if not (one.help or "").partition("[")[0].strip()]


PROJECT = """
[models.encoder]
source = "models/encoder"
[models.classifier]
source = "classifier.keras"
[[links]]
from = "encoder"
to = "classifier"
adapter = "adapter.py"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project, made once, whose adapter is proved: config, lock and adapter, older and newer models, all in git.

    Beside it the cache that knows of the proof.
    """
    home = tmp_path_factory.mktemp("project")
    folder = home / "folder"
    folder.mkdir()
    fill(folder)
    for place in ("models", "old", "new", "pipeline"):
        shutil.copytree(folder / "encoder", folder / place / "encoder")
    (folder / "sigcheck.toml").write_text(PROJECT)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patched.chdir(folder)
        assert run(["lock"]) == 0
        assert run(["adapt", "--all"]) == 0
        assert run(["lint"]) == 0
    git = ["git", "-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Models"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    subprocess.run([*git, "update-ref", "refs/remotes/origin/main", "HEAD"], cwd=folder, check=True)
    for name in ("old.lock", "new.lock"):
        shutil.copy(folder / "sigcheck.lock", folder / name)
    return home


def make_data(folder):
    """Data to be observed: arrays, rows and pictures."""
    np.savez(folder / "samples.npz", pressure=np.ones((4, 16), np.float32))
    (folder / "samples-0.jsonl").write_text('{"tokens": [1, 2]}\n{"tokens": [3]}\n')
    np.savez(folder / "measurements.npz", measurements=np.ones((4, 24), np.float32))
    (folder / "samples-0.tfrecord").write_bytes(record(x=[1.0]))
    (folder / "schema.pbtxt").write_text('feature { name: "x" type: FLOAT presence { min_fraction: 1 } shape {} }')
    (folder / "photos").mkdir()
    Image.fromarray(np.zeros((4, 5, 3), np.uint8)).save(folder / "photos" / "0.png")


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("line", EXAMPLES)
def test_the_examples_of_the_help_run(folder, sigcheck, project, line):
    if line.startswith(("sigcheck lint", "sigcheck lock", "sigcheck diff", "sigcheck init")) or "--all" in line:
        shutil.copytree(project / "folder", folder, dirs_exist_ok=True)
        shutil.copytree(project / "cache", os.environ["XDG_CACHE_HOME"])
    if line.startswith("sigcheck init"):
        (folder / "sigcheck.toml").unlink()
    if "--baseline" in line and "--accept" not in line:
        assert sigcheck("lint", "--baseline", "baseline.json", "--accept")[0] == 0
    if "encoder.json" in line and "--output" not in line:
        assert sigcheck("show", "encoder", "--output", "encoder.json")[0] == 0
    if line.startswith("sigcheck verify"):
        assert sigcheck("adapt", "encoder", "classifier.keras", "-o", line.split()[2])[0] == 0
    if line.startswith("sigcheck observe"):
        make_data(folder)
    if "march.json" in line:
        make_data(folder)
        for month in ("march", "april"):
            code, out, _ = sigcheck("observe", "samples.npz", "--format", "json")
            assert code == 0
            (folder / f"{month}.json").write_text(out)
    command = shlex.split(line.partition(" > ")[0])
    code, out, err = sigcheck(*command[1:])
    assert code == 0, out + err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["check", "encoder"],
        ["check", "a", "b", "--loss", "much"],
        ["check", "encoder", "classifier.keras", "--bind", "output_0"],
        ["check", "encoder", "classifier.keras", "--bind", "output_9=x"],
        ["check", "encoder", "classifier.keras", "--bind", "output_0=y"],
        ["check", "encoder", "classifier.keras", "--fact", "producer.output_0.colour=red"],
        ["check", "encoder", "classifier.keras", "--fact", "producer.nothing.range=0,1"],
        ["check", "encoder", "classifier.keras", "--fact", "producer.output_0.range=1,0"],
        ["check", "encoder", "classifier.keras", "--facts", "nowhere.toml"],
        ["check", "encoder", "classifier.keras", "--deny", "casts"],
        ["check", "encoder", "classifier.keras", "--timeout", "0"],
        ["check", "encoder#predict", "classifier.keras"],
        ["check", "nowhere", "classifier.keras"],
        ["adapt", "encoder", "nowhere.keras", "-o", "adapter.py"],
        ["adapt", "encoder", "classifier.keras", "-o", "."],
        ["show", "facts.toml/x"],
        ["show", "encoder", "--key", "predict"],
        ["explain", "nothing_like_it"],
        ["completion", "tcsh"],
    ],
)
def test_what_cannot_be_asked_is_one_line_and_exit_code_2(folder, sigcheck, arguments):
    before = sorted(folder.rglob("*"))
    code, out, err = sigcheck(*arguments)
    assert code == 2
    assert out == "" or arguments == []
    assert "Traceback" not in err
    assert "internal error" not in err
    assert sorted(folder.rglob("*")) == before


def test_an_error_is_told_as_place_problem_and_advice(folder, sigcheck):
    _, _, err = sigcheck("check", "encoder#predict", "classifier.keras")
    wanted = "no signature 'predict'; it has 'serving_default'. Name one with encoder#serving_default."
    assert err == f"sigcheck: encoder: {wanted}\n"


def test_an_unexpected_exception_is_one_line(folder, sigcheck, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("by\nzero")

    monkeypatch.setattr(api, "check", fail)
    code, out, err = sigcheck("check", "encoder", "classifier.keras")
    assert (code, out) == (2, "")
    assert err == (
        "sigcheck: internal error: ZeroDivisionError: by\\nzero; please report it "
        "(run with SIGCHECK_DEBUG=1 for the traceback)\n"
    )
    monkeypatch.setenv("SIGCHECK_DEBUG", "1")
    assert "Traceback" in sigcheck("check", "encoder", "classifier.keras")[2]


@pytest.mark.parametrize("place", ["encoder", b"encoder", 3])
def test_a_file_that_the_system_refuses_on_the_way_is_no_internal_error(folder, sigcheck, monkeypatch, place):
    def fail(*_, **__):
        raise FileNotFoundError(2, "No such file or directory", place)

    monkeypatch.setattr(api, "check", fail)
    code, out, err = sigcheck("check", "encoder", "classifier.keras")
    assert (code, out) == (2, "")
    shown = "3" if place == 3 else "encoder"
    told = "cannot be used: No such file or directory. Check that it is there, and may be."
    assert err == f"sigcheck: {shown}: {told}\n"


def test_an_interrupt_is_one_line(folder, sigcheck, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(api, "check", interrupt)
    assert sigcheck("check", "encoder", "classifier.keras") == (130, "", "\nsigcheck: interrupted\n")


def test_names_from_files_command_no_terminal(sigcheck):
    code, _, err = sigcheck("show", "no\x1b[2Jthing\nok")
    assert code == 2
    assert "\x1b" not in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(("option", "code"), [("--quiet", 0), ("--verbose", 0), ("--no-guard", 1)])
def test_the_exit_code_of_a_check_outlives_its_reader(fresh, option, code):
    closed, pipe = os.pipe()
    os.close(closed)
    done = fresh(
        "-m",
        "sigcheck",
        "check",
        "tokenizer",
        "reader.keras",
        "--pad-value",
        "0",
        "--verify",
        "typed",
        option,
        stdout=pipe,
    )
    os.close(pipe)
    assert (done.returncode, done.stderr) == (code, "")


def test_a_full_disk_is_said(fresh):
    with Path("/dev/full").open("w") as full:
        done = fresh("-m", "sigcheck", "show", "encoder", stdout=full)
    assert done.returncode == 2
    assert done.stderr == "sigcheck: stdout: cannot be written: No space left on device. Send it elsewhere.\n"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["lint", "--help"]])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_page_of_help_that_finds_no_room_is_one_line(folder, fresh, arguments):
    with Path("/dev/full").open("w") as full:
        done = fresh("-m", "sigcheck", *arguments, stdout=full)
    assert done.returncode == 2
    assert done.stderr == "sigcheck: stdout: cannot be written: No space left on device. Send it elsewhere.\n"


def test_an_ascii_terminal_gets_escapes(folder, fresh):
    (folder / "encoder").rename(folder / "größe")
    done = fresh("-m", "sigcheck", "show", "größe", environment={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.startswith(r"gr\xf6\xdfe (saved_model, 1 signature)")


def test_help_needs_nothing_heavy(fresh):
    code = (
        "import sys; from sigcheck.cli import run; code = run(['--help']); print(code, *sys.modules, file=sys.stderr)"
    )
    exit_code, *loaded = fresh("-c", code).stderr.split()
    assert exit_code == "0"
    assert not set(loaded) & {"pydantic", "numpy", "networkx", "rich", "tensorflow", "h5py"}


def test_a_check_that_fits_loads_nothing_heavy(folder, fresh):
    endpoint = {"name": "x", "kind": "dense", "dtype": "float32", "shape": [None, 3], "facts": {}}
    signature = {"key": "default", "inputs": [endpoint], "outputs": [endpoint]}
    written = {"schema_version": 1, "source": "fits", "reader": "signature", "signatures": [signature], "notes": []}
    (folder / "fits.json").write_text(json.dumps(written))
    code = (
        "import sys; from sigcheck.cli import run; "
        "code = run(['check', 'fits.json', 'fits.json', '--verify', 'typed']); "
        "print(code, *sys.modules, file=sys.stderr)"
    )
    done = fresh("-c", code)
    exit_code, *loaded = done.stderr.split()
    assert exit_code == "0"
    assert "fits: nothing to do" in done.stdout
    assert not set(loaded) & {"numpy", "networkx", "rich", "tensorflow", "keras", "h5py"}


def test_every_command_is_a_file():
    files = {path.stem for path in Path(sigcheck.cli.__file__).parent.glob("*.py")}
    support = {
        "__init__",
        "adapt_all",
        "adapter_form",
        "certificate_file",
        "check_keywords",
        "declarations",
        "engine",
        "fix",
        "installation",
        "kept_sources",
        "mistakes",
        "options",
        "output",
        "permissions",
        "pipeline",
        "progress",
        "progress_bar",
        "project",
        "read_many",
        "report_files",
        "watch",
    }
    assert files - support == set(COMMANDS)
    assert all(isinstance(cli.get_command(click.Context(cli), name), click.Command) for name in COMMANDS)


def test_the_same_question_has_the_same_bytes_whatever_the_hash_seed(fresh):
    arguments = ("-m", "sigcheck", "check", "sensor.keras", "scorer", "--facts", "facts.toml", "--verify", "typed")
    for form in (("--format", "json"), ("--verbose",)):
        answers = {fresh(*arguments, *form, environment={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "1", "2")}
        assert len(answers) == 1
        assert "adapts" in answers.pop()


def test_modules_beside_the_models_are_not_run(folder, fresh):
    for name in ("tensorflow", "numpy", "networkx"):
        (folder / f"{name}.py").write_text("open('it_ran', 'w').close()\nraise ValueError('not the real one')\n")
    done = fresh("-m", "sigcheck", "check", "encoder", "classifier.keras", "--verify", "typed")
    assert done.returncode == 0, done.stderr
    assert "adapts" in done.stdout
    assert not (folder / "it_ran").exists()


if sys.platform != "win32":

    @pytest.mark.parametrize("command", ["lint", "lock", "init", "adapt --all", "diff a b", "check a b", "doctor"])
    def test_a_folder_that_was_deleted_is_one_line(fresh, command):
        code = (
            "import os, sys; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone');"
            "os.execv(sys.executable, [sys.executable, '-m', 'sigcheck', *sys.argv[1:]])"
        )
        done = fresh("-c", code, *command.split())
        assert "internal error" not in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) <= 1
        assert done.returncode == 2


def run_alone(code, *arguments, **options):
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, **options)


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
def test_an_interrupt_while_the_command_loads_prints_no_traceback(tmp_path):
    done = run_alone(
        """
        import importlib.abc, os, signal, sys

        signal.signal(signal.SIGINT, signal.default_int_handler)

        class Interrupting(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path, target=None):
                if name == "click":
                    os.kill(os.getpid(), signal.SIGINT)

        sys.meta_path.insert(0, Interrupting())
        from sigcheck.__main__ import main
        main()
        """
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_ends_the_command_leaves_no_folder(tmp_path, name):
    done = run_alone(
        """
        import os, signal, sys, tempfile
        from sigcheck import api

        def check(*_, **__):
            with tempfile.TemporaryDirectory(dir=sys.argv[1]):
                os.kill(os.getpid(), getattr(signal, sys.argv[2]))
                signal.pause()

        api.check = check
        from sigcheck import cli
        # Where the tests run in the background it may be ignored, and stays so unless it is said.
        signal.signal(getattr(signal, sys.argv[2]), signal.SIG_DFL)
        cli._take_signals()
        cli.run(["check", "a", "b"])
        """,
        tmp_path,
        name,
    )
    assert (done.returncode, done.stderr) == (128 + getattr(signal, name), "")
    assert list(tmp_path.iterdir()) == []


LACKS = {
    "Python's own": "MemoryError()",
    "a library that cannot be mapped": "ImportError('lib.so: failed to map segment from shared object')",
    "a folder that cannot be listed": "OSError(12, 'Cannot allocate memory')",
    "an interpreter that cannot say it": "SystemError('exec returned NULL without setting an exception')",
}


@pytest.mark.parametrize("name", LACKS)
@pytest.mark.parametrize("module", ["click", "sigcheck.api"])
def test_a_lack_of_memory_is_one_line_wherever_it_shows(folder, name, module):
    done = run_alone(
        f"""
        import importlib.abc, sys

        class Lacking(importlib.abc.MetaPathFinder):
            def find_spec(self, name, path, target=None):
                if name == "{module}":
                    raise {LACKS[name]}

        sys.meta_path.insert(0, Lacking())
        sys.argv = ["sigcheck", "check", "encoder", "classifier.keras", "--verify", "typed"]
        from sigcheck.__main__ import main
        main()
        """
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"sigcheck: {OUT_OF_MEMORY}\n"
