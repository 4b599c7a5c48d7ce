"""People with accounts, as tests need them: a file of users of each role, and a browser in which one is logged in."""

import json
import re
from pathlib import Path
from typing import Any

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from carekg.accounts import passwords
from carekg.settings import Settings
from pages import BROWSER

PASSWORD = "four words do well"
ROLES = {"ron": "reader", "ann": "contributor", "cem": "contributor", "bob": "steward", "zoe": "steward",
         "eve": "admin"}
QUICK = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASHED = QUICK.hash(PASSWORD)
"""The hash of everybody's password, made in no time."""


def settle(settings: Settings) -> None:
    """Write the file of users: everybody in `ROLES`, shown with a capital."""
    kept = [{"name": name, "shown": name.title(), "role": role, "password": HASHED, "stamp": f"stamp of {name}",
             "made": "2026-01-01"} for name, role in ROLES.items()]
    settings.users_file.write_text(json.dumps(kept), encoding="utf-8")
    settings.users_file.chmod(0o600)


def hasten(patch: pytest.MonkeyPatch) -> None:
    """Have passwords hashed in no time, where a test is not about what that costs."""
    patch.setattr(passwords, "HASHER", QUICK)
    patch.setattr(passwords, "NOBODYS", HASHED)


class Browser:
    """A browser, with its cookies; ``sent`` is the hidden field of the forms that it was given."""

    def __init__(self, app: Flask, name: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self.sent: dict[str, str] = {}
        if name:
            with self.client.session_transaction() as session:
                session.update(user=name, stamp=f"stamp of {name}", csrf_token=f"forms of {name}")
            self.sent = field(self.get("/account"))

    def get(self, address: str, **headers: str) -> TestResponse:
        """What comes of opening an address."""
        return self.client.get(address, headers={**BROWSER, **headers})

    def post(self, address: str, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        """What comes of sending a form that a page had."""
        return self.client.post(address, data={**self.sent, **fields}, headers=BROWSER if headers is None else headers)

    def log_in(self, name: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Log in as a person does."""
        return self.client.post("/login", data={**field(self.get("/login")), "name": name, "password": password,
                                                **fields}, headers=BROWSER)


def field(page: TestResponse) -> dict[str, str]:
    """The hidden field of a page's forms."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return {"csrf_token": found[1]}


def beside(place: Path) -> Settings:
    """The settings of a server with the store in a folder, and its users beside it."""
    settings = Settings(place, str(place / "store"), rate="off")
    settle(settings)
    return settings
