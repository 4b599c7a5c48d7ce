"""Sheets as offices make them: written by LibreOffice, with ten thousand rows, of every class there is."""

import pathlib
import shutil
import subprocess
import zipfile
from dataclasses import replace

import pytest

import folders
import sheeting
from carekg import errors
from carekg.importers import sheets
from carekg.settings import load
from carekg.store import open_store
from carekg.store.embedded import EmbeddedStore
from sheeting import SITE, as_csv, saved

pytestmark = pytest.mark.heavy
OFFICE = shutil.which("soffice")


def converted(path: pathlib.Path, form: str = "xlsx") -> bytes:
    """A file as LibreOffice writes it in another format."""
    folder = path.parent / "converted"
    subprocess.run([OFFICE or "soffice", "--headless", f"-env:UserInstallation=file://{path.parent}/profile",
                    "--convert-to", form, "--outdir", str(folder), str(path)], check=True, capture_output=True)
    return (folder / path.with_suffix(f".{form}").name).read_bytes()


def test_a_template_filled_with_what_is_known_changes_nothing_whatever_its_class(
        shipped_store: EmbeddedStore) -> None:
    desk = sheeting.desk(shipped_store)
    forms = desk.kinds()
    assert len(forms) > 30
    for form in forms:
        file, content = desk.template(form.label, filled=True)
        outcome = desk.checked(sheets.read(file, content, "", desk.titles()))
        assert (outcome.is_change, outcome.problems, outcome.plan.questions) == (False, (), ()), form.label


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not there")
def test_a_sheet_that_libreoffice_has_written_is_read_as_it_was_typed(
        good_store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    desk = sheeting.desk(good_store)
    made = sheeting.opened(desk.template("site")[1])
    heads = [str(cell.value).removesuffix(" *") for cell in made["Site"][1]]
    for head, value in {**SITE, "as of": "2016-10", "began": "2016"}.items():
        made["Site"].cell(2, heads.index(head) + 1).value = value
    (tmp_path / "site.xlsx").write_bytes(saved(made))
    (tmp_path / "sites.csv").write_bytes(as_csv({**SITE, "as of": "2016-10-19", "stated count": "8"}))
    for path, dated in ((tmp_path / "site.xlsx", "2016-10"), (tmp_path / "sites.csv", "2016-10-19")):
        outcome = desk.checked(sheets.read("site.xlsx", converted(path), "", desk.titles()))
        assert outcome.is_ready, sheeting.problems(outcome)
        (site,) = outcome.plan.things
        assert {one.field: one.added for one in site.differences}["as of"] == (dated,)
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(sheeting.checked(desk, {**SITE, "summary": "=1+1"}).copy())
    assert "=1+1" in converted(copy, "csv").decode()


def test_ten_thousand_rows_are_one_change_and_brought_in_again_none(
        good_store: EmbeddedStore, tmp_path: pathlib.Path) -> None:
    place = folders.own_store(good_store, tmp_path / "store")
    rows = [{**SITE, "summary": f"Ride {number} is planned."} for number in range(10_000)]
    table = sheets.read("site.csv", as_csv(*rows))
    settings = replace(load(), store=str(place), deadline=900.0, memory_mb=4096)
    with open_store(settings) as store:
        desk = sheeting.desk(store)  # type: ignore[arg-type]
        outcome = desk.checked(table)
        assert outcome.plan.counts()["new"] == 10_000
        assert sheeting.committed(desk, outcome).number
        again = sheeting.desk(store, desk).checked(table)  # type: ignore[arg-type]
        assert (again.plan.counts()["unchanged"], again.is_change) == (10_000, False)


def test_a_workbook_that_unpacks_to_more_than_is_read_is_told(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "site.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(201 * 2**20))
    assert path.stat().st_size < 2**20
    with pytest.raises(errors.BadSheet, match="unpacks to 201 MB"):
        sheets.opened(path)
