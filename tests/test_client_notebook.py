"""The example notebook says what the shipped graph answers, holds nothing of a machine, and runs from start to end."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import small
from carekg.store.embedded import EmbeddedStore

NOTEBOOK = small.ROOT / "docs" / "notebook.ipynb"


def notebook() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    return found


def said(cells: list[dict[str, Any]]) -> dict[str, list[object]]:
    """What each cell of code has put out, by the cell's name; of a picture only that there is one."""
    return {cell["id"]: _joined(map(_said, cell["outputs"])) for cell in cells if cell["cell_type"] == "code"}


def _joined(outputs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Outputs with the pieces of one stream as one: where it is cut depends on the moment."""
    found: list[tuple[str, Any]] = []
    for kind, text in outputs:
        if found and found[-1][0] == kind and isinstance(text, str):
            found[-1] = (kind, found[-1][1] + text)
        else:
            found.append((kind, text))
    return found


def _said(output: dict[str, Any]) -> tuple[str, Any]:
    if output["output_type"] == "stream":
        return output["name"], "".join(output["text"])
    data = output.get("data", {})
    return output["output_type"], {kind: kind == "image/png" or "".join(text) for kind, text in data.items()}


def test_the_notebook_was_run_from_start_to_end_and_nothing_went_wrong() -> None:
    cells = [cell for cell in notebook()["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    kinds = [kind for cell in cells for output in cell["outputs"] for kind in output.get("data", {})]
    assert {"text/html", "image/png"} <= set(kinds)
    assert not [output for cell in cells for output in cell["outputs"]
                if output["output_type"] == "error" or output.get("name") == "stderr"]


def test_the_notebook_tells_nothing_of_the_machine_that_ran_it() -> None:
    found = notebook()
    assert found["metadata"] == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                                 "language_info": {"name": "python"}}
    assert [cell["metadata"] for cell in found["cells"]] == [{}] * len(found["cells"])
    assert len({cell["id"] for cell in found["cells"]}) == len(found["cells"])
    text = re.sub(r'"image/png": "[^"]*"', "", NOTEBOOK.read_text(encoding="utf-8"))
    assert not re.search(r"/(home|root|tmp|work|usr|Users)/|site-packages|0x[0-9a-f]{6,}|[A-Z]:\\\\", text)
    assert set(re.findall(r"https?://[\w.:-]+", text)) <= {"https://w3id.org", "http://127.0.0.1:8000"}


@pytest.mark.heavy
def test_the_notebook_runs_and_its_outputs_are_those_that_are_shipped(
    shipped_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    import nbclient
    import nbformat

    for name, value in {"CAREKG_STORE": str(shipped_store.path), "HOME": str(tmp_path), "MPLBACKEND": "",
                        "IPYTHONDIR": str(tmp_path / "ipython")}.items():
        monkeypatch.setenv(name, value)
    run = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(run, timeout=300, record_timing=False, resources={"metadata": {"path": tmp_path}}).execute()
    run.metadata = nbformat.from_dict(notebook()["metadata"])
    for cell in run.cells:
        cell.metadata = nbformat.from_dict({})
    if pytestconfig.getoption("rewrite_answers"):
        nbformat.write(run, NOTEBOOK)
    assert said(json.loads(nbformat.writes(run))["cells"]) == said(notebook()["cells"])
