"""`carekg check FILE...`: files of a folder in the context of the rest, a sentence a line, for editors and git."""

import os
import pathlib
import re
import subprocess
import sys

import pytest
import yaml

import small
from carekg import folder
from carekg.places import Places, Source
from commands import run, sentence
from spoiling import INNOVATION

HEAD = "".join(line for line in small.GOOD.read_text().splitlines(keepends=True) if line.startswith("@prefix"))
LINES = HEAD.count("\n")


@pytest.fixture
def moon(world: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A file of one more innovation, in a world in which one stands."""
    monkeypatch.chdir(world)
    (world / "data" / "moon.ttl").write_text(HEAD + INNOVATION)
    return world / "data" / "moon.ttl"


def spoil(path: pathlib.Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def problems(world: pathlib.Path, *files: str, code: int) -> list[str]:
    """What is printed of some files."""
    result = run("check", *files, folder=world)
    assert result.exit_code == code, result.output
    return result.stdout.splitlines()


def test_a_file_that_is_right_is_said_to_be(moon: pathlib.Path, world: pathlib.Path) -> None:
    assert problems(world, "data/moon.ttl", "queries/myths.rq", "./data/moon.ttl", code=0) == ["2 files are right."]


def test_each_violation_has_its_line(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(moon, '"Moon Walks"@en', '"Moon Walks"')
    spoil(moon, "passage:lantern-dusk", "innovation:lantern-walks")
    found = problems(world, "data/moon.ttl", code=3)
    assert [line.split(" ")[0] for line in found] == [f"data/moon.ttl:{LINES + 4}:", f"data/moon.ttl:{LINES + 6}:"]
    assert "Moon Walks: name: An innovation has exactly one label, in English." in found[0]
    assert found[1].endswith("[caresh:InnovationShape-restsOn]")


def test_a_file_is_judged_with_what_it_does_to_others(moon: pathlib.Path, world: pathlib.Path) -> None:
    moon.write_text(HEAD + 'innovation:lantern-walks rdfs:label "Two names"@en .\n')
    (line,) = problems(world, "data/moon.ttl", code=3)
    assert "An innovation has exactly one label" in line


def test_what_other_files_violate_is_not_told(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(world / "data" / "world.ttl", '"Lantern Walks"@en', '"Lantern Walks"')
    assert problems(world, "data/moon.ttl", code=0) == ["1 file is right."]
    assert problems(world, "data/world.ttl", code=3)


def test_misspelt_terms_come_with_the_one_that_is_meant(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(moon, "skos:definition", "skos:definiton")
    found = problems(world, "data/moon.ttl", code=2)
    told = "skos:definiton is not a term of its vocabulary (is skos:definition meant?)."
    assert f"data/moon.ttl:{LINES + 5}: {told}" in found


def test_what_one_file_takes_away_is_missed_in_another(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(world / "data" / "world.ttl", "\npassage:lantern-dusk a", "\npassage:lantern-dawn a")
    found = problems(world, "data/world.ttl", code=2)
    missed = f"data/moon.ttl:{LINES + 6}: passage:lantern-dusk is described nowhere"
    assert any(line.startswith(missed) for line in found)


def test_what_a_file_stated_of_the_things_of_another_is_missed(moon: pathlib.Path, world: pathlib.Path) -> None:
    label = 'innovation:moon-walks rdfs:label "Moon Walks"@en .\n'
    other = world / "data" / "labels.ttl"
    spoil(moon, '    rdfs:label "Moon Walks"@en ;\n', "")
    other.write_text(HEAD + label)
    for words in (("init", "--quiet"), ("add", "data"), ("commit", "--quiet", "-m", "The world.")):
        assert git(world, *words).returncode == 0
    assert problems(world, "data/labels.ttl", code=0) == ["1 file is right."]
    other.write_text(HEAD)
    (line,) = problems(world, "data/labels.ttl", code=3)
    assert line.startswith("data/moon.ttl:")
    assert "An innovation has exactly one label" in line


def test_every_file_that_does_not_parse_is_told_with_line_and_column(moon: pathlib.Path, world: pathlib.Path) -> None:
    moon.write_text(HEAD + "innovation:x a \n")
    spoil(world / "queries" / "myths.rq", "SELECT", "SELEKT")
    found = problems(world, "data/moon.ttl", "queries/myths.rq", code=2)
    assert [re.match(r"[\w./]+:\d+:\d+: ", line) is not None for line in found] == [True, True]


@pytest.mark.heavy
def test_shapes_and_vocabulary_are_checked_on_all_data(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(world / "shapes" / "things.ttl", "caresh:InnovationShape-label a sh:PropertyShape ;",
          "caresh:InnovationShape-label a sh:PropertyShape ; sh:maxLength 3 ;")
    found = problems(world, "shapes/things.ttl", code=3)
    assert len([line for line in found if "caresh:InnovationShape-label" in line]) > 1


def test_sentences_for_github_are_annotations(moon: pathlib.Path, world: pathlib.Path) -> None:
    spoil(moon, "skos:definition", "skos:definiton")
    result = run("check", "--format", "github", "data/moon.ttl", folder=world)
    assert result.exit_code == 2
    assert (f"::error file=data/moon.ttl,line={LINES + 5}::skos:definiton is not a term of its vocabulary "
            "(is skos:definition meant?).") in result.stdout.splitlines()


@pytest.mark.parametrize("name", ["README.md", "data/notes.txt"])
def test_a_file_of_no_folder_is_refused(moon: pathlib.Path, world: pathlib.Path, name: str) -> None:
    (world / name).write_text("hello")
    assert "`carekg validate`" in sentence(run("check", name, folder=world), 2)


def test_the_folder_around_a_file_is_found(moon: pathlib.Path, world: pathlib.Path) -> None:
    assert run("check", "data/moon.ttl").stdout == "1 file is right.\n"


# --- where statements stand -------------------------------------------------------------------------------------------

NESTED = '''@prefix : <https://example.org/> .
# :walk :by :nobody
:walk a :Walk ;
    :says """one
two""" , ":by" ;
    :led [ :by :ann ;
           :in [ :year 2019 ] ] ;
    :by :ann , :bob .
:walk :by :cid .
[] a :Walk ;
    :by :dan .
'''


@pytest.mark.parametrize(("predicate", "value", "line"), [
    ("by", "<https://example.org/bob>", 8), ("by", "<https://example.org/cid>", 9), ("by", "", 8),
    ("says", '":by"', 5), ("says", '"one\\ntwo"', 4), ("never", "", 3),
])
def test_a_statement_is_found_where_it_stands(tmp_path: pathlib.Path, predicate: str, value: str, line: int) -> None:
    (tmp_path / "a.ttl").write_text(NESTED)
    place = places(tmp_path / "a.ttl").of("https://example.org/walk", f"https://example.org/{predicate}", value)
    assert place is not None
    assert place.line == line


def test_what_has_no_name_is_found_where_it_stands(tmp_path: pathlib.Path) -> None:
    (tmp_path / "a.ttl").write_text(NESTED)
    found = {}
    file = folder.read(tmp_path / "a.ttl", tmp_path)
    one = Places([Source(file.path, file.triples, file.line_of)])
    for triple in file.triples:
        if str(triple.subject).startswith("_:"):
            place = one.of(str(triple.subject), triple.predicate.value, str(triple.object))
            found[str(triple.object)] = place and place.line
    assert found["<https://example.org/ann>"] == 6
    assert [line for value, line in found.items() if "2019" in value] == [7]
    assert found["<https://example.org/dan>"] == 11


def places(path: pathlib.Path) -> Places:
    """Where the statements of a file stand."""
    file = folder.read(path, path.parent)
    return Places([Source(path, file.triples, file.line_of)])


# --- in git -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(moon: pathlib.Path, world: pathlib.Path) -> pathlib.Path:
    """A git repository with the world committed, and a hook before each commit that runs what the file says."""
    (hook,) = yaml.safe_load((small.ROOT / ".pre-commit-hooks.yaml").read_text())
    command = hook["entry"].replace("carekg", f"{sys.executable} -m carekg", 1)
    git(world, "init", "--quiet")
    git(world, "add", ".")
    git(world, "commit", "--quiet", "-m", "The world.")
    script = world / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text("#!/bin/sh\nfiles=$(git diff --cached --name-only --diff-filter=d | grep -E "
                      f"'{hook['files']}')\ntest -z \"$files\" || exec {command} $files\n")
    script.chmod(0o755)
    return world


def git(place: pathlib.Path, *words: str) -> subprocess.CompletedProcess[str]:
    named = ["-c", "user.name=Ann", "-c", "user.email=ann@example.org"]
    return subprocess.run(["git", *named, *words], cwd=place, capture_output=True, text=True, check=False)


@pytest.mark.heavy
def test_a_commit_of_what_is_wrong_is_stopped_before_it_is_made(repository: pathlib.Path) -> None:
    spoil(repository / "data" / "moon.ttl", '"Moon Walks"@en', '"Moon Walks"')
    (repository / "README.md").write_text("Not checked.")
    git(repository, "add", ".")
    refused = git(repository, "commit", "-m", "Wrong.")
    assert refused.returncode != 0
    assert f"data/moon.ttl:{LINES + 4}: Moon Walks: name: " in refused.stdout + refused.stderr
    spoil(repository / "data" / "moon.ttl", '"Moon Walks"', '"Moon Walks"@en')
    git(repository, "add", ".")
    assert git(repository, "commit", "-m", "Right.").returncode == 0


@pytest.mark.heavy
def test_pre_commit_runs_the_hook(
    moon: pathlib.Path, world: pathlib.Path, tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("pre-commit")
    (hook,) = yaml.safe_load((small.ROOT / ".pre-commit-hooks.yaml").read_text())
    hook |= {"language": "system", "entry": hook["entry"].replace("carekg", f"{sys.executable} -m carekg", 1)}
    (world / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": [hook]}]}))
    git(world, "init", "--quiet")
    spoil(moon, '"Moon Walks"@en', '"Moon Walks"')
    git(world, "add", ".")
    ran = subprocess.run([sys.executable, "-m", "pre_commit", "run", "--files", "data/moon.ttl", "README.md"],
                         cwd=world, capture_output=True, text=True, check=False,
                         env={**os.environ, "PRE_COMMIT_HOME": str(home)})
    assert ran.returncode == 1
    assert f"data/moon.ttl:{LINES + 4}: Moon Walks: name: " in ran.stdout
