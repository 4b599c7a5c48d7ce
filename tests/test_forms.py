"""A form is made from shapes, filled with what is stated, and what is sent comes back as the difference."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import folders
import small
from carekg import change, errors, names, store
from carekg.forms import difference, filling, merging, minting, reading, sending, stating, telling, typed
from carekg.forms.choices import Choices
from carekg.forms.difference import Difference
from carekg.forms.model import Entry, Filled, Form, Values
from carekg.forms.reading import Forms, Reader
from carekg.reports import Group, Line, Told
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES, compact
from carekg.validation import as_graph

BOATS = """
:Boat a owl:Class ; rdfs:label "boat"@en .  :Ferry a owl:Class ; rdfs:subClassOf :Boat ; rdfs:label "ferry"@en .
:Raft a owl:Class ; rdfs:subClassOf :Boat ; rdfs:label "raft"@en .  :Buoy a owl:Class .
:sailsTo rdfs:label "sails to"@en .  :hullColour a owl:DatatypeProperty .
:Size a sh:PropertyGroup ; rdfs:label "size"@en .
:BoatShape a sh:NodeShape ; sh:targetClass :Boat ; sh:property :BoatShape-name , :BoatShape-berth , :BoatShape-end ,
    [ sh:path :hullColour ; sh:in ( "red" "blue" ) ] , [ sh:path :length ; sh:group :Size ; sh:datatype xsd:decimal ] ;
    sh:xone ( [ sh:path :rowsTo ; sh:minCount 1 ] [ sh:path :sailsTo ; sh:minCount 1 ] ) ;
    sh:message "It goes somewhere." .
:BoatShape-name a sh:PropertyShape ; sh:path rdfs:label ; sh:name "name"@en ; sh:order 2 ;
    sh:minCount 1 ; sh:maxCount 1 .
:BoatShape-berth a sh:PropertyShape ; sh:path [ sh:alternativePath ( :rowsTo :sailsTo ) ] ; sh:name "berth"@en ;
    sh:description "Where it goes."@en ; sh:class :Buoy ; sh:order 1 .
:BoatShape-end a sh:PropertyShape ; sh:path [ sh:alternativePath ( :hullColour :length ) ] ; sh:minCount 1 ;
    sh:message "It has a colour or a length." .
:FerryShape a sh:NodeShape ; sh:targetClass :Ferry ;
    sh:property :FerryShape-name , :FerryShape-old , [ sh:path rdf:type ; sh:not [ sh:in ( :Raft ) ] ] .
:FerryShape-name a sh:PropertyShape ; sh:path rdfs:label ; sh:name "on its bow"@en ; sh:pattern "^MV " .
:FerryShape-old a sh:PropertyShape ; sh:path :old ; sh:deactivated true .
:FlagShape a sh:NodeShape ; sh:targetSubjectsOf :flag ; sh:class :Ferry ;
    sh:property [ sh:path :flag ; sh:name "flag"@en ; sh:nodeKind sh:IRI ] .
:NoteShape a sh:NodeShape ; sh:targetSubjectsOf :note ; sh:property [ sh:path :note ; sh:name "note"@en ] .
"""

GOES = "lantern-walks-saltmere"


@pytest.fixture(scope="module")
def boats() -> Forms:
    return Reader(as_graph(small.triples(BOATS))).forms()


@pytest.fixture(scope="module")
def forms(good_store: EmbeddedStore) -> Forms:
    return reading.read(good_store)


@pytest.fixture
def choices(good_store: EmbeddedStore) -> Choices:
    return Choices(good_store, names.Remembered(good_store).read)


@pytest.fixture
def send(forms: Forms, choices: Choices, good_store: EmbeddedStore) -> Callable[..., Difference]:
    """Sends the form of a class, or of a thing with what is stated of it where that is not changed."""
    def sent(name: str, given: dict[str, str], thing: str = "") -> Difference:
        form = forms.forms[PREFIXES["care"] + name]
        iri = PREFIXES[thing.partition(":")[0]] + thing.partition(":")[2] if thing else ""
        before = stating.of(good_store, iri).now if iri else frozenset()
        whole = sending.sent(filling.filled(form, iri, before, choices)) if iri else {}
        filled = filling.settled(sending.taken(forms, form, whole | given, iri), choices)
        return difference.between(before, filled, choices, good_store)

    return sent


def lines(quads: set[ox.Quad]) -> list[str]:
    """Quads as one reads them."""
    return sorted(" ".join(compact(term.value) if isinstance(term, ox.NamedNode) else str(term)
                           for term in (quad.subject, quad.predicate, quad.object)) for quad in quads)


# --- from shapes ----------------------------------------------------------------------------------------------------


def named(form: Form) -> dict[str, list[str]]:
    """The labels of a form's fields by their headings."""
    return {section.label: [one.label for one in section.fields] for section in form.sections}


def test_a_form_has_the_fields_of_its_class_then_those_above_then_those_that_anything_may_have(boats: Forms) -> None:
    ferry = boats.forms[f"{small.HOME}Ferry"]
    assert named(ferry) == {"ferry": ["on its bow", "flag"], "boat": ["berth", "hull colour"], "size": ["length"],
                            "also": ["note"]}
    assert "flag" not in str(named(boats.forms[f"{small.HOME}Boat"]))


def test_a_class_without_a_shape_of_its_own_has_the_form_of_that_above_unless_nobody_may_state_it(boats: Forms) -> None:
    assert set(boats.forms) == {f"{small.HOME}Boat", f"{small.HOME}Ferry"}  # a raft is forbidden, a buoy has no shape
    assert [form.label for form in boats.of([f"{small.HOME}Boat", f"{small.HOME}Ferry"])] == ["ferry"]


def test_what_shapes_ask_of_one_property_holds_together(boats: Forms) -> None:
    ferry = boats.forms[f"{small.HOME}Ferry"]
    name, berth = ferry.of(PREFIXES["rdfs"] + "label"), ferry.of(f"{small.HOME}rowsTo")
    assert name is not None
    assert (name.label, name.least, name.most) == ("on its bow", 1, 1)
    assert berth is not None
    assert (berth.least, berth.help, list(berth.predicates.values())) == (1, "Where it goes.", ["rows to", "sails to"])
    assert set(ferry.rules) == {"It goes somewhere.", "It has a colour or a length."}


def test_fields_of_properties_whose_names_end_alike_are_told_apart(choices: Choices) -> None:
    ends = [f"http://{one}" for one in ("a.example/name", "b.example/name", "a.example/v1.0", "a.example/none/")]
    text = "".join(f" :BoatShape sh:property [ sh:path <{one}> ] ." for one in ends)
    form = Reader(as_graph(small.triples(BOATS + text))).forms().forms[f"{small.HOME}Boat"]
    assert [field.key for one in ends if (field := form.of(one))] == ["name", "name-2", "v1-0", "field"]
    quads = [ox.Quad(ox.NamedNode(ends[0]), ox.NamedNode(one), ox.Literal(one)) for one in ends]
    filled = filling.filled(form, ends[0], quads, choices)
    assert [[entry.text for entry in filled.entries[field.key]] for one in ends if (field := form.of(one))] == [
        [one] for one in ends]


def test_every_shipped_class_with_a_shape_has_a_form(forms: Forms) -> None:
    targeted = {triple.object.value for triple in small.shipped("shapes")
                if triple.predicate.value.endswith("#targetClass") and isinstance(triple.object, ox.NamedNode)}
    without = {compact(iri) for iri in targeted - set(forms.forms)}
    vocabulary = {"owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"}
    assert {one for one in without if not one.endswith("Claim")} == vocabulary  # what nobody may state has none
    for form in forms.forms.values():
        assert form.label
        assert all(one.label and one.key for one in form.fields)
        assert len({one.key for one in form.fields}) == len(list(form.fields))


def test_every_claim_asks_for_a_passage_and_a_passage_for_its_source_and_phrase(forms: Forms) -> None:
    claims = [form for iri, form in forms.forms.items() if PREFIXES["care"] + "Claim" in forms.above[iri]]
    assert len(claims) > 10
    for form in claims:
        field = form.of(PREFIXES["care"] + "restsOn")
        assert field is not None
        assert (field.least, field.values.classes) == (1, (PREFIXES["care"] + "Passage",))
    passage = forms.forms[PREFIXES["care"] + "Passage"]
    assert [one.label for one in passage.sections[0].fields] == ["source", "section", "line", "phrase", "paraphrase"]


# --- what comes back ------------------------------------------------------------------------------------------------


def changed(graph: EmbeddedStore, forms: Forms, least: int, step: int = 1) -> list[str]:
    """Those of a graph's things, or of every so many, whose form differs from what is stated when sent unchanged."""
    things: dict[str, list[str]] = {}
    stated = f'SELECT ?s ?t {{ GRAPH ?g {{ ?s a ?t }} FILTER(STRSTARTS(STR(?g), "{DATA}")) }}'
    for row in store.rows(graph, stated):
        things.setdefault(row["s"], []).append(row["t"])
    assert len(things) >= least
    choices, found = Choices(graph, names.Remembered(graph).read), []
    for iri, types in sorted(things.items())[::step]:
        for whole in forms.of(types):
            before = stating.of(graph, iri).now
            form = filling.short(whole, before)
            sent = sending.sent(filling.filled(form, iri, before, choices))
            one = difference.between(before, sending.taken(forms, form, sent, iri), choices, graph)
            found += [iri] if one or one.problems else []
    return found


def test_the_form_of_every_thing_sent_unchanged_gives_no_difference(forms: Forms, good_store: EmbeddedStore) -> None:
    assert changed(good_store, forms, 50) == []


@pytest.mark.heavy
def test_nor_does_the_form_of_every_fifth_thing_of_the_shipped_graph(shipped_store: EmbeddedStore) -> None:
    assert changed(shipped_store, reading.read(shipped_store), 3000, 5) == []


def test_what_is_sent_comes_back(forms: Forms) -> None:
    form = forms.forms[PREFIXES["care"] + "Site"]
    inner = Filled(forms.forms[PREFIXES["care"] + "Passage"], {"PassageShape-phrase": [
        Entry(" a \n b", PREFIXES["care"] + "phrase")]})
    filled = Filled(form, {
        "SiteShape-place": [Entry("", PREFIXES["care"] + "place"), Entry("x", PREFIXES["care"] + "place", pick="y")],
        "ClaimShape-subject": [Entry("Lantern", PREFIXES["care"] + "holdsFor")],
        "SiteShape-placeAsPrinted": [Entry("<b>&\"'", PREFIXES["care"] + "placeAsPrinted", "cy")],
        "ClaimShape-restsOn": [Entry("old", PREFIXES["care"] + "restsOn", new=inner)]}, "t")
    assert sending.taken(forms, form, sending.sent(filled), "t") == filled


def test_a_new_thing_is_made_with_the_new_things_in_it(send: Callable[..., Difference]) -> None:
    found = send("Site", {
        "SiteShape-place.0": "old saltmere", "SiteShape-siteRole.0": "pilot", "ClaimShape-subject.0": "Lantern Rides",
        "ClaimShape-subject.0.how": "care:isPlannedFor", "ClaimShape-began.0": "2020-05",
        "ClaimShape-restsOn.0.new": "care:Passage", "ClaimShape-restsOn.0/PassageShape-phrase.0": "to the old town",
        "ClaimShape-restsOn.0/PassageShape-line.0": "7",
        "ClaimShape-restsOn.0/PassageShape-isFrom.0": "source:lantern-report"})
    assert found.problems == []
    assert {quad.graph_name for quad in found.added} == {ox.DefaultGraph()}
    assert lines(found.added) == [
        'passage:lantern-report-to-the-old-town care:isFrom source:lantern-report',
        'passage:lantern-report-to-the-old-town care:line "7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        'passage:lantern-report-to-the-old-town care:phrase "to the old town"',
        'passage:lantern-report-to-the-old-town rdf:type care:Passage',
        'site:lantern-rides-old-saltmere care:began "2020-05"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>',
        'site:lantern-rides-old-saltmere care:isPlannedFor innovation:lantern-rides',
        'site:lantern-rides-old-saltmere care:place place:old-saltmere',
        'site:lantern-rides-old-saltmere care:restsOn passage:lantern-report-to-the-old-town',
        'site:lantern-rides-old-saltmere care:siteRole siterole:pilot',
        'site:lantern-rides-old-saltmere rdf:type care:Site']
    assert [(row.about, row.label) for row in found.rows][-1] == ("to the old town", "phrase")


def test_only_what_differs_is_changed_and_where_it_is_stated(send: Callable[..., Difference]) -> None:
    found = send("Site", {"ClaimShape-ended.0": "2013", "ClaimShape-status.0": "", "ClaimShape-asPrinted.0": "about"},
                 f"site:{GOES}")
    assert lines(found.added) == [f'site:{GOES} care:asPrinted "about"',
                                  f'site:{GOES} care:ended "2013"^^<http://www.w3.org/2001/XMLSchema#gYear>']
    assert lines(found.removed) == [f'site:{GOES} care:ended "2012"^^<http://www.w3.org/2001/XMLSchema#gYear>',
                                    f"site:{GOES} care:status status:ended"]
    assert {quad.graph_name for quad in (*found.added, *found.removed)} == {ox.NamedNode(f"{DATA}world")}


def test_a_space_that_is_typed_is_a_difference_and_what_looks_the_same_stays(
        send: Callable[..., Difference], forms: Forms, choices: Choices, good_store: EmbeddedStore) -> None:
    (summary,) = (quad.object.value for quad in send("Site", {"ClaimShape-summary.0": "x"}, f"site:{GOES}").removed
                  if isinstance(quad.object, ox.Literal))
    assert len(send("Site", {"ClaimShape-summary.0": summary.replace(" ", "  ")}, f"site:{GOES}").added) == 1
    assert not send("Site", {"ClaimShape-summary.0": f" {summary}\r\n"}, f"site:{GOES}")
    site, iri = forms.forms[PREFIXES["care"] + "Site"], PREFIXES["site"] + GOES
    alike = {ox.Quad(ox.NamedNode(iri), ox.NamedNode(PREFIXES["care"] + "summary"), ox.Literal("Walks.", language=one))
             for one in ("cy", "gd")}
    before = stating.of(good_store, iri).now | alike
    sent = sending.sent(filling.filled(site, iri, before, choices))
    assert not difference.between(before, sending.taken(forms, site, sent, iri), choices, good_store)
    fewer = {**sent, "ClaimShape-summary.1": ""}
    assert len(difference.between(before, sending.taken(forms, site, fewer, iri), choices, good_store).removed) == 1


def test_another_standing_of_the_same_subject_is_a_difference(send: Callable[..., Difference]) -> None:
    found = send("Site", {"ClaimShape-subject.0.how": "care:isPlannedFor"}, f"site:{GOES}")
    assert lines(found.added) == [f"site:{GOES} care:isPlannedFor innovation:lantern-walks"]
    assert lines(found.removed) == [f"site:{GOES} care:holdsFor innovation:lantern-walks"]


@pytest.mark.parametrize(("field", "text", "said", "near"), [
    ("SiteShape-place", "Saltmeer", "Nothing here is called “Saltmeer”: choose", "Saltmere"),
    ("SiteShape-place", "Timbuktu", "or like it", ""),
    ("SiteShape-siteRole", "pilotage", "is not in the list of role", "pilot"),
    ("ClaimShape-began", "in May", "a month such as 2017-03", ""),
    ("ClaimShape-began", "2017-02-30", "a day such as", ""),
    ("ClaimShape-statedCount", "1,200", "is 1200 meant?", ""),
    ("ClaimShape-statedCount", "12.5", "a whole number such as 12.", ""),
    ("ClaimShape-restsOn", "neighbours walk", "choose one",
     "neighbours of every age in the small town walk by lantern light"),
    ("ClaimShape-subject", "Lantern Walks", "Say how it is linked", ""),
    ("ClaimShape-summary", "a\0b", "control characters", ""),
])
def test_what_cannot_be_read_is_told_at_its_place_with_what_would_be_right(
        send: Callable[..., Difference], field: str, text: str, said: str, near: str) -> None:
    found = send("Site", {f"{field}.0": "", f"{field}.1": text})
    (problem,) = found.problems
    assert problem.place == f"{field}.1"
    assert said in problem.message
    assert near in [one.label for one in problem.near] or not near


def test_what_is_picked_among_several_is_meant(send: Callable[..., Difference]) -> None:
    picked = {"SiteShape-place.0": "Saltmeer", "SiteShape-place.0.pick": PREFIXES["place"] + "old-saltmere"}
    assert "care:place place:old-saltmere" in lines(send("Site", picked).added)[0]
    nothing = send("Site", {"ClaimShape-asPrinted.0": "", "ClaimShape-asPrinted.0.pick": "place:nowhere"})
    assert lines(nothing.added) == ["site:site rdf:type care:Site"]


def test_forms_without_end_are_refused(forms: Forms) -> None:
    site = forms.forms[PREFIXES["care"] + "Site"]
    with pytest.raises(errors.TooMany):
        sending.taken(forms, site, {f"SiteShape-place.{n}": "x" for n in range(sending.MOST + 1)})
    deep, place = {}, "DisagreementShape-side.0"
    for _ in range(8):
        deep[f"{place}.new"] = "care:Disagreement"
        place += "/DisagreementShape-side.0"
    with pytest.raises(errors.BadInput, match="deep"):
        sending.taken(forms, forms.forms[PREFIXES["care"] + "Disagreement"], deep)


def test_a_field_with_more_values_than_a_page_has_room_for_stays_as_it_is(
        forms: Forms, choices: Choices, good_store: EmbeddedStore) -> None:
    source, iri = forms.forms[PREFIXES["care"] + "Source"], PREFIXES["source"] + "lantern-study"
    item, lists = ox.NamedNode(iri), ox.NamedNode(PREFIXES["care"] + "listsCode")
    codes = {ox.Quad(item, lists, ox.Literal(f"E{n:08}"), ox.NamedNode(f"{DATA}world")) for n in range(500)}
    before = stating.of(good_store, iri).now | codes
    form = filling.short(source, before)
    sent = sending.sent(filling.filled(form, iri, before, choices)) | {"SourceShape-label.0": "The study"}
    found = difference.between(before, sending.taken(forms, form, sent, iri), choices, good_store)
    assert lines(found.added) == ['source:lantern-study rdfs:label "The study"@en']
    assert len(found.removed) == 1


def test_what_was_stated_before_many_changes_is_worked_out_from_all_of_them(
        good_store: EmbeddedStore, tmp_path: Path) -> None:
    item, comment = ox.NamedNode(PREFIXES["site"] + GOES), ox.NamedNode(PREFIXES["rdfs"] + "comment")
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as graph:
        before, last = stating.of(graph, item.value).now, graph.history.last()
        for number in range(12):
            quad = ox.Quad(item, comment, ox.Literal(str(number)), ox.NamedNode(f"{DATA}world"))
            change.commit(change.Change.of([quad], []), graph, None)
        stated = stating.of(graph, item.value, last)
    assert (len(stated.now) - len(before), len(stated.meanwhile)) == (12, 12)
    assert stated.before == before


# --- pieces ---------------------------------------------------------------------------------------------------------


def test_texts_become_the_first_datatype_that_they_fit() -> None:
    xsd = PREFIXES["xsd"]
    dates = Values(datatypes=(xsd + "gYear", xsd + "gYearMonth", xsd + "date"))
    assert [typed.term(text, dates).datatype.value.removeprefix(xsd)  # type: ignore[union-attr]
            for text in ("2017", "2017-03", " 2017-03-01\r\n")] == ["gYear", "gYearMonth", "date"]
    words = Values(datatypes=(xsd + "string", PREFIXES["rdf"] + "langString"))
    assert typed.term("x", words) == ox.Literal("x")
    assert typed.term("x", words, "CY") == ox.Literal("x", language="cy")
    for only in (Values(datatypes=words.datatypes[1:]), Values(languages=("cy", "en"), datatypes=words.datatypes[1:])):
        assert typed.term("x", only) == ox.Literal("x", language=only.usual_language)
    assert [words.usual_language, only.usual_language] == ["", "cy"]
    with pytest.raises(ValueError, match="a whole address"):
        typed.term("example.org/ a", Values(is_iri=True))


def test_an_iri_is_readable_and_not_taken(forms: Forms, good_store: EmbeddedStore) -> None:
    mint, innovation = minting.Mint(good_store), forms.forms[PREFIXES["care"] + "Innovation"]
    assert mint.iri(innovation, "lantern-walks") == PREFIXES["innovation"] + "lantern-walks-2"
    assert mint.iri(innovation, "lantern-walks") == PREFIXES["innovation"] + "lantern-walks-3"
    boat = dataclasses.replace(innovation, iri=f"{small.HOME}SailingBoat")
    assert mint.iri(boat, "a").endswith("/id/sailing-boat/a")
    assert minting.slug("Café d'Été – 2!") == "cafe-dete-2"
    assert minting.stem(innovation, {}) == "innovation"
    assert minting.stem(dataclasses.replace(innovation, sections=()), {}) == "innovation"


def test_a_name_that_several_have_is_shown_with_its_iri(choices: Choices) -> None:
    walks, place = PREFIXES["innovation"] + "lantern-walks", (PREFIXES["care"] + "Place",)
    assert choices.shown([walks], (PREFIXES["care"] + "Innovation",)) == {walks: "Lantern Walks"}
    assert choices.shown([walks], place) == {walks: "Lantern Walks [innovation:lantern-walks]"}
    assert choices.meant("Lantern Walks [innovation:lantern-walks]", place) == (walks, [])
    assert choices.meant('a" } NAMING \\', place) == ("", [])


def test_a_finding_of_the_validation_is_told_at_the_place_of_its_value(forms: Forms) -> None:
    care, site = PREFIXES["care"], forms.forms[PREFIXES["care"] + "Site"]
    filled = Filled(site, {"ClaimShape-asPrinted": [Entry("some"), Entry("over")], "ClaimShape-voice": [Entry("x")]})
    found = Difference("s", places={"s": ("top.0/", filled)})
    told = Told((Group("s", "It", lines=(
        Line("No.", property=f"{care}asPrinted", value='"over"@en', blocks=False),
        Line("Who?", shape=f"{PREFIXES['caresh']}ClaimShape-namedPerson"),
        Line("Odd."))), Group("other", "Another", lines=(Line("No."),))))
    problems = telling.problems(told, found, forms)
    assert [(one.place, one.message, one.blocks) for one in problems] == [
        ("top.0/ClaimShape-asPrinted.1", "No.", False), ("top.0/ClaimShape-speaker.0", "Who?", True),
        ("", "Odd.", True), ("", "Another: No.", True)]


def test_a_path_that_leads_further_makes_no_field() -> None:
    graph = as_graph(small.triples(":S sh:property [ sh:path ( :a :b ) ; sh:name 'x' ; sh:message 'No.' ] ."))
    (shape,) = graph.objects(None, merging.SH.property)
    piece = merging.piece(graph, shape, 0, "")
    assert not piece.is_field
    assert list(merging.rules([piece])) == ["No."]
