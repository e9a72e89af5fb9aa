"""Environments of their own for the peers: what they need is not what sigcheck needs."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

# The last releases, and for each what it needs to run at all. TF-Coder restores a model of Keras 2, which is a
# package of its own by now; im2im says only in its tests which packages its conversions import. TFDV names ranges of
# packages so wide that pip finds none that go together for many minutes: these are of the time of its release.
REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "tf_coder": ("tensorflow-coder==0.0.5", "tensorflow==2.21.*", "tf-keras==2.21.*", "numpy==2.2.*"),
    "im2im": ("im2im==0.0.6", "scikit-image>=0.25", "opencv-python-headless>=4.10"),
    "tfdv": (
        *("tensorflow-data-validation==1.16.1", "tensorflow==2.16.*", "tensorflow-serving-api==2.16.*"),
        *("apache-beam==2.59.*", "protobuf==4.25.*", "numpy==1.26.*", "setuptools<81"),
    ),
}
# im2im installs on these only.
OLDEST, NEWEST = (3, 10), (3, 11)
_MADE = "made-of.txt"


def check_python(python: str) -> None:
    """Raises SystemExit where the interpreter is not one that all peers install on."""
    printed = subprocess.run(
        [python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
    ).stdout
    version = tuple(map(int, printed.split()))
    if not OLDEST <= version <= NEWEST:
        raise SystemExit(
            f"{python}: Python {'.'.join(map(str, version))}, expected 3.10 or 3.11, which the peers install on. "
            "Name another with --python."
        )


def make_environment(folder: Path, name: str, python: str) -> str:
    """The interpreter of the environment of a peer, which is made where it is not there yet.

    Raises subprocess.CalledProcessError where pip cannot install what it needs.
    """
    home, requirements = folder / name, REQUIREMENTS[name]
    interpreter, made = str(home / "bin" / "python"), home / _MADE
    if not is_made(made, requirements):
        subprocess.run([python, "-m", "venv", "--clear", str(home)], check=True)
        subprocess.run([interpreter, "-m", "pip", "install", "--quiet", *requirements], check=True)
        made.write_text("\n".join(requirements), encoding="utf-8")
    return interpreter


def is_made(made: Path, requirements: Sequence[str]) -> bool:
    """Whether an environment was made to its end, and of these requirements."""
    return made.exists() and made.read_text("utf-8").split("\n") == list(requirements)
