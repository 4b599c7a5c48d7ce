"""The phrases that passages quote, looked up in the reader's own copies of the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from carekg import errors
from carekg.folder import Folder
from carekg.terms import CARE, compact


def check(folder: Folder, documents: Path) -> tuple[int, int]:
    """Find each quoted phrase on its line; give how many were found, and how many have no document there.

    :param documents: a folder with the text files that the sources name by ``care:textFile``; not every one needs
        to be there.
    :raises DriftedPhrases: with a sentence for each phrase that is not on its line.
    :raises BadInput: the folder is missing, or has none of the files.
    """
    said = _said(folder)
    files = {source: documents / name for source, values in said.items() if (name := values.get(str(CARE.textFile)))}
    texts = {source: _lines(path) for source, path in files.items() if path.is_file()}
    if not texts:
        raise errors.BadInput(f"{documents} has none of the documents that are quoted: "
                              f"{', '.join(sorted(path.name for path in files.values())) or 'no source names a file'}.")
    quoted = {passage: values for passage, values in said.items()
              if str(CARE.phrase) in values and values.get(str(CARE.isFrom), "") in texts}
    drifted = [f"{folder.where(passage, str(CARE.phrase))}: {compact(passage)}: {sentence}"
               for passage, values in quoted.items()
               for sentence in _drift(values, texts[values[str(CARE.isFrom)]])]
    if drifted:
        raise errors.DriftedPhrases(drifted)
    return len(quoted), sum(str(CARE.phrase) in values for values in said.values()) - len(quoted)


def _said(folder: Folder) -> dict[str, dict[str, str]]:
    """Give the values of every thing of the data, by property."""
    found: dict[str, dict[str, str]] = {}
    for file in folder.data:
        for triple in file.triples:
            values = found.setdefault(str(triple.subject)[1:-1], {})
            values[triple.predicate.value] = getattr(triple.object, "value", "")
    return found


def _drift(passage: dict[str, str], lines: list[str]) -> Iterator[str]:
    """Say what is wrong with a passage's line, or nothing."""
    phrase, line = _plain(passage[str(CARE.phrase)]), passage.get(str(CARE.line), "")
    if line.isdigit() and 0 < int(line) <= len(lines) and phrase in lines[int(line) - 1]:
        return
    now = next((number for number, text in enumerate(lines, 1) if phrase in text), None)
    where = f"it stands on line {now}" if now else "it stands nowhere in the document"
    yield f"`{phrase}` is not on line {line or '(none given)'}; {where}"


def _lines(path: Path) -> list[str]:
    try:
        return [_plain(line) for line in path.read_text(encoding="utf-8").split("\n")]
    except (OSError, UnicodeDecodeError) as error:
        raise errors.BadInput(f"{path} cannot be read as text: {error}.") from None


def _plain(text: str) -> str:
    """Give a text with one kind of space."""
    return re.sub(r"\s+", " ", text)
