"""The page on scripts says what there is, and what it shows can be run as it stands: Python, R, a spreadsheet, curl."""

import contextlib
import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

import small
from carekg import errors
from carekg.client import kinds
from carekg.client.frames import NULLABLE
from servers import Server

PAGE = (small.ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"


def blocks(language: str, server: Server) -> list[str]:
    """What the page shows in a language, with the address of a server that runs."""
    return [text.replace(HERE, server.base) for text in re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)]


def test_the_errors_that_the_page_lists_are_those_there_are() -> None:
    rows = re.findall(r"(?m)^\| (`[A-Z]\w+`(?:, `[A-Z]\w+`)*) \|", PAGE)
    names = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(names) >= 9
    assert [name for name in names if name not in errors.__all__] == []


def test_the_types_that_the_page_lists_are_those_that_data_frames_have() -> None:
    assert {name for name in NULLABLE.values() if f"`{name}`" not in PAGE} == set()
    assert set(kinds.READERS) == {"integer", "decimal", "number", "year", "date", "time", "truth"}


@pytest.mark.heavy
def test_the_python_of_the_page_runs(server: Server) -> None:
    scope: dict[str, object] = {}
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        for block in blocks("python", server):
            exec(block, scope)
    assert "Which innovations took, may have taken or are presented under a route?" in told.getvalue()
    assert scope["answer"]
    scope["kg"].close()  # type: ignore[attr-defined]


@pytest.mark.heavy
def test_the_r_of_the_page_runs_and_gives_the_rows_of_the_table(server: Server, tmp_path: Path) -> None:
    r = shutil.which("Rscript")
    assert r, "The heavy tests need R: make tools installs it."
    (block,) = blocks("r", server)
    script = tmp_path / "ask.R"
    script.write_text(block + 'cat(dim(answer), class(answer$began), sum(is.na(answer$began)), sep = " ")\n', "utf-8")
    told = subprocess.run([r, "--vanilla", script], check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    rows = _table(server, tmp_path)
    missing = sum(row["began"] == "" for row in rows)
    assert told.splitlines()[-1] == f"{len(rows)} {len(rows[0])} integer {missing}"
    assert "IRIS" in told


@pytest.mark.heavy
def test_a_spreadsheet_reads_the_address_of_the_page(server: Server, tmp_path: Path) -> None:
    (block,) = [one for one in blocks("sh", server) if one.startswith("soffice")]
    command = block.replace("--headless", f"--headless -env:UserInstallation=file://{tmp_path}/profile")
    subprocess.run(command, shell=True, check=True, capture_output=True, cwd=tmp_path, timeout=120)
    (made,) = tmp_path.glob("*.xlsx")
    sheet = openpyxl.load_workbook(made).active
    assert sheet
    head, *rows = sheet.iter_rows(values_only=True)
    expected = _table(server, tmp_path)
    assert list(head) == list(expected[0])
    assert [row[0] for row in rows] == [row["innovation"] for row in expected]
    assert {type(row[head.index("began")]) for row in rows} == {int, type(None)}


def _table(server: Server, place: Path) -> list[dict[str, str]]:
    """The rows of the table as the page's curl gets them."""
    (block,) = [one for one in blocks("sh", server) if one.startswith("curl")]
    subprocess.run(block, shell=True, check=True, capture_output=True, cwd=place)
    with (place / "answer.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
