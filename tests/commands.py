"""The commands as tests run them: in this process for speed, or in one of their own where that matters."""

import pathlib
import subprocess
import sys

from click.testing import CliRunner, Result

from carekg import cli


def run(*arguments: str, folder: pathlib.Path | None = None, store: pathlib.Path | str | None = None) -> Result:
    """What `carekg` gives; an error that it does not tell in a sentence comes out as it is."""
    given = ["--folder", str(folder)] if folder else []
    given += ["--store", str(store)] if store else []
    result = CliRunner().invoke(cli.main, [*given, *arguments], prog_name="carekg")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def start(*arguments: str, folder: pathlib.Path, store: pathlib.Path) -> subprocess.Popen[str]:
    """`carekg` in a process of its own, its output to be read."""
    command = [sys.executable, "-u", "-m", "carekg", "--folder", str(folder), "--store", str(store), *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def sentence(result: Result, exit_code: int) -> str:
    """The error of a command that ended as it should: on stderr, after the command's name, without a traceback."""
    assert result.exit_code == exit_code, result.output
    assert "carekg: " in result.stderr, result.output
    assert "Traceback" not in result.output
    return result.stderr[result.stderr.index("carekg: ") + len("carekg: ") :].strip()
