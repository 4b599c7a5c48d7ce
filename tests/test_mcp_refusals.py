"""What an assistant does wrong is told in a sentence, and what would harm does none."""

from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from assistants import DEADLINE, Assistant
from hearing import Ear
from listening import PATIENCE

ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("find_terms", {}, "`text`: field required"),
        ("find_terms", {"text": ""}, "`text`: "),
        ("find_terms", {"text": "x" * 501}, "at most 500 characters"),
        ("find_terms", {"text": "iris", "kinds": ["inovation"]}, "`inovation` is not a class or a scheme"),
        ("find_terms", {"text": "iris", "limit": 1000}, "`limit`: input should be less than or equal to 50"),
        ("describe", {"thing": "innovation:irisss"}, "Nothing is known of innovation:irisss; did you mean"),
        ("describe", {"thing": "a thing of no name at all"}, "Nothing is known of “a thing of no name at all”"),
        ("describe", {"thing": "<http://example.org/ a>"}, "is not an IRI"),
        ("describe", {"thing": "http://example.org/x> } INSERT"}, "is not an IRI"),
        ("describe", {"thing": "http://example.org/elsewhere"}, "Nothing is known of http://example.org/elsewhere."),
        ("describe", {"thing": "innovation:iris", "start": -1}, "`start`: "),
        ("describe", {"thing": ["innovation:iris"]}, "`thing`: input should be a valid string"),
        ("list_questions", {"choices": "perhaps"}, "`choices`: "),
        ("ask_question", {"question": "innovations-by-rute"}, "did you mean innovations-by-route"),
        ("ask_question", {"question": "../../etc/passwd"}, "There is no prepared query `../../etc/passwd`"),
        ("ask_question", {"question": "pilots", "arguments": {"zone": "x"}}, "`zone` is not a parameter of pilots"),
        ("ask_question", {"question": "innovations-by-route", "arguments": {"route": "licencing"}},
         "`licencing` is not a scaling route; did you mean licensing and affiliation?"),
        ("ask_question",
         {"question": "not-stated", "arguments": {"innovation": ["iris", "shared lives"]}},
         "it takes a single one"),
        ("ask_question", {"question": "innovations-by-route", "route": "partnerships"},
         "`route` is not an argument of ask_question; it takes question, arguments, start, limit."),
        ("ask_question", {"question": "innovations-by-route", "arguments": {"route": {"a": 1}}}, "`arguments.route"),
        ("run_sparql", {"query": "SELECT ?x WHERE { ?x a care:Innovation }"}, "the prefix `care:` is not declared"),
        ("run_sparql", {"query": "SELECT ?x WHERE { ?x ?y"}, "The query does not parse at line 1, column"),
        ("run_sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "Nothing is written here"),
        ("run_sparql", {"query": "CLEAR ALL"}, "Nothing is written here"),
        ("passages_of", {"thing": "innovation:irisss"}, "Nothing is known of innovation:irisss"),
        ("vocabulary", {"about": "qqqxxzz"}, "in the vocabulary"),
        ("drop_everything", {}, "There is no tool `drop_everything`; there are find_terms"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    tool: str, arguments: dict[str, Any], sentence: str, assistant: Assistant
) -> None:
    told = assistant.refused(tool, **arguments)
    assert sentence in told
    assert told.endswith((".", "?"))
    assert len(told) < 400
    assert "pydantic" not in told


@pytest.mark.parametrize(("name", "sentence"), [
    ("no-such-prompt", "Unknown prompt: no-such-prompt."),
    ("answer_with_receipts", "Missing required arguments: {'question'}."),
])
def test_a_prompt_that_cannot_be_given_is_a_fault_of_the_request(
    name: str, sentence: str, assistant: Assistant
) -> None:
    with pytest.raises(MCPError) as refused:
        assistant.portal.call(assistant.client.get_prompt, name)
    assert (refused.value.code, refused.value.message) == (INVALID_PARAMS, sentence)


def test_a_resource_that_is_not_there_is_a_fault_of_the_request(assistant: Assistant) -> None:
    for address in ("carekg://nothing", "carekg://questions/no-such-question"):
        with pytest.raises(MCPError) as refused:
            assistant.portal.call(assistant.client.read_resource, address)
        assert refused.value.code == INVALID_PARAMS


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT * WHERE { SERVICE <ADDRESS> { ?s ?p ?o } }", "SERVICE is refused"),
        ("SELECT * WHERE { SERVICE SILENT <ADDRESS> { ?s ?p ?o } }", "SERVICE is refused"),
        ("LOAD <ADDRESS>", "Nothing is written here"),
        (ENDLESS, f"stopped at its deadline of {DEADLINE} s"),
        ("SELECT * WHERE { " + " UNION ".join(["{ ?s ?p ?o }"] * 20_000) + " }", ""),
        ("SELECT * WHERE { FILTER(" + " && ".join(["true"] * 30_000) + ") }", ""),
        ("SELECT * WHERE { " + "{" * 50_000 + "}" * 50_000 + " }", ""),
        ("SELECT * WHERE { ?s ?p '" + "x" * 1_200_000 + "' }", "characters"),
    ],
    ids=["service", "silent service", "load", "endless", "unions", "conjunctions", "nested", "huge"],
)
def test_hostile_sparql_gets_a_sentence_and_the_server_lives_on(
    query: str, sentence: str, assistant: Assistant, ear: Ear
) -> None:
    told = assistant.refused("run_sparql", query=query.replace("ADDRESS", ear.address))
    assert sentence in told
    assert told.endswith(".")
    assert len(told) < 400
    assert ear.heard() == 0
    assert assistant.call("run_sparql", query="ASK { ?s ?p ?o }") == {"truth": True}


def test_a_file_is_not_read_by_naming_it(assistant: Assistant) -> None:
    found = assistant.call("run_sparql", query="SELECT * FROM <file:///etc/passwd> WHERE { ?s ?p ?o }")
    assert found["rows"] == []


@pytest.mark.heavy
def test_others_are_answered_while_an_endless_query_runs(assistant: Assistant) -> None:
    endless = assistant.portal.start_task_soon(assistant.client.call_tool, "run_sparql", {"query": ENDLESS})
    for _ in range(3):
        assert assistant.call("run_sparql", query="ASK { ?s ?p ?o }") == {"truth": True}
    assert not endless.done()
    assert endless.result(PATIENCE).is_error
