"""The HTTP API described by OpenAPI: it says what the routes are, and the routes do what it says."""

import re
from typing import Any

import pytest
import yaml
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from carekg import query
from carekg.web.described import operations, routes, schemas

ROUTE = "innovations-by-route-and-factor"


@pytest.fixture(scope="module")
def document(client: FlaskClient) -> dict[str, Any]:
    """The description as it is served."""
    answer = client.get("/openapi.json")
    assert answer.mimetype == "application/json"
    assert answer.json
    return dict(answer.json)


def rules(client: FlaskClient) -> set[tuple[str, str]]:
    """Method and path of every route of the application, variables in braces; a question's name is one."""
    return {(method, re.sub(r"<(?:\w+:)?_*(\w+)>", r"{\1}", rule.rule))
            for rule in client.application.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def described(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the description by method and path."""
    return {(method.upper(), path): operation for path, item in document["paths"].items()
            for method, operation in item.items()}


def parameters(document: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """The parameters of a question's path by name, those that are referred to looked up."""
    given = document["paths"][f"/queries/{name}"]["get"]["parameters"]
    found = [document["components"]["parameters"][one["$ref"].rpartition("/")[2]] if "$ref" in one else one
             for one in given]
    return {one["name"]: one for one in found}


def test_it_is_valid_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_in_it_and_nothing_else(
    document: dict[str, Any], client: FlaskClient, asker: query.Asker
) -> None:
    forms = {("GET", "/new"), *((method, path) for method in ("GET", "POST") for path in ("/edit", "/new/{name}"))}
    expected = rules(client) - forms
    expected = expected - {("GET", "/queries/{name}")} | {("GET", f"/queries/{name}") for name in asker.queries}
    assert set(described(document)) == expected


def test_what_is_known_of_routes_is_of_routes_that_there_are(client: FlaskClient) -> None:
    known = {f"{method} {rule.endpoint}" for rule in client.application.url_map.iter_rules()
             for method in rule.methods or set()}
    assert set(routes.KNOWN) - known == set()


def test_every_operation_says_what_it_gives_and_which_problems_it_may_have(document: dict[str, Any]) -> None:
    for where, operation in described(document).items():
        assert operation["summary"], where
        assert {"413", "429"} <= set(operation["responses"]), where
        assert set(operation["tags"]) <= set(operations.TAGS), where
        assert any(status[0] in "23" for status in operation["responses"]), where


def test_each_variable_of_a_path_is_declared(document: dict[str, Any]) -> None:
    for (method, path), operation in described(document).items():
        declared = {one["name"] for one in operation["parameters"] if one.get("in") == "path"}
        assert declared == set(re.findall(r"{(\w+)}", path)), (method, path)


def test_it_names_this_server(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": "http://localhost"}]


@pytest.mark.parametrize(("path", "address"), [
    ("/id/{key}", "/id/innovation/iris.ttl"), ("/concept/{key}", "/concept/factor/partnerships.ttl"), ("/def", "/def"),
    ("/catalogue", "/catalogue"), ("/shapes", "/shapes"), ("/graph/{key}", "/graph/catalogue"),
    ("/store", "/store?graph=https://w3id.org/carekg/graph/catalogue"), ("/dumps", "/dumps")])
def test_what_conditions_lead_to_is_in_it(
    path: str, address: str, document: dict[str, Any], client: FlaskClient
) -> None:
    responses = document["paths"][path]["get"]["responses"]
    tag = client.get(address).headers["ETag"]
    for condition, status in ({"If-None-Match": tag}, 304), ({"If-Match": '"another"'}, 412), ({}, 200):
        assert client.get(address, headers=condition).status_code == status
        assert str(status) in responses
    assert "ETag" in responses["200"]["headers"]


def test_a_change_of_a_graph_takes_the_tag_that_was_given(document: dict[str, Any]) -> None:
    for path in ("/store", "/store/{name}"):
        for operation in document["paths"][path].values():
            assert {"If-Match", "If-None-Match"} <= {one["name"] for one in operation["parameters"]}


# --- the questions ---------------------------------------------------------------------------------------------


def test_a_question_has_its_path_with_the_parameters_of_its_file(
    document: dict[str, Any], asker: query.Asker
) -> None:
    for one in asker.queries.values():
        assert document["paths"][f"/queries/{one.name}"]["get"]["summary"] == one.summary
        assert set(parameters(document, one.name)) == {p.name for p in one.parameters} | {"format"}


def test_a_parameter_with_few_choices_lists_each_by_a_name_that_stands_for_it(
    document: dict[str, Any], asker: query.Asker
) -> None:
    listed = 0
    for one in asker.queries.values():
        for parameter in one.parameters:
            choices = {choice.iri for choice in asker.choices(parameter)}
            schema = parameters(document, one.name)[parameter.name]["schema"]
            names = schema.get("items", schema).get("enum")
            if 0 < len(choices) <= schemas.FEW:
                assert {asker.term(parameter, name).value for name in names if name} == choices
                listed += 1
            else:
                assert names is None
    assert listed > 10


def test_a_default_stands_where_leaving_a_parameter_out_means_the_same(
    document: dict[str, Any], client: FlaskClient
) -> None:
    found = parameters(document, ROUTE)
    assert found["route"]["schema"]["default"] == "licensing-and-affiliation"
    assert "default" not in found["strength"]["schema"], "its default is taken only by a question without arguments"
    left_out = client.get(f"/queries/{ROUTE}?factor=partnerships")
    assert left_out.data == client.get(f"/queries/{ROUTE}?factor=partnerships&route=licensing-and-affiliation").data
    assert left_out.data != client.get(f"/queries/{ROUTE}?factor=partnerships&route=partnerships").data


def test_an_empty_value_leaves_an_optional_parameter_open(document: dict[str, Any], client: FlaskClient) -> None:
    assert "" in parameters(document, ROUTE)["strength"]["schema"]["enum"]
    assert "" not in parameters(document, ROUTE)["route"]["schema"].get("enum", [])
    open_, strong = (client.get(f"/queries/{ROUTE}?strength={value}").json for value in ("", "strong"))
    assert open_ and strong
    assert len(open_["results"]["bindings"]) > len(strong["results"]["bindings"])


def test_a_parameter_that_may_be_repeated_is_an_array(document: dict[str, Any], asker: query.Asker) -> None:
    for one in asker.queries.values():
        for parameter in one.parameters:
            described = parameters(document, one.name)[parameter.name]
            assert (described["schema"].get("type") == "array") is parameter.repeatable
            assert described.get("explode", False) is parameter.repeatable
            assert described["required"] is (parameter.default is None and not parameter.optional)


@pytest.mark.parametrize("type_", schemas.LITERALS)
def test_a_literal_that_the_schema_refuses_is_refused_by_the_question_too(type_: str, asker: query.Asker) -> None:
    from jsonschema import Draft202012Validator

    parameter = query.Parameter("value", "value", type_)
    schema = Draft202012Validator(schemas.value(asker, parameter))
    values: dict[str, tuple[Any, Any]] = {
        "text": ("a text", "x" * 1001), "integer": (20, 10**18), "decimal": ("0.5", "1e3"), "year": ("2017", "17"),
        "date": ("2017-12-05", "5.12.2017")}
    right, wrong = values[type_]
    assert schema.is_valid(right)
    assert asker.term(parameter, str(right))
    assert not schema.is_valid(wrong)
    with pytest.raises(query.ask.errors.BadValue):
        asker.term(parameter, str(wrong))


def test_each_answer_comes_in_a_media_type_that_is_listed_for_it(document: dict[str, Any], client: FlaskClient) -> None:
    listed = document["paths"][f"/queries/{ROUTE}"]["get"]["responses"]["200"]["content"]
    for media in listed:
        assert client.get(f"/queries/{ROUTE}", headers={"Accept": media}).mimetype == media
    assert len(listed) >= 5


def test_a_value_that_is_not_listed_is_a_problem_that_is(document: dict[str, Any], client: FlaskClient) -> None:
    answer = client.get(f"/queries/{ROUTE}?strength=enormous")
    operation = document["paths"][f"/queries/{ROUTE}"]["get"]
    assert str(answer.status_code) in operation["responses"]
    problem = document["components"]["responses"][f"Error{answer.status_code}"]
    assert answer.mimetype in problem["content"]


# --- how it is sent --------------------------------------------------------------------------------------------


def test_the_yaml_says_the_same(document: dict[str, Any], client: FlaskClient) -> None:
    answer = client.get("/openapi.yaml")
    assert answer.mimetype == "application/yaml"
    assert yaml.safe_load(answer.data) == document


@pytest.mark.parametrize("address", ["/openapi.json", "/openapi.yaml"])
def test_it_is_not_sent_again_to_whoever_has_it(address: str, client: FlaskClient) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
