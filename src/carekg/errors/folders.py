"""A knowledge folder, or the graph made of it, is not right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from carekg.errors.base import CarekgError, listed


class FolderError(CarekgError):
    """A knowledge folder cannot be used as it is."""

    exit_code = 2


class MissingPart(FolderError):
    """A folder lacks what every knowledge folder has."""

    def __init__(self, folder: Path, part: str, right: str) -> None:
        self.folder, self.part = folder, part
        super().__init__(f"{folder} has no {part}; {right}.")


class BrokenFile(FolderError):
    """A file cannot be read as what its name says it is."""

    def __init__(self, path: Path, what: str, line: int | None = None, column: int | None = None) -> None:
        self.path, self.what, self.line, self.column = path, what, line, column
        spot = f":{line}" + (f":{column}" if column else "") if line else ""
        super().__init__(f"{path}{spot}: {what}.")


class UnknownTerms(FolderError):
    """Files use IRIs that do not exist in the namespaces that carekg knows."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = listed(f"{len(problems)} unknown terms, so nothing was changed.", problems)
        super().__init__(several if len(problems) > 1 else f"Unknown term: {problems[0]}.")


class UncoveredAxiom(FolderError):
    """An ontology uses a construct of OWL that reasoning does not cover."""

    def __init__(self, construct: str, where: str) -> None:
        self.construct = construct
        super().__init__(f"The ontology uses {construct} on {where}, which reasoning does not cover: "
                         "state it in the OWL 2 RL constructs listed in reason.py, or leave it out.")


class DriftedPhrases(FolderError):
    """Passages quote what does not stand where they say."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = listed(f"{len(problems)} phrases are not on their lines.", problems)
        super().__init__(several if len(problems) > 1 else f"A phrase is not on its line: {problems[0]}.")


class UnusableShapes(FolderError):
    """Shapes are not well-formed, or say what cannot be done."""

    def __init__(self, what: str) -> None:
        lines = [line.strip() for line in what.splitlines() if line.strip()]
        said = " ".join(line for line in lines if not line.startswith("For reference"))
        super().__init__(f"The shapes cannot be used: {said.rstrip('.')}.")


class BothChanged(FolderError):
    """Files were edited since the graph was built from them, and stewards have changed the same otherwise."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = listed("Nothing was written: files and stewards have changed the same, each otherwise. "
                         "Let the files, or the graph, say what is right, and pull again.", problems)
        super().__init__(several if len(problems) > 1 else f"Nothing was written: {problems[0]}. Let the file, or the "
                         "graph, say what is right, and pull again.")


class Unwritable(FolderError):
    """A file of a folder cannot be written."""

    def __init__(self, path: Path | str, why: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be written: {why}. Nothing is lost: mend that, and do it again.")


class InvalidGraph(CarekgError):
    """The data violate the shapes: ``sentences`` say where, and ``report`` is the SHACL report in Turtle."""

    exit_code = 3
    http_status = 422

    def __init__(self, sentences: Sequence[str], report: str = "") -> None:
        self.sentences, self.report = list(sentences), report
        count = len(sentences)
        super().__init__(listed(f"{count} violation{'s' if count > 1 else ''}, so nothing was changed.", sentences))
