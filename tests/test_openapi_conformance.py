"""Requests made up by schemathesis from the description of the HTTP API: the server keeps to what it says of itself."""

import contextlib
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as promised

from carekg import patch
from carekg.web import formats
from servers import Server

pytestmark = pytest.mark.heavy

KEPT = [
    checks.not_a_server_error,
    promised.status_code_conformance,
    promised.content_type_conformance,
    promised.response_headers_conformance,
    promised.response_schema_conformance,
]
"""What has to be so. That what fits the schema is accepted is not among it: no schema tells a SPARQL text."""

BRIEFLY: dict[str, Any] = {"derandomize": True, "deadline": None, "database": None,
                           "phases": [hypothesis.Phase.generate],
                           "suppress_health_check": list(hypothesis.HealthCheck)}


@schemathesis.serializer(*(media for one in formats.GRAPHS for media in one.media[:1]), patch.MEDIA)
def as_text(_: Any, value: Any) -> bytes:
    """A document in a format of RDF that was made up: any text."""
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def described(server: Server) -> Any:
    """The description that the real server gives of itself, to make up values for."""
    return schemathesis.openapi.from_url(f"{server.base}/openapi.json")


def test_each_operation_answers_as_it_is_described(described: Any) -> None:
    assert broken(described, lambda operation: not prepared(operation), 6) == []


def test_each_prepared_query_answers_as_it_is_described(described: Any) -> None:
    assert broken(described, prepared, 6) == []


@pytest.mark.parametrize("mode", [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE])
def test_each_operation_answers_as_it_is_described_to_many(described: Any, mode: schemathesis.GenerationMode) -> None:
    assert broken(described, lambda operation: not prepared(operation), 40, mode) == []


def prepared(operation: Any) -> bool:
    """Whether an operation answers one prepared query."""
    return bool(operation.path.startswith("/queries/"))


def broken(described: Any, chosen: Callable[[Any], bool], requests: int,
           mode: schemathesis.GenerationMode | None = None) -> list[str]:
    """What the server did that it does not tell, asked so many times for each operation that is chosen."""
    operations = [found.ok() for found in described.get_all_operations()]
    wanted = [operation for operation in operations if chosen(operation)]
    assert wanted
    return [said for operation in wanted
            for one in ([mode] if mode else list(schemathesis.GenerationMode))
            for said in asked(operation, requests, one)]


def asked(operation: Any, requests: int, mode: schemathesis.GenerationMode) -> list[str]:
    """What was wrong with the answers of one operation, each thing once."""
    wrong: dict[str, str] = {}

    @hypothesis.settings(max_examples=requests, **BRIEFLY)
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def one(case: schemathesis.Case) -> None:
        try:
            case.call_and_validate(checks=KEPT)
        except FailureGroup as found:
            for failure in found.exceptions:
                said = f"{operation.method.upper()} {operation.path}: {' '.join(str(failure).split())[:300]}"
                wrong.setdefault(said, case.as_curl_command()[:300])

    with contextlib.suppress(hypothesis.errors.Unsatisfiable):  # what takes nothing cannot be asked wrongly
        one()
    return [f"{said} ({command})" for said, command in wrong.items()]
