"""Who may write: a token is shown once, kept as a hash, compared in constant time, and gone when it is removed."""

import hmac
import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carekg import errors
from carekg.accounts import tokens
from carekg.settings import Settings
from commands import run, sentence

FROM_OUTSIDE = "a-token-that-a-container-was-given"


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """The settings of a server whose tokens are in a folder of their own, that does not exist yet."""
    return Settings(tmp_path, "memory:", tokens=tmp_path / "kept" / "tokens.json")


@pytest.fixture
def keeper(chosen: Settings) -> tokens.Keeper:
    return tokens.Keeper(chosen)


@pytest.fixture(scope="session")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tokens.Keeper]:
    """A server with one token that nobody here knows."""
    path = tmp_path_factory.mktemp("tokens") / "tokens.json"
    tokens.add(path, "unknown")
    yield tokens.Keeper(Settings(path.parent, "memory:", tokens=path))


def bearer(token: str) -> str:
    return f"Bearer {token}"


def test_a_token_opens_until_it_is_removed_without_a_restart(chosen: Settings, keeper: tokens.Keeper) -> None:
    first, second = (tokens.add(chosen.tokens_file, name) for name in ("jo", "sam"))
    assert (keeper.holder(bearer(first)), keeper.holder(bearer(second))) == ("jo", "sam")
    tokens.remove(chosen.tokens_file, "jo")
    with pytest.raises(errors.Unauthorized):
        keeper.holder(bearer(first))
    assert keeper.holder(bearer(second)) == "sam"


def test_a_server_without_tokens_is_read_only_whatever_is_sent(keeper: tokens.Keeper) -> None:
    assert not keeper.is_open()
    for header in (None, "", bearer("x")):
        with pytest.raises(errors.ReadOnly, match=r"`carekg token add NAME`\.$"):
            keeper.holder(header)


def test_the_token_of_the_environment_opens(chosen: Settings) -> None:
    keeper = tokens.Keeper(Settings(chosen.folder, "memory:", tokens=chosen.tokens, token=FROM_OUTSIDE))
    assert keeper.is_open()
    assert keeper.holder(bearer(FROM_OUTSIDE)) == "CAREKG_TOKEN"
    with pytest.raises(errors.Unauthorized):
        keeper.holder(bearer(FROM_OUTSIDE[:-1]))


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER  "])
def test_a_scheme_is_read_in_any_case(scheme: str, chosen: Settings, keeper: tokens.Keeper) -> None:
    token = tokens.add(chosen.tokens_file, "jo")
    assert keeper.holder(f" {scheme} {token} ") == "jo"


@pytest.mark.parametrize(("header", "challenge"), [
    (None, 'Bearer realm="carekg"'), ("", 'Bearer realm="carekg"'), ("Basic am86am8=", 'Bearer realm="carekg"'),
    ("Bearer", 'Bearer realm="carekg"'), ("Bearer a b", 'Bearer realm="carekg"'),
    ("Bearer wrong", 'Bearer realm="carekg", error="invalid_token"')])
def test_who_has_no_right_token_is_challenged(header: str | None, challenge: str, closed: tokens.Keeper) -> None:
    with pytest.raises(errors.Unauthorized) as told:
        closed.holder(header)
    assert told.value.http_status == 401
    assert told.value.headers() == {"WWW-Authenticate": challenge}


@given(header=st.text(max_size=200) | st.text(max_size=60).map(bearer))
def test_no_header_that_is_made_up_opens_or_breaks_or_is_repeated(header: str, closed: tokens.Keeper) -> None:
    with pytest.raises(errors.Unauthorized) as told:
        closed.holder(header)
    assert str(told.value) in {str(errors.Unauthorized(what)) for what in (
        "needs a token", "needs a token in the Bearer scheme, and the header has another",
        "has a token that is not known here")}


def test_a_hash_is_no_token(chosen: Settings, keeper: tokens.Keeper) -> None:
    tokens.add(chosen.tokens_file, "jo")
    (kept,) = tokens.tokens(chosen.tokens_file)
    with pytest.raises(errors.Unauthorized):
        keeper.holder(bearer(kept.sha256))


def test_every_hash_is_compared_in_constant_time(
    chosen: Settings, keeper: tokens.Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [tokens.add(chosen.tokens_file, name) for name in ("a", "b", "c")]
    compared: list[str] = []
    plainly = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: bool(compared.append(other) or plainly(one, other)))
    for token in (made[0], made[2]):
        keeper.holder(bearer(token))
    assert compared == 2 * [one.sha256 for one in tokens.tokens(chosen.tokens_file)]


# --- at rest ---------------------------------------------------------------------------------------------------------


def test_the_file_has_no_token_and_is_its_owners_alone(chosen: Settings) -> None:
    token = tokens.add(chosen.tokens_file, "jo")
    text = chosen.tokens_file.read_text()
    assert len(token) == 43
    assert token not in text
    assert stat.S_IMODE(chosen.tokens_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(chosen.tokens_file.parent.stat().st_mode) == 0o700
    assert list(chosen.tokens_file.parent.iterdir()) == [chosen.tokens_file]
    assert [(one["name"], len(one["sha256"])) for one in json.loads(text)] == [("jo", 64)]


def test_tokens_made_at_the_same_time_are_all_kept(chosen: Settings) -> None:
    names = [f"n{n}" for n in range(24)]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda name: tokens.add(chosen.tokens_file, name), names))
    assert len(set(made)) == 24
    assert sorted(one.name for one in tokens.tokens(chosen.tokens_file)) == sorted(names)


def test_a_file_that_others_may_change_is_not_trusted(chosen: Settings, keeper: tokens.Keeper) -> None:
    token = tokens.add(chosen.tokens_file, "jo")
    chosen.tokens_file.chmod(0o620)
    with pytest.raises(errors.StoreError, match=r"can be changed by others, so none is trusted; run `chmod 600"):
        keeper.holder(bearer(token))


@pytest.mark.parametrize("text", ["", "{", "[1]", '["a"]', "{}\n[", '[{"name": "a"}]', "\0"])
def test_a_file_that_is_broken_lets_nobody_in(text: str, chosen: Settings, keeper: tokens.Keeper) -> None:
    tokens.add(chosen.tokens_file, "jo")
    chosen.tokens_file.write_text(text)
    with pytest.raises(errors.StoreError, match="is not a file of tokens"):
        keeper.holder(bearer("x"))
    with pytest.raises(errors.StoreError):
        tokens.add(chosen.tokens_file, "sam")
    assert chosen.tokens_file.read_text() == text


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.StoreError, match=r"cannot be written: .*\.$"):
        tokens.add(tmp_path / "file" / "tokens.json", "jo")


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_commands_make_list_and_remove(tmp_path: Path) -> None:
    store = tmp_path / "store"
    made = run("token", "add", "jo", store=store)
    token = made.stdout.strip()
    assert len(token) == 43
    assert tokens.Keeper(Settings(tmp_path, str(store))).holder(bearer(token)) == "jo"
    assert run("token", "list", store=store).stdout.split()[1:] == ["jo"]
    assert token not in run("token", "list", store=store).output
    assert run("token", "remove", "jo", store=store).exit_code == 0
    assert "read-only" in run("token", "list", store=store).stderr


def test_what_is_wrong_with_a_name_is_told(tmp_path: Path) -> None:
    store = tmp_path / "store"
    run("token", "add", "jo", store=store)
    assert "There is a token `jo` already" in sentence(run("token", "add", "jo", store=store), 2)
    assert "There is no token `sam`" in sentence(run("token", "remove", "sam", store=store), 2)
    for name in ("", "a b", "a\nb", "-a", "é", "x" * 65):
        assert "is not a name of a token" in sentence(run("token", "add", "--", name, store=store), 2)
