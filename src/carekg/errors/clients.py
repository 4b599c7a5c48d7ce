"""A client asks a server, or hands an answer to another library, and something is in the way."""

from __future__ import annotations

from carekg.errors.inputs import BadInput
from carekg.errors.stores import StoreError


class Unreachable(StoreError):
    """Nobody answers at the address of a server, or the answer broke off."""

    def __init__(self, address: str, why: str) -> None:
        self.address = address
        super().__init__(f"{address} cannot be reached: {why}; is the server running, and is the address right?")


class NoAnswer(StoreError):
    """A server does not answer in the time that its client gives it."""

    def __init__(self, address: str, seconds: float) -> None:
        self.address, self.seconds = address, seconds
        super().__init__(f"{address} gave no answer within {seconds:g} s; ask for less, or connect with a longer "
                         "`timeout`.")


class NotOurs(StoreError):
    """What answers at an address is not a server of carekg."""

    def __init__(self, address: str, what: str) -> None:
        self.address = address
        super().__init__(f"{address} answered with {what}, which no carekg server does: is the address right, or is "
                         "there a proxy or a login page before it?")


class MissingExtra(BadInput):
    """A library that only some need is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"This needs {package}, which is not installed; install it beside carekg with "
                         f"`pip install {package}`, or carekg with its extra `{extra}`.")
