"""Users: their roles, their passwords as hashes in a file that is its owner's alone, and the commands on them."""

import itertools
import json
import os
import pty
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import argon2
import pytest
from click.testing import CliRunner, Result

import people
import small
from carekg import cli, errors
from carekg.accounts import passwords, roles, signing, tokens
from carekg.accounts.roles import RIGHTS, Role, Who
from carekg.accounts.users import Users
from carekg.plans import kept
from carekg.settings import Settings
from commands import run, sentence


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """The settings of a server with a user of each role and more."""
    return people.beside(tmp_path)


@pytest.fixture
def users(chosen: Settings) -> Users:
    return Users(chosen)


def piped(text: str, *arguments: str, store: Path) -> Result:
    """What a command gives that reads standard input."""
    return CliRunner().invoke(cli.main, ["--store", str(store), *arguments], input=text, prog_name="carekg")


# --- roles -----------------------------------------------------------------------------------------------------------


def test_each_role_may_do_what_those_before_it_may_and_more() -> None:
    may = [{name for name in RIGHTS if Who("jo", role).may(name)} for role in roles.ORDER]
    assert [len(one) for one in may] == sorted({len(one) for one in may})
    for before, after in itertools.pairwise(may):
        assert before < after
    assert [role.value for role in roles.ORDER] == ["reader", "contributor", "steward", "admin"]
    assert (RIGHTS["draft"].role, RIGHTS["commit"].role, RIGHTS["approve"].role) == (
        Role.CONTRIBUTOR, Role.STEWARD, Role.STEWARD)


def test_who_lacks_a_role_is_told_which_is_needed_and_which_they_have() -> None:
    with pytest.raises(errors.RoleNeeded, match=r"role steward is needed, and jo has the role contributor") as told:
        roles.refuse_without(Who("jo", Role.CONTRIBUTOR), Role.STEWARD)
    assert (told.value.http_status, told.value.needed, told.value.has) == (403, "steward", "contributor")
    roles.refuse_without(Who("jo", Role.ADMIN), Role.STEWARD)


def test_the_document_for_stewards_has_every_right_by_its_role() -> None:
    document = (small.ROOT / "docs" / "stewards.md").read_text(encoding="utf-8")
    for right in RIGHTS.values():
        assert f"| {right.role} | {right.words} |" in document


# --- passwords -------------------------------------------------------------------------------------------------------


def test_a_password_is_kept_as_argon2id_and_the_same_one_fits_however_it_was_composed(users: Users) -> None:
    made = users.add("jo", "caf\u00e9 \u2168 at the river", "contributor", "Jo Ó Briain")
    assert made.password.startswith("$argon2id$")
    assert "river" not in users.path.read_text(encoding="utf-8")
    assert users.let_in("jo", "cafe\u0301 \u2168 at the river").who == Who("jo", Role.CONTRIBUTOR, "Jo Ó Briain")


@pytest.mark.parametrize(("password", "told"), [
    ("", "has 0 characters"), ("eleven char", "has 11 characters"), ("x" * 1001, "has 1,001 characters"),
    ("a" * 100, "guessed at once"), ("abcdabcdabcd", "guessed at once"), ("Saltmere-Jos" * 2, "guessed at once")])
def test_a_password_that_will_not_do_is_refused_before_it_costs_anything(password: str, told: str) -> None:
    with pytest.raises(errors.BadInput, match=told):
        passwords.refuse_weak(password, "saltmere-jos")


def test_a_password_that_fits_nobody_takes_the_same_work_as_one_that_does_not_fit() -> None:
    assert argon2.extract_parameters(passwords.NOBODYS) == argon2.extract_parameters(passwords.hashed("anything else"))


@pytest.mark.parametrize(("name", "password"), [
    ("nobody", people.PASSWORD), ("ann", "wrong"), ("ann", ""), ("", ""), ("ann", "x" * 100_000),
    ("ANN", people.PASSWORD), ("ann\x00", people.PASSWORD), ("ann\n", people.PASSWORD), ("\ud800", "\ud800"),
    ("../ann", "'; --")])
def test_whoever_is_not_let_in_is_told_the_same(name: str, password: str, users: Users,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    people.hasten(monkeypatch)
    with pytest.raises(errors.BadLogin) as told:
        users.let_in(name, password)
    assert str(told.value) == str(errors.BadLogin())


def test_a_hash_with_weaker_parameters_is_made_anew_when_its_user_comes(users: Users) -> None:
    before = users.let_in("ann", people.PASSWORD)
    after = users.find("ann")
    assert after is not None
    assert passwords.is_outdated(before.password)
    assert not passwords.is_outdated(after.password)
    assert passwords.fits(people.PASSWORD, after.password)
    assert after.stamp == before.stamp


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_hash_that_is_none_fits_nothing(kept: str) -> None:
    assert not passwords.fits("plain", kept or "x")


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_change_of_a_user_ends_what_was_begun_before_it(users: Users) -> None:
    stamps = [users.all()[0].stamp, users.give("ron", "steward").stamp, users.end_sessions("ron").stamp]
    assert len(set(stamps)) == 3
    users.remove("ron")
    assert users.find("ron") is None
    with pytest.raises(errors.BadInput, match="There is no user `ron`"):
        users.give("ron", "reader")


def test_the_file_is_its_owners_alone_and_not_trusted_where_others_may_change_it(users: Users) -> None:
    users.give("ron", "steward")
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    users.path.chmod(0o622)
    for act in (users.all, lambda: users.find("ann"), lambda: users.give("ann", "admin")):
        with pytest.raises(errors.StoreError, match=r"can be changed by others, so none is trusted; run `chmod 600"):
            act()


@pytest.mark.parametrize("text", ["", "{", "[1]", '["a"]', '{"name": "a"}', '[{"name": "a"}]', "null", "\0"])
def test_a_file_that_is_broken_lets_nobody_in_and_is_left_as_it_is(text: str, users: Users) -> None:
    users.path.write_text(text)
    for act in (users.all, lambda: users.let_in("ann", people.PASSWORD), lambda: users.remove("ann")):
        with pytest.raises(errors.StoreError, match="is not a file of users"):
            act()
    assert users.path.read_text() == text


def test_a_role_that_there_is_none_of_is_no_role(users: Users) -> None:
    kept = json.loads(users.path.read_text())
    users.path.write_text(json.dumps([{**one, "role": "owner"} for one in kept]))
    with pytest.raises(errors.StoreError):
        users.all()


def test_users_changed_at_the_same_time_are_all_changed(users: Users) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda name: users.give(name, "admin"), [*people.ROLES] * 4))
    assert {one.role for one in users.all()} == {Role.ADMIN}
    assert [one.name for one in users.all()] == [*people.ROLES]


# --- the key of sessions ---------------------------------------------------------------------------------------------


def test_the_key_of_sessions_is_made_once_and_is_its_owners_alone(chosen: Settings) -> None:
    with ThreadPoolExecutor(4) as threads:
        made = set(threads.map(lambda _: signing.key(chosen), range(8)))
    assert [len(one) for one in made] == [64]
    assert stat.S_IMODE(chosen.secret_file.stat().st_mode) == 0o600
    chosen.secret_file.chmod(0o640)
    with pytest.raises(errors.StoreError, match="can be read by others"):
        signing.key(chosen)
    chosen.secret_file.chmod(0o600)
    chosen.secret_file.write_text("short")
    with pytest.raises(errors.StoreError, match="holds no key of sessions"):
        signing.key(chosen)


# --- tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_of_before_there_were_roles_is_a_stewards(chosen: Settings) -> None:
    token = tokens.add(chosen.tokens_file, "old")
    (kept,) = json.loads(chosen.tokens_file.read_text())
    chosen.tokens_file.write_text(json.dumps([{name: kept[name] for name in ("name", "sha256", "made")}]))
    assert tokens.Keeper(chosen).who(f"Bearer {token}") == Who("old", Role.STEWARD, "old")


def test_a_users_token_does_what_both_may_and_ends_with_its_user(chosen: Settings, users: Users) -> None:
    keeper = tokens.Keeper(chosen)
    whole, less = (f"Bearer {tokens.add(chosen.tokens_file, name, role, 'bob')}"
                   for name, role in (("bobs", "admin"), ("less", "contributor")))
    assert keeper.who(whole) == Who("bob", Role.STEWARD, "Bob")
    assert keeper.who(less) == Who("bob", Role.CONTRIBUTOR, "Bob")
    users.give("bob", "reader")
    assert keeper.who(whole).role == keeper.who(less).role == Role.READER
    users.remove("bob")
    with pytest.raises(errors.Unauthorized, match="of a user who was removed"):
        keeper.who(whole)


# --- commands --------------------------------------------------------------------------------------------------------


def test_the_commands_add_list_change_and_remove(tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert "no users" in run("user", "list", store=store).stderr
    made = piped("over the hills 7\n", "user", "add", "jo", "--role", "contributor", "--shown", "Jo B",
                 "--password-stdin", store=store)
    assert made.exit_code == 0, made.output
    assert run("user", "list", store=store).stdout.split()[1:] == ["contributor", "jo", "(Jo", "B)"]
    assert run("user", "role", "jo", "steward", store=store).exit_code == 0
    assert piped("and far away 7\r\n", "user", "password", "jo", "--password-stdin", store=store).exit_code == 0
    assert Users(Settings(tmp_path, str(store))).let_in("jo", "and far away 7").role == Role.STEWARD
    assert run("token", "add", "laptop", "--user", "jo", "--role", "contributor", store=store).exit_code == 0
    assert run("token", "list", store=store).stdout.endswith("laptop  (contributor, of jo)\n")
    plans = kept.Plans(store / "history.sqlite")
    for name in ("jo", "ann"):
        plans.save(name, "Lamps", "place=place:saltmere", "", {})
    assert run("user", "remove", "jo", store=store).exit_code == 0
    assert run("user", "list", store=store).stdout == ""
    assert (len(plans.listed("jo")), len(plans.listed("ann"))) == (0, 1)


def test_what_is_wrong_with_a_user_is_told_before_a_password_is_asked_for(tmp_path: Path) -> None:
    store = tmp_path / "store"
    people.settle(Settings(tmp_path, str(store)))
    run("token", "add", "robot", store=store)
    for name in ("", "a b", "a\nb", "-a", "é", "x" * 65, "a\x1b[2J", "../x"):
        assert "is not a name of a user" in sentence(run("user", "add", "--", name, store=store), 2)
    for arguments, told in (
            (("user", "add", "ann"), "There is a user `ann` already"),
            (("user", "add", "robot"), "There is a token `robot`"),
            (("user", "password", "nobody"), "There is no user `nobody`"),
            (("user", "role", "nobody", "admin"), "There is no user `nobody`"),
            (("user", "remove", "nobody"), "There is no user `nobody`"),
            (("user", "add", "jo"), "no terminal on which to ask"),
            (("token", "add", "ann"), "make the token theirs with `--user ann`"),
            (("token", "add", "x", "--user", "nobody"), "There is no user `nobody`")):
        assert told in sentence(run(*arguments, store=store), 2)
    short = piped("short\n", "user", "add", "jo", "--password-stdin", store=store)
    assert "has 5 characters" in sentence(short, 2)
    assert run("user", "role", "ann", "owner", store=store).exit_code == 2


@pytest.mark.parametrize("shown", ["a\nb", "\u202eeve", "a\x07", "x" * 101, "\u200b", " "])
def test_a_shown_name_has_nothing_in_it_that_nobody_sees(shown: str, users: Users) -> None:
    with pytest.raises(errors.BadValue, match="a name to be shown"):
        users.add("jo", "over the hills 7", shown=shown)


@pytest.mark.heavy
def test_a_password_is_asked_for_twice_and_is_not_shown(tmp_path: Path) -> None:
    store = tmp_path / "store"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "carekg", "--store", str(store), "user", "add", "jo"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as asked:
        os.close(theirs)
        said = b""
        prompts = (b"characters): ", b"confirmation: ") * 2  # what is typed before them is thrown away
        words = ("over the hills 7", "over the hill 7", "over the hills 8", "over the hills 8")
        for prompt, typed in zip(prompts, words, strict=True):
            said += until(ours, prompt)
            os.write(ours, typed.encode() + b"\n")
        said += until(ours, b"may log in")
        assert asked.wait() == 0
    os.close(ours)
    assert b"hill" not in said
    assert b"do not match" in said
    assert Users(Settings(tmp_path, str(store))).let_in("jo", "over the hills 8")


def until(terminal: int, text: bytes) -> bytes:
    """What a terminal shows up to a text."""
    said = b""
    while text not in said:
        said += os.read(terminal, 1)
    return said
