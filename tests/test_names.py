"""Names: a text finds the thing it means, with a score and a sentence that are true."""

import io

import pytest

from carekg import names
from carekg.names import scoring
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, CARE, PREFIXES

PLACE = str(CARE.Place)
INNOVATION = str(CARE.Innovation)
ORGANISATION = PREFIXES["care"] + "Organisation"


@pytest.fixture(scope="module")
def known(shipped_store: EmbeddedStore) -> names.Names:
    """The names of the shipped graph."""
    return names.Remembered(shipped_store).read()


def best(known: names.Names, text: str, *types: str) -> names.Match:
    return known.find(text, types)[0]


def named(*texts: str) -> names.Names:
    """The names of invented things, each with one label."""
    things = {f"https://example.org/{n}": names.Thing(f"https://example.org/{n}", text) for n, text in enumerate(texts)}
    return names.Names(things, [names.Name(iri, thing.label, names.LABEL) for iri, thing in things.items()])


def test_a_label_scores_100_and_another_name_99(known: names.Names) -> None:
    assert best(known, "Leeds")[1:] == (100, names.Name(f"{BASE}id/place/leeds", "Leeds", names.LABEL),
                                        "It is its label `Leeds`.")
    assert best(known, "NESTA").score == 99
    assert best(known, "NESTA").why == "It is its other name `NESTA`."


@pytest.mark.parametrize(("text", "iri", "score", "why"), [
    ("leeds CITY council", "place/leeds", 97, "Apart from capitals, accents and punctuation"),
    ("St. Mungos", "organisation/st-mungos", 98, "Apart from capitals, accents and punctuation"),
    ("Local area co-ordination", "innovation/local-area-coordination", 96, "punctuation and spaces"),
    ("Good  Gym", "innovation/goodgym", 96, "punctuation and spaces"),
    ("Co-ordination, Local Area", "innovation/local-area-coordination", None, ""),
    ("Coordination, Local Area", "innovation/local-area-coordination", 95, "in another order"),
    ("E08000035", "place/leeds", 100, "It is its identifier `E08000035`."),
    ("1144091", "organisation/nesta", 100, "It is its identifier `1144091`."),
    ("Pinser", "innovation/pincer", 83, "1 of 6 letters differs from its label `PINCER`."),
    ("PINCER programme", "innovation/pincer", 94, "It shares `pincer` with its label `PINCER`, without `programme`."),
    ("LAC", "innovation/local-area-coordination", 85, "first letters of its label `Local Area Coordination`"),
    ("Rotherham CCG", "organisation/nhs-rotherham-ccg", 94, "which also has `nhs`"),
    ("innovation/iris", "innovation/iris", 100, "It is its IRI, or short for it."),
    ("innovation:iris", "innovation/iris", 100, "It is its IRI, or short for it."),
    (f"{BASE}id/innovation/iris", "innovation/iris", 100, "It is its IRI, or short for it."),
])
def test_a_text_finds_what_it_means_and_says_why(
        known: names.Names, text: str, iri: str, score: int | None, why: str) -> None:
    kinds = [INNOVATION, ORGANISATION, PLACE]
    found = best(known, text, *kinds)
    assert found.thing.iri == f"{BASE}id/{iri}"
    assert score in (None, found.score)
    assert why in found.why


@pytest.mark.parametrize("text", ["E08000036 ", "E0800003", "E080000350", "08000035"])
def test_a_code_is_never_taken_for_another(known: names.Names, text: str) -> None:
    assert f"{BASE}id/place/leeds" not in {match.thing.iri for match in known.find(text)}


def test_a_number_in_a_name_has_to_be_the_same() -> None:
    found = named("Ward 15N", "Ward 15C").find("ward 15-n")
    assert [match.thing.label for match in found if match.score >= 90] == ["Ward 15N"]


@pytest.mark.parametrize("text", ["Hogwarts", "", "   ", "???", "\x00", "(", "()", "\ud800"])
def test_what_means_nothing_finds_nothing(known: names.Names, text: str) -> None:
    assert known.find(text) == []


def test_only_what_is_the_name_itself_is_safe(known: names.Names) -> None:
    for text in ("Leed", "Leeds council", "PINCER programme", "LAC", "Shared Livs", "Wigan (the deal)"):
        assert best(known, text).score < names.SAFE


def test_a_type_narrows_and_claims_are_found_only_by_type(known: names.Names) -> None:
    assert best(known, "Community Circles", ORGANISATION).thing.iri == f"{BASE}id/organisation/community-circles"
    assert best(known, "Community Circles", INNOVATION).thing.iri == f"{BASE}id/innovation/community-circles"
    site = known.typed([str(CARE.Site)])[0]
    assert site.iri not in {match.thing.iri for match in known.find(site.label, limit=1000)}
    assert best(known, site.label, str(CARE.Claim)).score >= 99
    assert known.find("Leeds", ["https://example.org/no-such-type"]) == []


def test_a_concept_is_found_by_its_scheme_and_a_term_by_being_one(known: names.Names) -> None:
    found = best(known, "licensing", f"{BASE}concept/route")
    assert (found.thing.iri, found.score) == (f"{BASE}concept/route/licensing-and-affiliation", 99)
    assert best(known, "taken up in", *names.VOCABULARY).thing.iri == f"{PREFIXES['care']}takenUpIn"


def test_a_thing_has_its_label_types_and_a_line(known: names.Names) -> None:
    leeds, iris = known.get("id/place/leeds"), known.get("innovation/iris")
    assert leeds is not None and iris is not None
    assert (leeds.label, leeds.types[0], leeds.description) == ("Leeds", PLACE, "metropolitan district")
    assert iris.description.startswith("A programme that trains general practices")
    assert [name.text for name in known.of(iris.iri)][:2] == ["IRIS", "Identification and Referral to Improve Safety"]


def test_completing_gives_those_that_begin_so_before_those_with_such_a_word(known: names.Names) -> None:
    found = known.completing("nes", [ORGANISATION])
    assert found[0].thing.label == "Nesta"
    labels = [match.thing.label for match in known.completing("devon", [PLACE], limit=4)]
    assert labels[0] == "Devon"
    assert "East Devon" in [match.thing.label for match in known.completing("devon", [PLACE], limit=20)]
    pages = [known.completing("north", [PLACE], 5, skip) for skip in (0, 5)]
    assert [*pages[0], *pages[1]] == known.completing("north", [PLACE], 10)
    assert not {m.thing.iri for m in pages[0]} & {m.thing.iri for m in pages[1]}


def test_near_gives_the_likeliest_of_the_same_kind(known: names.Names) -> None:
    assert known.near(f"{BASE}id/innovation/irris")[0].iri == f"{BASE}id/innovation/iris"
    assert known.near("/id/place/leds")[0].iri == f"{BASE}id/place/leeds"
    assert known.near("concept/route/partnership")[0].iri == f"{BASE}concept/route/partnerships"
    assert known.near("/id/no-kind/leeds")[0].iri == f"{BASE}id/place/leeds"
    assert known.near("/id/innovation/zzzzzzzz") == []


def test_words_are_weighed_by_how_rare_they_are(known: names.Names) -> None:
    assert known.weight("pincer") > known.weight("care") > known.weight("council")


def test_the_sentence_of_a_typo_counts_the_letters_that_differ() -> None:
    found = named("Saltmere").find("Saltmeer")[0]
    assert found.why == "1 of 8 letters differs from its label `Saltmere`."
    assert found.score == round(100 * 7 / 8)


def test_names_are_read_anew_when_the_graph_has_changed() -> None:
    class Graph:
        version = "1"
        asked = 0

        def answer(self, question: object, deadline: float | None = None) -> object:
            self.asked += 1
            return io.BytesIO(b'{"head": {"vars": ["iri", "property", "text", "type"]}, "results": {"bindings": []}}')

    graph = Graph()
    remembered = names.Remembered(graph)  # type: ignore[arg-type]
    first = remembered.read()
    assert remembered.read() is first
    assert graph.asked == 2
    graph.version = "2"
    assert remembered.read() is not first


def test_initials_leave_small_words_out() -> None:
    assert scoring.initials(["department", "of", "health", "and", "social", "care"]) == {"dohsc", "dhsc"}
    assert scoring.initials(["care", "home"]) == set()
