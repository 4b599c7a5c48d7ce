"""A client of reconciliation services that behaves as OpenRefine does, and the shapes that the API's JSON has.

OpenRefine reads the manifest, sends forms of ten queries, keeps what is called a match, and then fetches columns for
the identifiers that it kept. The shapes are those of clauses 3 to 7 of the Reconciliation Service API 0.2.
"""

import dataclasses
import itertools
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any

BATCH = 10
"""Queries that OpenRefine sends at once."""

DATE = re.compile(r"-?\d{4,}-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12]\d)"
                  r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


@dataclasses.dataclass
class Client:
    """A client of the service at an address."""

    address: str

    def manifest(self) -> dict[str, Any]:
        return self._read(self.address)

    def reconcile(self, texts: Iterable[str], type_: str = "",
                  properties: Mapping[str, str] | None = None) -> dict[str, list[dict[str, Any]]]:
        """The candidates of each text; properties are said of all."""
        found: dict[str, list[dict[str, Any]]] = {}
        waiting = iter(texts)
        while batch := list(itertools.islice(waiting, BATCH)):
            queries = {f"q{n}": self._query(text, type_, properties or {}) for n, text in enumerate(batch)}
            answer = self._read(self.address, queries=json.dumps(queries))
            check_results(answer, queries)
            found |= {text: answer[f"q{n}"]["result"] for n, text in enumerate(batch)}
        return found

    def extend(self, ids: Iterable[str], properties: Iterable[str]) -> dict[str, Any]:
        wanted = {"ids": list(ids), "properties": [{"id": one} for one in properties]}
        answer = self._read(self.address, extend=json.dumps(wanted))
        check_extension(answer, wanted)
        return answer

    def suggest(self, what: str, prefix: str, **more: str) -> list[dict[str, Any]]:
        service = self.manifest()["suggest"][what]
        query = urllib.parse.urlencode({"prefix": prefix, **more})
        answer = self._read(f"{service['service_url']}{service['service_path']}?{query}")
        check_suggestions(answer)
        found: list[dict[str, Any]] = answer["result"]
        return found

    def propose(self, type_: str) -> list[str]:
        service = self.manifest()["extend"]["propose_properties"]
        query = urllib.parse.urlencode({"type": type_})
        answer = self._read(f"{service['service_url']}{service['service_path']}?{query}")
        assert answer["type"] == type_
        return [one["id"] for one in answer["properties"]]

    def _query(self, text: str, type_: str, properties: Mapping[str, str]) -> dict[str, Any]:
        said: dict[str, Any] = {"query": text, "limit": 5}
        if type_:
            said |= {"type": type_, "type_strict": "should"}
        if properties:
            said["properties"] = [{"pid": pid, "v": value} for pid, value in properties.items()]
        return said

    def _read(self, address: str, **form: str) -> Any:
        data = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.urlopen(urllib.request.Request(address, data), timeout=30) as answer:
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers.get_content_type() == "application/json"
            return json.load(answer)


def check_manifest(manifest: Mapping[str, Any]) -> None:
    """Clause 3.1, with the templates of clauses 2.1 and 5.1."""
    assert "0.2" in manifest["versions"]
    for name in ("name", "identifierSpace", "schemaSpace", "documentation", "serviceVersion"):
        assert isinstance(manifest[name], str), name
    for name in ("view", "feature_view", "preview"):
        assert "{{id}}" in manifest[name]["url"], name
    assert all(isinstance(manifest["preview"][side], int) for side in ("width", "height"))
    assert isinstance(manifest["batchSize"], int) and manifest["batchSize"] >= BATCH
    for type_ in manifest["defaultTypes"]:
        assert type_["id"] and type_["name"]
    for what in ("entity", "type", "property"):
        assert set(manifest["suggest"][what]) == {"service_url", "service_path"}
    for setting in manifest["extend"]["property_settings"]:
        assert setting["type"] in ("number", "text", "checkbox", "select") and setting["label"] and setting["name"]


def check_results(answer: Mapping[str, Any], queries: Iterable[str]) -> None:
    """Clause 4.2: a result for each query, candidates by falling score, features with numbers or booleans."""
    assert set(answer) == set(queries)
    for result in answer.values():
        scores = [one["score"] for one in result["result"]]
        assert scores == sorted(scores, reverse=True)
        assert sum(one["match"] for one in result["result"]) <= 1
        for one in result["result"]:
            assert one["id"] and one["name"] and isinstance(one["description"], str)
            assert isinstance(one["score"], int | float) and isinstance(one["match"], bool)
            assert all(set(type_) == {"id", "name"} for type_ in one["type"])
            assert all(isinstance(feature["value"], bool | int | float) for feature in one["features"])
            names = [feature["id"] for feature in one["features"]]
            assert len(names) == len(set(names))


def check_extension(answer: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Clause 7.4: a row for each identifier, a cell for each property, values of one kind each."""
    columns = [one["id"] for one in wanted["properties"]]
    assert [one["id"] for one in answer["meta"]] == columns
    assert all(one["name"] for one in answer["meta"])
    assert set(answer["rows"]) == set(wanted["ids"])
    for row in answer["rows"].values():
        assert set(row) == set(columns)
        for value in itertools.chain.from_iterable(row.values()):
            check_value(value)


def check_value(value: Mapping[str, Any]) -> None:
    kinds = {"str": str, "float": float, "int": int, "date": str}
    if "id" in value:
        assert set(value) <= {"id", "name", "description"} and value["name"]
        return
    [(kind, worth)] = value.items()
    assert type(worth) is kinds[kind]
    assert kind != "date" or DATE.fullmatch(worth)


def check_suggestions(answer: Mapping[str, Any]) -> None:
    """Clause 6.3."""
    for one in answer["result"]:
        assert one["id"] and one["name"] and isinstance(one.get("description", ""), str)
        assert all(set(type_) == {"id", "name"} for type_ in one.get("notable", []))
