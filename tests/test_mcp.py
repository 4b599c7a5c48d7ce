"""The graph for assistants: the official client over stdin and stdout and over HTTP, against real processes."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import anyio.from_thread
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

import small
from carekg import assistant as ours
from carekg import store
from carekg.answers import MOST, tables
from carekg.assistant import texts
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES, expand
from conftest import PATIENCE, Ear, free_port

DEADLINE = 3
TOOLS = ("find_terms", "describe", "list_questions", "ask_question", "run_sparql", "passages_of", "vocabulary")
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CARE = f"PREFIX care: <{PREFIXES['care']}> PREFIX rdfs: <{PREFIXES['rdfs']}> "


class Assistant:
    """A client of the server, used from a test as if it were not asynchronous."""

    def __init__(self, portal: anyio.from_thread.BlockingPortal, client: Client) -> None:
        self.portal, self.client = portal, client

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a tool gives; its text is the same, and it is no error."""
        result = self.result(tool, arguments)
        text = result.content[0].text
        assert not result.is_error, text
        assert result.structured_content == json.loads(text)
        return result.structured_content

    def refused(self, tool: str, **arguments: Any) -> str:
        """The sentence with which a tool refuses."""
        result = self.result(tool, arguments)
        assert result.is_error, result.structured_content
        assert "Traceback" not in result.content[0].text
        return result.content[0].text

    def result(self, tool: str, arguments: dict[str, Any]) -> Any:
        """What comes back from a tool."""
        return self.portal.call(self.client.call_tool, tool, arguments)

    def do(self, name: str, *arguments: Any) -> Any:
        """What another method of the client gives."""
        return self.portal.call(getattr(self.client, name), *arguments)


def command(place: pathlib.Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "carekg", "--store", str(place), "mcp", *arguments]


def environment() -> dict[str, str]:
    return {**os.environ, "CAREKG_DEADLINE": str(DEADLINE)}


@pytest.fixture(scope="module")
def portal() -> Iterator[anyio.from_thread.BlockingPortal]:
    with anyio.from_thread.start_blocking_portal() as one:
        yield one


@pytest.fixture(scope="module")
def address(shipped_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `carekg mcp --http` listens."""
    port = free_port()
    log = tmp_path_factory.mktemp("mcp") / "stderr.txt"
    with log.open("wb") as stderr, subprocess.Popen(
            command(shipped_store.path, "--http", "--port", str(port)), stderr=stderr, stdout=subprocess.DEVNULL,
            env=environment()) as process:
        try:
            wait_for(port, process, log)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_for(port: int, process: subprocess.Popen[bytes], log: pathlib.Path) -> None:
    """Return once the server answers."""
    with anyio.from_thread.start_blocking_portal() as portal:
        for _ in range(int(PATIENCE * 10)):
            with contextlib.suppress(OSError):
                return portal.call(connect, port)
            if process.poll() is not None:
                break
            portal.call(anyio.sleep, 0.1)
    pytest.fail(f"The server does not answer. It wrote:\n{log.read_text(errors='replace')}")


async def connect(port: int) -> None:
    stream = await anyio.connect_tcp("127.0.0.1", port)
    await stream.aclose()


@pytest.fixture(scope="module", params=["stdio", pytest.param("http", marks=pytest.mark.heavy)])
def assistant(
    request: pytest.FixtureRequest, portal: anyio.from_thread.BlockingPortal, shipped_store: EmbeddedStore,
) -> Iterator[Assistant]:
    """An assistant's client, over stdin and stdout and over HTTP."""
    if request.param == "http":
        transport: Any = request.getfixturevalue("address")
    else:
        first, *others = command(shipped_store.path)
        transport = StdioServerParameters(command=first, args=others, env=environment())
    with portal.wrap_async_context_manager(Client(transport)) as client:
        yield Assistant(portal, client)


def rows(graph: EmbeddedStore, text: str) -> list[dict[str, str]]:
    return store.rows(graph, CARE + text)


def held(graph: EmbeddedStore, item: str, receipt: dict[str, Any]) -> bool:
    """Whether a thing rests on just the passage that a receipt shows, in the graph itself."""
    passage, source = expand(receipt["passage"]), expand(receipt["source"]["name"])
    found = rows(graph, f"""SELECT ?words ?phrase ?section ?line WHERE {{
      <{expand(item)}> care:restsOn <{passage}> . <{passage}> care:isFrom <{source}> ; care:words ?words .
      OPTIONAL {{ <{passage}> care:phrase ?phrase }} OPTIONAL {{ <{passage}> care:section ?section }}
      OPTIONAL {{ <{passage}> care:line ?line }} }}""")
    return any(
        row["words"] == receipt["words"] and ("phrase" in row) is not receipt.get("paraphrased", False)
        and all(row.get(key, "") in receipt.get("where", "") for key in ("section", "line")) for row in found)


# --- what there is ---------------------------------------------------------------------------------------------


def test_the_tools_are_typed_described_and_only_read(assistant: Assistant) -> None:
    tools = {tool.name: tool for tool in assistant.do("list_tools").tools}
    assert tuple(tools) == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
        assert all(one.get("description") for one in tool.input_schema["properties"].values())
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False


def test_an_assistant_is_told_how_every_standing_reads(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    assert assistant.client.instructions == texts.INSTRUCTIONS
    standings = rows(shipped_store, "SELECT ?label WHERE { ?one <http://www.w3.org/2004/02/skos/core#inScheme> "
                                    "<https://w3id.org/carekg/concept/standing> ; rdfs:label ?label }")
    assert len(standings) > 5
    assert [row["label"] for row in standings if row["label"] not in texts.INSTRUCTIONS] == []
    assert "not stated" in texts.INSTRUCTIONS


def test_each_tool_that_the_instructions_and_the_prompt_name_is_there() -> None:
    named = set(re.findall(r"\b(?:[a-z]+_[a-z_]+)\b", texts.INSTRUCTIONS + texts.PROMPT))
    assert named == set(TOOLS) - {"describe", "vocabulary"}


def test_the_vocabulary_and_the_questions_can_be_loaded_at_once(assistant: Assistant, shipped: pathlib.Path) -> None:
    listed = {str(one.uri) for one in assistant.do("list_resources").resources}
    assert listed == {"carekg://vocabulary", "carekg://questions"}
    words, questions = (json.loads(assistant.do("read_resource", uri).contents[0].text) for uri in sorted(
        listed, reverse=True))
    assert "care:holdsFor" in {term["name"] for term in words["terms"]}
    assert len(questions["questions"]) == len(list((shipped / "queries").glob("*.rq")))


def test_the_sparql_of_a_question_can_be_read(assistant: Assistant, shipped: pathlib.Path) -> None:
    text = assistant.do("read_resource", "carekg://questions/pilots").contents[0].text
    assert text == (shipped / "queries" / "pilots.rq").read_text(encoding="utf-8")
    with pytest.raises(MCPError, match=r"There is no prepared query `pilot`; did you mean pilots"):
        assistant.do("read_resource", "carekg://questions/pilot")


def test_the_prompt_asks_for_receipts(assistant: Assistant) -> None:
    (message,) = assistant.do("get_prompt", "answer_with_receipts", {"question": "Who paid for IRIS?"}).messages
    assert "Who paid for IRIS?" in message.content.text
    assert "receipts" in message.content.text


@pytest.mark.parametrize("way", ["stdio", pytest.param("http", marks=pytest.mark.heavy)])
def test_a_client_of_the_protocol_with_sessions_is_served_too(
    way: str, portal: anyio.from_thread.BlockingPortal, shipped_store: EmbeddedStore, request: pytest.FixtureRequest
) -> None:
    first, *others = command(shipped_store.path)
    transport: Any = (request.getfixturevalue("address") if way == "http" else stdio_client(
        StdioServerParameters(command=first, args=others, env=environment())))
    with portal.wrap_async_context_manager(Client(transport, mode="legacy")) as client:
        found = Assistant(portal, client).call("run_sparql", query="ASK { ?s ?p ?o }")
    assert found == {"truth": True}


# --- finding and describing -----------------------------------------------------------------------------------


def test_a_name_is_found_with_what_it_names(assistant: Assistant) -> None:
    best, *_ = assistant.call("find_terms", text="iris")["found"]
    assert best["name"] == "innovation:iris"
    assert best["kinds"] == ["innovation"]
    assert best["score"] >= 95
    assert best["description"]


def test_things_of_a_kind_are_found_and_a_guess_is_called_one(assistant: Assistant) -> None:
    found = assistant.call("find_terms", text="partnershps", kinds=["factor", "scaling route"])
    assert {one["name"] for one in found["found"]} >= {"factor:partnerships", "route:partnerships"}
    assert "None of these is surely" in found["note"]


def test_what_is_not_there_is_not_found_and_said(assistant: Assistant) -> None:
    found = assistant.call("find_terms", text="qqqxxzz")
    assert found["found"] == []
    assert "No name here" in found["note"]


@pytest.mark.parametrize("key", ["innovation:iris", "https://w3id.org/carekg/id/innovation/iris", "IRIS", "iris"])
def test_a_thing_is_described_by_short_name_by_iri_and_by_label(key: str, assistant: Assistant) -> None:
    found = assistant.call("describe", thing=key, limit=1)
    assert (found["iri"], found["label"]) == ("https://w3id.org/carekg/id/innovation/iris", "IRIS")


@pytest.mark.parametrize("thing", ["innovation:shared-lives", "innovation:iris", "factor:partnerships"])
def test_each_claim_has_its_standing_and_receipts_that_are_in_the_graph(
    thing: str, assistant: Assistant, shipped_store: EmbeddedStore
) -> None:
    claims = assistant.call("describe", thing=thing, limit=200)["claims"]
    assert claims
    for claim in claims:
        iri = expand(claim["name"])
        (standing,) = rows(shipped_store, f"SELECT ?l WHERE {{ <{iri}> care:standing/rdfs:label ?l }}")
        assert claim["standing"] == standing["l"]
        assert claim["confidence"]
        assert claim["voice"]
        assert claim["receipts"]
        assert all(held(shipped_store, claim["name"], receipt) for receipt in claim["receipts"])


def test_a_receipt_that_is_altered_would_be_noticed(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    claim = next(one for one in assistant.call("describe", thing="innovation:shared-lives", limit=200)["claims"]
                 if not one["receipts"][0].get("paraphrased"))
    receipt = claim["receipts"][0]
    assert held(shipped_store, claim["name"], receipt)
    for change in ({"words": "other words"}, {"paraphrased": True}, {"where": "elsewhere"},
                   {"source": {"name": "source:iris_hf"}}):
        assert not held(shipped_store, claim["name"], {**receipt, **change})


def test_standings_count_all_claims_and_pages_leave_none_out(
    assistant: Assistant, shipped_store: EmbeddedStore
) -> None:
    subject = "<https://w3id.org/carekg/id/innovation/personalised-integrated-care>"
    expected = {row["label"]: int(row["n"]) for row in rows(shipped_store, f"""
      SELECT ?label (COUNT(DISTINCT ?claim) AS ?n) WHERE {{
        ?claim ?p {subject} ; a care:Claim ; care:standing/rdfs:label ?label }} GROUP BY ?label""")}
    assert len(expected) > 1
    names, start, notes = [], 0, []
    while start < sum(expected.values()):
        page = assistant.call("describe", thing="innovation:personalised-integrated-care", start=start, limit=20)
        assert page["standings"] == expected
        names += [claim["name"] for claim in page["claims"]]
        notes.append(page["note"])
        start += 20
    assert len(names) == len(set(names)) == sum(expected.values())
    assert f"Of {len(names)} claims, these are 1 to 20. Ask again with start=20 for more." in notes[0]
    assert "Ask again" not in notes[-1]


def test_a_claim_is_described_with_its_own_standing(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    (planned, *_) = rows(shipped_store, "SELECT ?c WHERE { ?c a care:PlannedClaim } ORDER BY ?c LIMIT 1")
    assert assistant.call("describe", thing=planned["c"])["standing"] == "planned"


def test_disagreements_stand_beside_the_claims(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    (row, *_) = rows(shipped_store, "SELECT ?i ?l WHERE { ?d a care:Disagreement ; rdfs:label ?l ; care:side ?s . "
                                    "?s care:concerns ?i . ?i a care:Innovation } ORDER BY ?d ?i LIMIT 1")
    found = assistant.call("describe", thing=row["i"])["disagreements"]
    assert row["l"] in {one["label"] for one in found}


def test_a_name_that_several_things_have_is_asked_back(assistant: Assistant) -> None:
    sentence = assistant.refused("describe", thing="Shared Lives")
    assert sentence.startswith("`Shared Lives` is not the name of one thing only; did you mean `innovation:shared-")


# --- passages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("thing", ["finding:iris-codified-core", "innovation:iris"])
def test_passages_are_those_that_the_graph_has_and_tell_what_rests_on_them(
    thing: str, assistant: Assistant, shipped_store: EmbeddedStore
) -> None:
    found = assistant.call("passages_of", thing=thing, limit=200)
    assert found["total"] == len(found["passages"]) > 0
    for passage in found["passages"]:
        assert passage["bears_out"]
        assert all(held(shipped_store, one["name"], passage["receipt"]) for one in passage["bears_out"])


def test_the_passages_of_a_source_are_all_there(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    (row,) = rows(shipped_store, """SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE {
      VALUES ?s { <https://w3id.org/carekg/id/source/growing-innovative-models> }
      { ?p care:isFrom ?s } UNION { ?s care:restsOn ?p } }""")
    found = assistant.call("passages_of", thing="source:growing-innovative-models", limit=2)
    assert found["total"] == int(row["n"]) > 100
    assert len(found["passages"]) == 2
    assert f"Of {int(row['n']):,} passages, these are 1 to 2." in found["note"]


def test_a_thing_that_no_passage_bears_out_is_called_not_stated(assistant: Assistant) -> None:
    found = assistant.call("passages_of", thing="care:scaledVia")
    assert (found["total"], found["passages"]) == (0, [])
    assert "not stated" in found["note"]


# --- prepared questions ----------------------------------------------------------------------------------------


def test_questions_are_listed_and_narrowed_with_their_choices(assistant: Assistant) -> None:
    whole = assistant.call("list_questions")["questions"]
    assert len(whole) > 50
    assert all(one["asks"].endswith("?") for one in whole)
    (one,) = assistant.call("list_questions", text="innovations-by-route-and-factor", choices=True)["questions"]
    route = next(p for p in one["parameters"] if p["name"] == "route")
    assert "licensing and affiliation" in route["choices"]
    assert one["description"]
    assert "narrow it" in assistant.call("list_questions", choices=True)["note"]
    assert {one["name"] for one in assistant.call("list_questions", tag="gaps")["questions"]} >= {"not-stated"}


def test_rows_come_with_receipts_that_are_in_the_graph(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    arguments = {"route": "licensing and affiliation", "factor": "factor:partnerships", "strength": ["strong"]}
    found = assistant.call("ask_question", question="innovations-by-route-and-factor", arguments=arguments)
    assert found["asked"]["route"] == "licensing and affiliation (route:licensing-and-affiliation)"
    assert found["total"] == len(found["rows"]) > 1
    assert {row["values"]["strength"] for row in found["rows"]} == {"strong"}
    for row in found["rows"]:
        assert row["names"]["innovation"].startswith("innovation:")
        assert row["receipts"]
        for receipt in row["receipts"]:
            literal = json.dumps(receipt["words"], ensure_ascii=False)
            (there,) = rows(shipped_store, f"""SELECT (COUNT(*) AS ?n) WHERE {{
              ?p care:isFrom <{expand(receipt['source']['name'])}> ; care:words ?w . FILTER(STR(?w) = {literal})
              OPTIONAL {{ ?p care:line ?line }}
              FILTER(BOUND(?line) != {json.dumps(receipt.get('paraphrased', False))}) }}""")
            assert int(there["n"]) == 1


def test_a_default_that_nobody_typed_is_told(assistant: Assistant) -> None:
    found = assistant.call("ask_question", question="claims-about-innovation", limit=1)
    assert "Not given, so the default was taken: `innovation`." in found["note"]
    assert "innovation" in found["asked"]


def test_an_answer_without_rows_says_what_that_means(assistant: Assistant) -> None:
    found = assistant.call("ask_question", question="passages-with-words", arguments={"text": "qqqxxzz"})
    assert found["total"] == 0
    assert "a source may still say it" in found["note"]


def test_pages_of_rows_leave_none_out(assistant: Assistant) -> None:
    first, second = (assistant.call("ask_question", question="disagreements", start=start, limit=100)
                     for start in (0, 100))
    assert first["total"] == second["total"] == len(first["rows"]) + len(second["rows"]) > 100
    assert "Of" in first["note"]
    beyond = assistant.call("ask_question", question="disagreements", start=100_000)
    assert beyond["rows"] == []
    assert f"There are {first['total']} rows; none from start=100000 on." in beyond["note"]


def test_a_question_whose_answer_is_a_graph_gives_turtle_that_says_where_it_breaks_off(assistant: Assistant) -> None:
    found = assistant.call("ask_question", question="innovation-as-graph", arguments={"innovation": "PINCER"})
    assert "innovation/pincer" in found["turtle"]
    assert ("breaks off" in found.get("note", "")) is not found["turtle"].endswith(".\n")


# --- SPARQL and vocabulary -----------------------------------------------------------------------------------


def test_sparql_gives_short_names_and_literals(assistant: Assistant) -> None:
    found = assistant.call("run_sparql", query=CARE + """SELECT ?one ?label ?none WHERE {
      VALUES ?one { <https://w3id.org/carekg/id/innovation/iris> } ?one rdfs:label ?label }""")
    assert found == {"variables": ["one", "label", "none"], "rows": [{"one": "innovation:iris", "label": "IRIS"}]}


def test_rows_beyond_the_limit_are_cut_and_said_and_a_whole_result_is_not(assistant: Assistant) -> None:
    cut = assistant.call("run_sparql", query="SELECT * WHERE { ?s ?p ?o }", limit=3)
    assert len(cut["rows"]) == 3
    assert cut["cut"] is True
    assert "There are more rows than these 3" in cut["note"]
    whole = assistant.call("run_sparql", query="SELECT * WHERE { ?s ?p ?o } LIMIT 3", limit=3)
    assert len(whole["rows"]) == 3
    assert "cut" not in whole
    none = assistant.call("run_sparql", query="SELECT * WHERE { ?s <urn:none> ?o }")
    assert none["rows"] == []
    assert "not the same as false" in none["note"]


def test_large_texts_and_graphs_are_cut_and_said(assistant: Assistant) -> None:
    wide = "x" * 3_000
    text = assistant.call("run_sparql", query=f'SELECT ("{wide}" AS ?x) WHERE {{ }}')["rows"][0]["x"]
    assert text.endswith("[... 1,000 more characters]")
    many = assistant.call("run_sparql", query=f'SELECT ?s ("{wide}" AS ?x) WHERE {{ ?s ?p ?o }}', limit=200)
    assert many["cut"] is True
    assert len(json.dumps(many)) < 100_000
    graph = assistant.call("run_sparql", query="CONSTRUCT WHERE { ?s ?p ?o }")
    assert graph["cut"] is True
    assert len(graph["turtle"]) <= 60_000
    assert "breaks off" in graph["note"]


def test_the_vocabulary_is_enough_to_write_a_query_that_answers(assistant: Assistant) -> None:
    words = assistant.call("vocabulary")
    names = {term["name"] for term in words["terms"]}
    assert {"care:Innovation", "care:scaledVia", "care:holdsFor", "care:restsOn"} <= names
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in words["prefixes"].items())
    found = assistant.call("run_sparql", query=prefixes + (
        "SELECT DISTINCT ?i WHERE { ?i a care:Innovation ; care:scaledVia route:partnerships }"))
    assert {"i": "innovation:iris"} in found["rows"]
    assert words["schemes"]["route"]


def test_a_part_of_the_vocabulary_comes_with_definitions(assistant: Assistant) -> None:
    found = assistant.call("vocabulary", about="care:holdsFor")
    (term,) = [one for one in found["terms"] if one["name"] == "care:holdsFor"]
    assert term["definition"].startswith("A source says that this is so")


# --- bad input -----------------------------------------------------------------------------------------------


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
         {"question": "innovations-by-route", "arguments": {"route": ["partnerships", "organic growth"]}},
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


# --- stdin and stdout ------------------------------------------------------------------------------------------


def test_nothing_but_the_protocol_is_written_and_the_end_of_input_ends_it(shipped_store: EmbeddedStore) -> None:
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    lines = ["this is not JSON", "[" * 100_000, json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize",
                                                            "params": hello}),
             json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}),
             json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {
                 "name": "find_terms", "arguments": {"text": "iris"}}})]
    with subprocess.Popen(command(shipped_store.path), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        process.stdin.flush()
        messages = []
        while not messages or messages[-1].get("id") != 2:
            messages.append(json.loads(process.stdout.readline()))
        rest, _ = process.communicate(timeout=PATIENCE)
    assert rest == b""
    assert process.returncode == 0
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert {message.get("id") for message in messages if "result" in message} == {1, 2}


def test_a_graph_that_is_missing_is_built_first(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    run = [sys.executable, "-m", "carekg", "--folder", str(world), "--store", str(tmp_path / "new"), "mcp"]
    done = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
                          env=environment())
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Building the graph first, once." in done.stderr


# --- HTTP ----------------------------------------------------------------------------------------------------


def sent(address: str, body: bytes, **headers: str) -> int:
    """The status that a request gets."""
    asked = urllib.request.Request(address, body, {
        "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
        **{name.replace("_", "-"): value for name, value in headers.items()}})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (LIST, {}, 200),
        (LIST, {"Host": "localhost:PORT"}, 200),
        (LIST, {"Host": "rebound.example.org"}, 421),
        (LIST, {"Host": "127.0.0.1.example.org:PORT"}, 421),
        (LIST, {"Origin": "http://127.0.0.1:PORT"}, 200),
        (LIST, {"Origin": "https://evil.example.org"}, 403),
        (LIST, {"Origin": "null"}, 403),
        (LIST, {"Content_Type": "text/plain"}, 400),
        (b"{", {}, 400),
        (b"[" * 1_000_000, {}, 400),
    ],
)
def test_http_answers_only_to_its_own_names_and_to_requests_it_can_read(
    body: bytes, headers: dict[str, str], status: int, address: str
) -> None:
    port = address.split(":")[2].split("/")[0]
    assert sent(address, body, **{name: value.replace("PORT", port) for name, value in headers.items()}) == status
    assert sent(address, LIST) == 200


@pytest.mark.parametrize("path", ["/mcp", "/"])
def test_a_browser_is_told_what_this_is_and_no_stream_is_held_open(path: str, address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(urljoin(address, path), timeout=5):
        pass
    with refused.value as answer:
        assert (answer.code, answer.headers["Allow"]) == (405, "POST")
        assert "send JSON-RPC to /mcp by POST" in answer.read().decode()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(address: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.putrequest("POST", "/mcp")
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(3 * 2**20))):
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == 413
    assert sent(address, LIST) == 200


def test_a_server_for_everybody_has_to_know_its_name(shipped_store: EmbeddedStore) -> None:
    done = subprocess.run(command(shipped_store.path, "--http", "--host", "0.0.0.0", "--port", str(free_port())),
                          capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment())
    assert done.returncode == 2
    assert "CAREKG_PUBLIC_URL" in done.stderr
    assert "Traceback" not in done.stderr


# --- the page about it -----------------------------------------------------------------------------------------


def test_the_example_on_the_page_is_what_comes_back(assistant: Assistant) -> None:
    text = (small.ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    config, asked, answer = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    assert config["mcpServers"]["carekg"]["args"] == ["mcp"]
    assert assistant.call("ask_question", **asked) == answer


def test_the_page_names_the_tools_the_sdk_and_the_limits_that_there_are(assistant: Assistant) -> None:
    text = (small.ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    tools = {tool.name: tool.input_schema["properties"] for tool in assistant.do("list_tools").tools}
    listed = {name: re.findall(r"`(\w+)`", takes) for name, takes in re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", text)}
    assert listed == {name: list(takes) for name, takes in tools.items()}
    assert ours.NEEDED in text
    assert f"{MOST} items at most" in text
    assert f"{tables.MOST_TEXT:,} characters, one cell {tables.MOST_CELL:,}" in text


# --- without the SDK -----------------------------------------------------------------------------------------


def test_without_the_sdk_it_says_in_a_sentence_how_to_install_it(shipped_store: EmbeddedStore) -> None:
    text = "import sys; sys.modules['mcp'] = None; from carekg.cli import main; main(sys.argv[1:], 'carekg')"
    done = subprocess.run([sys.executable, "-c", text, "--store", str(shipped_store.path), "mcp"],
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert done.stderr == ("carekg: The SDK of the Model Context Protocol is not installed; install it beside carekg "
                           f"with `pip install '{ours.NEEDED}'`.\n")


def test_the_sdk_that_is_named_is_the_one_of_the_extra() -> None:
    project = tomllib.loads((small.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["mcp"] == [ours.NEEDED]
    assert not [one for one in project["dependencies"] if one.startswith("mcp")]
