"""What a change answers that was refused, or done with warnings: a page, a list, JSON, or the SHACL report."""

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import folders
import small
from carekg import reports, validation
from carekg.change.guard import Guard
from carekg.store import Store
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES
from carekg.web.protocol import commits, telling
from plain import BEARER
from test_web_stewards import PROLOGUE, UPDATE, WALKS, Desk

PAGE = {"Accept": "text/html"}
WRONG = """INSERT DATA {
  innovation:owls a care:Innovation ;
    rdfs:label "Owl Walks"@en , "<b>Eulen</b>"@de .
  innovation:lantern-walks care:topic "lonelyness" .
}"""


@pytest.fixture(scope="module")
def desk(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A client of a server of a small world, to which nothing of this module but a comment gets in."""
    place = tmp_path_factory.mktemp("reports") / "store"
    with EmbeddedStore(folders.own_store(good_store, place)) as store:
        yield Desk(store)


def line(number: int) -> int:
    """The line that an update's line is sent on, behind the prefixes."""
    return number + PROLOGUE.count("\n")


# --- a refusal ----------------------------------------------------------------------------------------------------


def test_a_text_lists_what_is_wrong_by_thing_with_line_and_column(desk: Desk) -> None:
    answer = desk.update(WRONG)
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    rows = answer.text.splitlines()
    assert rows[0] == "6 violations, so nothing was changed."
    assert "Owl Walks (innovation)" in rows
    assert f"  line {line(3)}, column 33: name: An innovation has exactly one label, in English. `<b>Eulen</b>` is a " \
           "text in German. Give a text in English, with the language `en`." in rows
    assert f"  line {line(2)}, column 3: kind: " in answer.text
    assert re.search(rf"  line {line(4)}, column 39: topics?: .*`lonelyness` is a plain text\. .*Is loneliness meant\?",
                     answer.text)


def test_json_has_each_line_with_what_tools_know_it_by(desk: Desk) -> None:
    answer = desk.update(WRONG, Accept="application/json")
    assert (answer.status_code, answer.mimetype) == (422, "application/json")
    said = answer.json or {}
    assert said["message"] == "6 violations, so nothing was changed."
    assert said["blocks"] is True
    found = {one["shape"].rpartition("#")[2]: one for group in said["groups"] for one in group["lines"]}
    topic = found["InnovationShape-topic"]
    assert (topic["value"], topic["near"][0]["iri"]) == ('"lonelyness"', f"{PREFIXES['topic']}loneliness")
    assert topic["where"]["anchor"] == f"line-{line(4)}"


def test_a_page_groups_by_thing_and_gives_back_what_was_typed_with_the_lines_at_fault(desk: Desk) -> None:
    page = desk.update(WRONG, **PAGE)
    assert (page.status_code, page.mimetype) == (422, "text/html")
    assert re.findall(r"<h1>(.*?)</h1>", page.text) == ["Nothing was changed"]
    assert re.findall(r'<a href="(/id[^"]*)">', page.text) == ["/id/innovation/lantern-walks"], "what is there"
    assert f'href="#line-{line(3)}">line {line(3)}, column 33' in page.text
    assert f'<li id="line-{line(3)}" value="{line(3)}" class="wrong">' in page.text
    assert f'<li id="line-{line(1)}" value="{line(1)}"><code>INSERT DATA {{</code>' in page.text
    assert "<b>Eulen" not in page.text, "what was typed is text"
    assert "caresh:InnovationShape-label" in page.text


def test_of_a_long_text_a_page_gives_back_the_lines_around_those_at_fault(desk: Desk) -> None:
    page = desk.update("INSERT DATA {" + "\n" * 900 + "innovation:owls a care:Innovation" + "\n" * 900 + "}", **PAGE)
    shown = [int(number) for number in re.findall(r'<li id="line-(\d+)"', page.text)]
    assert shown == [line(901) + step for step in range(-3, 4)]
    assert page.text.count('class="gap"') == 1


def test_a_document_and_a_patch_are_told_by_their_own_lines(desk: Desk) -> None:
    graph = f"{DATA}mine"
    owls = f"<{PREFIXES['innovation']}owls>"
    body = f"@prefix care: <{PREFIXES['care']}> .\n{owls}\n  a care:Innovation ;\n  care:topic 'x' ."
    assert "  line 4, column 14: topic" in desk.send("POST", graph, body).text
    patch = f"TX .\nA {owls} <{PREFIXES['rdf']}type> <{PREFIXES['care']}Innovation> .\nTC .\n"
    answer = desk.client.open("/store", method="PATCH", query_string={"graph": graph}, data=patch,
                              content_type="application/rdf-patch", headers=BEARER)
    assert (answer.status_code, "  line 2, column 3: name: " in answer.text) == (422, True)
    linked_data = f'{{"@id": "{owls[1:-1]}", "@type": "{PREFIXES["care"]}Innovation"}}'
    linked = desk.client.post("/store", query_string={"graph": graph}, content_type="application/ld+json",
                              data=linked_data, headers=BEARER)
    assert (linked.status_code, "\n  name: " in linked.text) == (422, True), "told, though not where"


def test_what_is_unknown_is_told_beside_what_is_wrong(desk: Desk) -> None:
    answer = desk.update(f"INSERT DATA {{ {WALKS} care:topic topic:lonelines ; rdfs:label 'Second'@en }}")
    assert "topic:lonelines, which innovation:lantern-walks speaks of, is described nowhere" in answer.text
    assert "There are 2: `Lantern Walks` (English) and `Second` (English). Keep one of them." in answer.text


def test_what_has_no_class_is_told_where_it_was_typed_with_what_is_meant(desk: Desk) -> None:
    rows = desk.update("INSERT DATA { innovation:lantern-walk rdfs:comment 'By night.'@en }").text.splitlines()
    assert rows[1] == "innovation:lantern-walk"
    assert rows[2].startswith(f"  line {line(1)}, column 15: innovation:lantern-walk would have statements")
    assert rows[2].endswith("misspelt. Is Lantern Walks meant?")


def test_what_takes_too_many_lines_is_cut_in_a_page_and_whole_in_json(desk: Desk) -> None:
    many = " ".join(f"innovation:n{number} a care:Innovation ." for number in range(60))
    answer = desk.update(f"INSERT DATA {{ {many} }}")
    assert len(answer.text.splitlines()) < telling.MOST + 70
    assert answer.text.endswith("... and 40 more; Accept: application/json has all.\n")
    assert "... and 40 more." in desk.update(f"INSERT DATA {{ {many} }}", **PAGE).text
    whole = desk.update(f"INSERT DATA {{ {many} }}", Accept="application/json").json or {}
    assert sum(len(group["lines"]) for group in whole["groups"]) == 240


# --- codes of areas -----------------------------------------------------------------------------------------------


def test_a_code_that_no_register_lists_is_refused_with_the_one_that_is_meant(desk: Desk) -> None:
    (listed,) = small.found(small.closed(small.good()), "SELECT ?c WHERE { ?s care:listsCode ?c } ORDER BY ?c LIMIT 1")
    code = listed[0]
    other = code[:-1] + str((int(code[-1]) + 5) % 10)
    answer = desk.update(f"INSERT DATA {{ place:new a care:Place ; rdfs:label 'New'@en ; care:gssCode '{other}' }}")
    assert answer.status_code == 422
    assert f"GSS code: {other} is in no register of areas (is one of these meant: " in answer.text
    assert code in answer.text
    both = f"source:more a care:Source ; rdfs:label 'More'@en ; care:listsCode '{other}' . "
    assert "is in no register" not in desk.update(
        f"INSERT DATA {{ {both} place:new a care:Place ; care:gssCode '{other}' }}").text


def test_a_code_that_is_in_use_cannot_be_taken_off_its_register(desk: Desk) -> None:
    answer = desk.update("DELETE { ?register care:listsCode ?code } "
                         "WHERE { ?register care:listsCode ?code . ?place care:gssCode ?code }")
    assert answer.status_code == 422
    assert re.search(r"[A-Z]\d{8}, which place:\S+ has, is in no register of areas", answer.text)


# --- warnings -----------------------------------------------------------------------------------------------------

WARNING = """caresh:NoteShape a sh:NodeShape ; sh:targetSubjectsOf rdfs:comment ; sh:property caresh:NoteShape-comment .
caresh:NoteShape-comment sh:path rdfs:comment ; sh:pattern "[.]$" ; sh:severity sh:Warning ;
  sh:message "A comment ends with a full stop."@en ."""


class Warned:
    """The guard of a graph with one shape more, that warns."""

    def __init__(self, store: Store) -> None:
        own = Guard.over(store)
        self.guard = Guard.of([*own.shapes, *small.triples(WARNING)], own.ontology)

    def over(self, _store: Store) -> Guard:
        return self.guard


def test_a_change_with_warnings_is_made_and_its_answer_carries_them(desk: Desk) -> None:
    app = desk.client.application
    kept = app.extensions[commits.KEY]
    app.extensions[commits.KEY] = Warned(desk.store)
    try:
        answer = desk.update(f"INSERT DATA {{ {WALKS} rdfs:comment 'one' }}")
        graph = desk.update(f"INSERT DATA {{ {WALKS} rdfs:comment 'two' }}", Accept="text/turtle")
        page = desk.update(f"INSERT DATA {{ {WALKS} rdfs:comment 'three' }}", **PAGE)
        quiet = desk.update(f"INSERT DATA {{ {WALKS} rdfs:seeAlso <https://example.org/> }}")
    finally:
        app.extensions[commits.KEY] = kept
    assert (answer.status_code, answer.headers[telling.WARNINGS]) == (200, "1")
    assert answer.text.startswith("The change was made, with 1 warning.\nLantern Walks (innovation)\n  Warning: line ")
    assert desk.holds(f"{WALKS} rdfs:comment 'one', 'two', 'three'")
    messages = [quad.object.value for quad in ox.parse(graph.data, ox.RdfFormat.TURTLE)
                if quad.predicate.value == f"{PREFIXES['sh']}resultMessage" and isinstance(quad.object, ox.Literal)]
    assert (graph.status_code, set(messages)) == (200, {"A comment ends with a full stop."})
    assert (page.status_code, "Done, with warnings" in page.text) == (200, True)
    assert quiet.status_code in (200, 204)


def test_a_plain_refusal_elsewhere_stays_one_sentence(desk: Desk) -> None:
    answer = desk.client.post("/sparql", data="INSERT DATA {", content_type=UPDATE, headers=BEARER)
    assert (answer.status_code, len(answer.text.splitlines())) == (400, 1)


# --- the sentence of a build ----------------------------------------------------------------------------------------


def test_a_build_names_what_it_found() -> None:
    two = small.triples("site:lantern-walks-saltmere care:isPlannedFor innovation:lantern-walks .")
    report = validation.report([*small.shipped("ontology"), *small.good(), *two], small.shipped("shapes"))
    said = [result.sentence("data/world.ttl:7") for result in report.violations]
    (one,) = [one for one in said if one.endswith("[caresh:ClaimShape-standing]")]
    assert one.startswith("data/world.ttl:7: site:lantern-walks-saltmere: A claim is linked to its subject by exactly ")
    assert "It has care:holdsFor (" in one
    assert ") and care:isPlannedFor (innovation:lantern-walks). Keep one of them." in one
    assert reports.told(report).blocks
