"""An assistant finds and describes things, with receipts that are in the graph itself."""

from typing import Any

import pytest

from assistants import Assistant, rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import expand


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


# --- finding and describing ---------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_a_name_is_found_with_what_it_names(assistant: Assistant) -> None:
    best, *_ = assistant.call("find_terms", text="iris")["found"]
    assert best["name"] == "innovation:iris"
    assert best["kinds"] == ["innovation"]
    assert best["score"] >= 95
    assert best["description"]


@pytest.mark.heavy
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


# --- passages -----------------------------------------------------------------------------------------------------


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
