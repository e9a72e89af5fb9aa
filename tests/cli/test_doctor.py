from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from sigcheck import __version__
from sigcheck.cli import installation
from sigcheck.cli.installation import USES, Use

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def test_versions_are_told(sigcheck):
    code, out, err = sigcheck("doctor")
    assert (code, err) == (0, "")
    assert re.search(rf"^sigcheck +{re.escape(__version__)}$", out, re.MULTILINE)
    assert re.search(rf"^pydantic +{re.escape(version('pydantic'))} ", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 80


def test_scripts_get_json(sigcheck, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = sigcheck("doctor", "--format", "json")
    told = json.loads(out)
    assert code == 0
    assert told["version"] == __version__
    assert told["config"] is None
    assert {"name", "version", "purpose", "install"} == set(told["parts"][0])


def test_the_walls_that_stand_here_are_told(sigcheck, monkeypatch):
    from sigcheck.process import worker

    walls = json.loads(sigcheck("doctor", "--format", "json")[1])["walls"]
    assert set(walls) == {"by", "standing", "reason"}
    assert walls["standing"] or walls["reason"]
    monkeypatch.setattr(worker, "find_builder", lambda: (None, "bubblewrap is not installed"))
    out = " ".join(sigcheck("doctor")[1].split())
    assert "walls none: bubblewrap is not installed; what runs here" in out
    assert "can reach what you can reach" in out


def test_the_config_is_found(sigcheck, tmp_path, monkeypatch):
    (tmp_path / "sigcheck.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert Path(json.loads(sigcheck("doctor", "--format", "json")[1])["config"]).name == "sigcheck.toml"


def test_what_is_not_installed_says_what_it_costs(sigcheck, monkeypatch):
    missing = Use("no_such_module", "nothing", "reading minds", "pip install nothing")
    monkeypatch.setattr(installation, "USES", (*USES, missing))
    code, out, _ = sigcheck("doctor")
    assert code == 0
    assert re.search(r"^nothing +reading minds +pip install nothing$", out, re.MULTILINE)


def test_a_broken_installation_fails(sigcheck, monkeypatch):
    monkeypatch.setattr(installation, "USES", (Use("no_such_module", "nothing", "everything"),))
    code, out, _ = sigcheck("doctor")
    assert code == 2
    assert "reinstall sigcheck" in out


def test_a_build_of_another_name_has_its_version(monkeypatch):
    use = Use("yaml", "no-such-distribution", "text")
    monkeypatch.setattr(installation, "USES", (use,))
    assert installation.examine().parts[0].version == f"{version('pyyaml')} (PyYAML)"


def test_nothing_heavy_is_imported(fresh):
    code = "import sys; from sigcheck.cli.installation import examine; examine()"
    assert fresh("-c", f"{code}; print({{'tensorflow', 'numpy'}} & {{*sys.modules}})").stdout == "set()\n"


@pytest.mark.parametrize("extra", [None, *sorted(EXTRAS.keys() - {"dev", "docs"})])
def test_all_that_the_project_declares_is_looked_at(extra):
    wanted = PROJECT["dependencies"] if extra is None else EXTRAS[extra]
    names = {re.match(r"[\w-]+", one)[0] for one in wanted}
    known = {use.distribution for use in USES if (use.install is None) == (extra is None)}
    assert names <= known
