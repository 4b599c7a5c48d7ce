"""What can be set: one table says it all, a wrong value is told, a secret is never shown."""

import dataclasses
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import small
from carekg import errors, settings
from commands import run, sentence

SECRET = "a-token-of-more-than-twenty-letters"
WRONG = {
    "CAREKG_DEADLINE": ["x", "0", "-1", "nan", "inf", "10 s"],
    "CAREKG_MEMORY_MB": ["x", "0", "1.5", "-3"],
    "CAREKG_BODY_MB": ["0", "two"],
    "CAREKG_READERS": ["0", "1e3"],
    "CAREKG_PROXIES": ["-1", "one"],
    "CAREKG_PORT": ["0", "65536", "http"],
    "CAREKG_ADDRESS": ["localhost; rm", "example.org", "999.1.1.1", "1.2.3"],
    "CAREKG_RATE": ["600", "0 per minute", "many", "6 per fortnight", "-1 per second", "Off"],
    "CAREKG_PUBLIC_URL": ["example.org", "ftp://example.org/", "https://example.org/data", "https://", "https://[::1"],
    "CAREKG_HOSTS": ["https://example.org/", "a b/c"],
}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAREKG_RATE", raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> settings.Settings:
    """The settings in an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load()


# --- reading --------------------------------------------------------------------------------------------------------


def test_what_is_not_set_has_its_default() -> None:
    plain = settings.load()
    assert plain == settings.Settings(folder=plain.folder, store=plain.store)


def test_each_setting_is_read_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    read = loaded(
        monkeypatch, CAREKG_FOLDER="f", CAREKG_STORE="s", CAREKG_UPDATE="http://a/u", CAREKG_DEADLINE="0.5",
        CAREKG_MEMORY_MB="64", CAREKG_SOURCES="d", CAREKG_PUBLIC_URL="https://example.org", CAREKG_ROWS="7",
        CAREKG_ANSWER_MB="8", CAREKG_BODY_MB="9", CAREKG_UPLOAD_MB="10", CAREKG_QUERY_CHARS="11", CAREKG_READERS="12",
        CAREKG_HOSTS="a.org, B.org:8080", CAREKG_TOKENS="t.json", CAREKG_TOKEN=SECRET, CAREKG_USERS="u.json",
        CAREKG_SECRET=SECRET, CAREKG_SESSION_HOURS="13", CAREKG_WHO="ann",
        CAREKG_RATE="5 per hour",
        CAREKG_PROXIES="2", CAREKG_LOG="-", CAREKG_SLOW_LOG="slow.log", CAREKG_SLOW="0.25", CAREKG_ADDRESS="::1",
        CAREKG_PORT="81")
    assert dataclasses.astuple(read) == (
        Path("f"), "s", "http://a/u", 0.5, 64, Path("d"), "https://example.org/", 7, 8, 9, 10, 11, 12,
        frozenset({"a.org", "b.org:8080"}), Path("t.json"), SECRET, Path("u.json"), SECRET, 13, "ann",
        "5 per hour", 2,
        "-", "slow.log", 0.25, "::1", 81)


def test_an_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_STORE", "from-the-environment")
    assert settings.load(store="from-the-option").store == "from-the-option"
    assert settings.load().store == "from-the-environment"


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, CAREKG_DEADLINE="", CAREKG_STORE="").deadline == 10.0


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_told_in_one_sentence(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.BadValue, match=rf"is not a value for {name}: it takes .*\.$") as told:
        loaded(monkeypatch, **{name: value})
    assert value in str(told.value)


@pytest.mark.heavy
@pytest.mark.parametrize("name", settings._told())
@given(value=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_no_value_of_any_setting_breaks_more_than_it_may(name: str, value: str) -> None:
    try:
        settings._read(name, settings._told()[name], value)
    except errors.BadValue as told:
        assert "\n" not in str(told).replace(value, "")


def test_a_misspelt_setting_is_told_with_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.BadInput, match=r"^CAREKG_DEADLNE is not a setting; did you mean CAREKG_DEADLINE\?$"):
        loaded(monkeypatch, CAREKG_DEADLNE="3")


def test_a_setting_that_is_like_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(errors.BadInput, match=r"^CAREKG_ZZZZZZ is not a setting; .*`carekg config` lists them\?$"):
        loaded(monkeypatch, CAREKG_ZZZZZZ="3")


# --- secrets --------------------------------------------------------------------------------------------------------


def test_a_token_stands_in_no_rendering_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    read = loaded(monkeypatch, CAREKG_TOKEN=SECRET)
    assert SECRET not in repr(read) + str(list(settings.effective(read, {}))) + run("config").output
    assert "CAREKG_TOKEN = set, and not shown  (environment)" in run("config").output


def test_a_wrong_token_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_TOKEN", "too-short-9183")
    told = run("config")
    assert told.exit_code == 2
    assert "CAREKG_TOKEN: it takes 20 or more" in told.output
    assert "9183" not in told.output


def test_a_password_in_an_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_STORE", "http://jo:open-sesame@example.org/sparql")
    told = run("config").output
    assert "http://...@example.org/sparql" in told
    assert "sesame" not in told


# --- shown ----------------------------------------------------------------------------------------------------------


def test_config_says_each_value_and_where_it_came_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_READERS", "3")
    told = json.loads(run("config", "--json", store="memory:").stdout)
    assert list(told) == [settings.HEAD + one.name.upper() for one in dataclasses.fields(settings.Settings)]
    assert told["CAREKG_STORE"] == {"value": "memory:", "from": "option"}
    assert told["CAREKG_READERS"] == {"value": "3 processes", "from": "environment"}
    assert told["CAREKG_DEADLINE"] == {"value": "10 seconds", "from": "default"}


def test_config_notes_what_is_named_and_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("FOLDER", "SOURCES"):
        monkeypatch.setenv(f"CAREKG_{name}", str(tmp_path / name))
    monkeypatch.setenv("CAREKG_LOG", str(tmp_path / "no" / "log"))
    told = run("config")
    assert told.exit_code == 0
    assert told.stderr.splitlines() == [
        f"Note: CAREKG_FOLDER names {tmp_path}/FOLDER, which is no folder.",
        f"Note: CAREKG_SOURCES names {tmp_path}/SOURCES, which is no folder.",
        f"Note: CAREKG_LOG names {tmp_path}/no/log, and there is no such folder to write it in."]
    monkeypatch.setenv("CAREKG_LOG", "-")
    assert "CAREKG_LOG" not in run("config").stderr


def test_a_wrong_value_ends_every_command_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREKG_PORT", "99999")
    assert sentence(run("config"), 2).endswith("CAREKG_PORT: it takes a whole number from 1 to 65535.")


def test_the_documentation_has_the_table_of_all_settings() -> None:
    text = (small.ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert settings.table() in text, "write it anew: carekg config --table"
    assert run("config", "--table").stdout == settings.table()


def test_every_setting_has_a_sentence_and_every_number_a_unit() -> None:
    for name, told in settings._told().items():
        assert told.sentence.endswith("."), name
        numbers = told.kind in (settings.NUMBER, settings.COUNT, settings.SOME)
        assert bool(told.unit) == numbers, name


# --- where tokens are ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("store", "end"), [
    ("/a/store", "/a/store-tokens.json"), ("memory:", "/carekg/tokens.json"), ("http://a/", "/carekg/tokens.json")])
def test_tokens_are_beside_the_store_or_in_the_data_directory(store: str, end: str) -> None:
    assert str(settings.Settings(Path(), store).tokens_file).endswith(end)
    assert settings.Settings(Path(), store, tokens=Path("/t")).tokens_file == Path("/t")


def test_every_setting_that_documents_and_deployments_name_is_one() -> None:
    texts = [path for folder in ("docs", "deploy") for path in (small.ROOT / folder).iterdir() if path.suffix != ".dot"]
    named = {(name, path.name) for path in [*texts, small.ROOT / "README.md", small.ROOT / "CONTRIBUTING.md"]
             for name in re.findall(r"\bCAREKG_[A-Z_]+", path.read_text(encoding="utf-8"))}
    known = {settings.HEAD + name.upper() for name in settings._told()}
    assert {(name, where) for name, where in named if name not in known} == {("CAREKG_NAME", "carekg.service")}
    assert len(named) > len(known)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
def test_the_unit_is_one_that_systemd_reads_and_finds_safe() -> None:
    unit = str(small.ROOT / "deploy" / "carekg.service")
    read = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert {line for line in read.stderr.splitlines() if "is not executable" not in line} == set()
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=15", unit]
    safe = subprocess.run(command, capture_output=True, text=True, check=False)
    assert safe.returncode == 0, safe.stdout.splitlines()[-1]
