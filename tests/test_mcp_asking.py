"""An assistant asks prepared questions and SPARQL, and is told where an answer was cut or says nothing."""

import json

from assistants import CARE, Assistant, rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import expand

# --- prepared questions -------------------------------------------------------------------------------------------


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
              OPTIONAL {{ ?p care:phrase ?phrase }}
              FILTER(BOUND(?phrase) != {json.dumps(receipt.get('paraphrased', False))}) }}""")
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


# --- SPARQL and vocabulary ----------------------------------------------------------------------------------------


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
