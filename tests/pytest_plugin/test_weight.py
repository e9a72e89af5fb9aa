"""The plugin is loaded into every run of pytest where sigcheck is installed: it must cost nothing there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.pytest_plugin.conftest import LOAD

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "networkx", "numpy", "tensorflow", "keras", "click", "sigcheck.api", "sigcheck.testing")


def modules_after(code):
    program = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split("\n"))


def test_importing_the_plugin_loads_pytest_and_itself_only():
    loaded = modules_after("import sigcheck.pytest_plugin") - modules_after("import pytest")
    assert {name for name in loaded if name.startswith("sigcheck")} == {
        "sigcheck",
        "sigcheck.pytest_plugin",
        "sigcheck.pytest_plugin.permitted",
        "sigcheck.pytest_plugin.snapshot_use",
        "sigcheck.schema",
        "sigcheck.schema.distinct",
    }
    assert not loaded & set(HEAVY)


def test_a_run_that_does_not_use_it_loads_nothing_more(project):
    project.makepyfile(
        f"""
        import sys

        def test_plain():
            assert [name for name in {HEAVY!r} if name in sys.modules] == []
        """
    )
    result = project.runpytest_subprocess(*LOAD)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*signature*")


def test_the_options_are_explained(run):
    result = run("--help")
    result.stdout.fnmatch_lines(["*signatures of models:", "*--sigcheck *", "*--signature-update *"])
    run("--markers").stdout.fnmatch_lines(["@pytest.mark.sigcheck: a model or link of sigcheck.toml*"])
