"""Tests stand as the source does: who looks for the tests of a file finds them by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS, SOURCE = Path(__file__).parent, Path(__file__).parents[1] / "sigcheck"
# What is tested there is no one package: reports of users, laws, pages, the browser, hostile files, times.
ACROSS = {"benchmarks", "browser", "docs", "field", "fuzz", "laws"}

FILES = sorted(path.relative_to(SOURCE) for path in SOURCE.rglob("*.py"))
# A format has a file of its name in several places, and its folder in the readers.
NAMED = {path.stem for path in FILES} - {path.name for path in SOURCE.rglob("*") if path.is_dir()}


def mirrored():
    """Each test file in the folder of a package."""
    found = (path.relative_to(TESTS) for path in TESTS.rglob("test_*.py"))
    return sorted(path for path in found if len(path.parts) > 1 and path.parts[0] not in ACROSS)


@pytest.mark.parametrize("folder", sorted({path.parent for path in mirrored()}), ids=str)
def test_a_folder_of_tests_is_one_of_the_source(folder):
    assert (SOURCE / folder).is_dir() or (SOURCE / folder).with_suffix(".py").is_file()


@pytest.mark.parametrize("path", [path for path in mirrored() if path.stem[5:] in NAMED], ids=str)
def test_a_test_that_is_named_as_a_file_stands_where_it_does(path):
    name = path.stem[5:]
    homes = [file.parent for file in FILES if file.stem == name]
    # A name that several folders have, as formats do, says nothing of a room that has none of it.
    is_another = len(homes) > 1 and path.parts[0] not in {home.parts[0] for home in homes if home.parts}
    assert (SOURCE / path.parent / name).is_dir() or path.parent in homes or is_another
