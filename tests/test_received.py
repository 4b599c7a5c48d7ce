"""The body of a request comes whole, unpacked and in time, or the request is refused in a sentence."""

import gzip
import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from carekg import query, web
from carekg.accounts import tokens
from carekg.settings import Settings
from carekg.web.guard import limits, received

MB = 2**20
Send = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def app(asker: query.Asker, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application that gives back what it was sent: a megabyte, or three with a token."""
    folder = tmp_path_factory.mktemp("received")
    chosen = Settings(folder, "unused", rate="off", body_mb=1, upload_mb=3, tokens=folder / "tokens.json")
    made = web.create_app(asker, chosen)
    made.add_url_rule("/back", view_func=lambda: request.get_data(), methods=["POST", "PUT"])
    return made


@pytest.fixture(scope="session")
def token(app: Flask) -> str:
    """The token of one who may write."""
    return tokens.add(app.extensions["carekg"].settings.tokens_file, "jo")


@pytest.fixture
def send(app: Flask) -> Send:
    """Sends a body, as a server over a network would hand it on: with an end, whether it is whole or not."""
    def sent(body: bytes, *, method: str = "POST", length: int | None = -1, media: str = "text/plain",
             **more: Any) -> TestResponse:
        environ: dict[str, Any] = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_TYPE": media}
        if length is None:
            environ["HTTP_TRANSFER_ENCODING"] = "chunked"
        else:
            environ["CONTENT_LENGTH"] = str(len(body) if length == -1 else length)
        return app.test_client().open("/back", method=method, environ_overrides=environ, **more)
    return sent


def refused(answer: TestResponse, status: int, sentence: str) -> None:
    assert (answer.status_code, answer.text) == (status, sentence + "\n")


@given(body=st.binary(min_size=1, max_size=100_000),
       coding=st.sampled_from(["", "gzip", "x-gzip", "deflate", "identity"]))
@examples(max_examples=60, deadline=None)
def test_a_body_comes_as_it_was_sent_packed_or_plain(body: bytes, coding: str, app: Flask) -> None:
    packed = gzip.compress(body) if "gzip" in coding else zlib.compress(body) if coding == "deflate" else body
    answer = app.test_client().post("/back", data=packed, headers={"Content-Encoding": coding} if coding else {})
    assert answer.data == body


def test_a_body_in_chunks_comes_as_it_was_sent(send: Send) -> None:
    assert send(b"x" * 500_000, length=None).data == b"x" * 500_000


# --- too large --------------------------------------------------------------------------------------------------------

TOO_LARGE = "The request is larger than {} MB, packed or unpacked, the most that is read."


@pytest.mark.parametrize("size", [MB, MB + 1])
@pytest.mark.parametrize("length", [-1, None])
def test_a_body_may_have_a_megabyte_and_no_byte_more(size: int, length: int | None, send: Send) -> None:
    answer = send(b"x" * size, length=length)
    if size == MB:
        assert len(answer.data) == MB
    else:
        assert answer.status_code == 413
        assert "the most that is read." in answer.text


def test_a_body_that_announces_too_much_is_not_read(send: Send) -> None:
    refused(send(b"", length=10**15), 413, TOO_LARGE.format(1))


def test_with_a_token_a_body_may_be_larger(token: str, send: Send) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    assert len(send(b"x" * 3 * MB, headers=headers).data) == 3 * MB
    refused(send(b"x" * (3 * MB + 1), headers=headers), 413, TOO_LARGE.format(3))
    refused(send(b"x" * 3 * MB, headers={"Authorization": "Bearer made-up"}), 413, TOO_LARGE.format(1))


@pytest.mark.heavy
@pytest.mark.parametrize("size", [2 * MB, 300 * MB])
def test_a_small_body_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked(size: int, send: Send) -> None:
    bomb = gzip.compress(b" " * size, 9)
    assert len(bomb) < size / 500
    began = time.process_time()
    refused(send(bomb, headers={"Content-Encoding": "gzip"}), 413, TOO_LARGE.format(1))
    assert time.process_time() - began < 0.5


def test_a_body_packed_twice_is_not_unpacked_twice(send: Send) -> None:
    twice = gzip.compress(gzip.compress(b"x"))
    assert send(twice, headers={"Content-Encoding": "gzip"}).data == gzip.decompress(twice)
    assert send(twice, headers={"Content-Encoding": "gzip, gzip"}).status_code == 415


# --- not what it says -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br", "x" * 5000, "\xff"])
def test_another_packing_is_refused_with_those_that_are_known(coding: str, send: Send) -> None:
    answer = send(b"abc", headers={"Content-Encoding": coding})
    assert answer.status_code == 415
    assert answer.text.endswith("; send it plain, or packed with gzip or deflate.\n")
    assert answer.headers["Accept-Encoding"] == "gzip, x-gzip, deflate"
    assert len(answer.text) < 200


@given(body=st.binary(min_size=1, max_size=200))
def test_what_is_not_packed_as_it_says_is_refused(body: bytes, app: Flask) -> None:
    answer = app.test_client().post("/back", data=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400
    assert answer.text.startswith(("The body is not packed as", "The packed body is not whole", "Something follows"))


@pytest.mark.parametrize("change", [
    lambda packed: packed[:-1], lambda packed: packed[:12], lambda packed: packed + b"x", lambda packed: packed * 2,
    lambda packed: packed + b"x" * 100_000])
def test_a_packed_body_that_is_not_whole_or_goes_on_is_refused(change: Callable[[bytes], bytes], send: Send) -> None:
    answer = send(change(gzip.compress(b"a question " * 1000)), headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400


def test_a_body_that_breaks_off_is_refused_and_not_taken_for_whole(send: Send) -> None:
    refused(send(b"x" * 600, length=1000), 400, "The body broke off: 600 of the 1,000 bytes came that were announced.")


@pytest.mark.parametrize(("method", "headers"), [("PUT", {}), ("POST", {"Authorization": "Bearer x"})])
def test_nothing_is_written_from_a_body_of_unknown_length(method: str, headers: dict[str, str], send: Send) -> None:
    answer = send(b"x", method=method, length=None, headers=headers)
    refused(answer, 411, "A request that writes needs a Content-Length: a body in chunks that breaks off cannot be "
                         "told from a whole one.")


@pytest.mark.parametrize("length", ["-1", "x", "1e3", ""])
def test_a_length_that_is_none_is_no_body(length: str, app: Flask) -> None:
    environ = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(b"x")}
    answer = app.test_client().post("/back", environ_overrides=environ)
    assert answer.status_code in (200, 400)
    assert answer.data != b"x"


# --- fields, time and room --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fields", "status"), [(limits.FIELDS, 200), (limits.FIELDS + 1, 400)])
def test_a_form_has_only_so_many_fields(fields: int, status: int, send: Send) -> None:
    form = "&".join(f"f{n}=1" for n in range(fields)).encode()
    answer = send(form, media="application/x-www-form-urlencoded")
    assert answer.status_code == status
    assert status == 200 or answer.text == "The form has more than 1,000 fields, the most that are read.\n"


class Slow(io.BytesIO):
    """A body of which each piece takes ten seconds on the clock that is looked at."""

    now = 0.0

    def readinto(self, buffer: Any) -> int:
        type(self).now += 10
        return super().readinto(buffer)


def test_a_body_that_takes_too_long_is_given_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received.time, "monotonic", lambda: Slow.now)
    environ = {"wsgi.input": Slow(b"x" * 500_000), "wsgi.input_terminated": True, "CONTENT_LENGTH": "500000"}
    answer = app.test_client().post("/back", environ_overrides=environ)
    refused(answer, 408, "The body of the request was not here within 60 s; send it faster, or less of it.")
    assert answer.headers["Connection"] == "close"


def test_where_as_many_bodies_come_as_can_another_is_told_to_wait(app: Flask, send: Send) -> None:
    places: limits.Places = app.extensions[received.KEY]
    for _ in range(places.each):
        assert places.enter("127.0.0.1")
    try:
        refused(send(b"x"), 503, "As many requests are being received as can be; ask again in a moment.")
        assert app.test_client().get("/health").status_code == 200
    finally:
        for _ in range(places.each):
            places.leave("127.0.0.1")
    assert send(b"x").data == b"x"


def test_a_body_for_nothing_is_not_read(app: Flask) -> None:
    class Untouched(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            raise AssertionError("it was read")

        read = readinto  # type: ignore[assignment]

    environ = {"wsgi.input": Untouched(), "CONTENT_LENGTH": "1000", "wsgi.input_terminated": True}
    assert app.test_client().post("/nope", environ_overrides=environ).status_code == 404
    assert app.test_client().put("/queries", environ_overrides=environ).status_code == 405
    assert app.test_client().get("/health/live", environ_overrides=environ).status_code == 200


def test_large_bodies_go_to_disk_and_their_files_go_away(
    token: str, send: Send, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(received, "IN_ROOM", 1000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert len(send(b"x" * MB, headers={"Authorization": f"Bearer {token}"}).data) == MB
    assert list(tmp_path.iterdir()) == []
