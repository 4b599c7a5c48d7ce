"""One table of names: a misspelt one is an error, and names and IRIs lead to each other."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import small
from carekg import terms
from carekg.terms import BASE, CARE, PREFIXES, SCHEMES, THINGS, compact, expand


def test_a_misspelt_term_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Innovaton"):
        _ = CARE.Innovaton  # type: ignore[attr-defined]


def test_every_term_that_the_code_names_is_in_the_ontology() -> None:
    described = {str(triple.subject)[1:-1] for triple in small.shipped("ontology")}
    named = {str(CARE[name]) for name in CARE.__annotations__ if not name.startswith("_")}
    assert len(named) > 10
    assert named <= described


def schemes_of(*parts: str) -> set[str]:
    """The concept schemes, frameworks among them, that the shipped files describe."""
    kinds = (f"{PREFIXES['skos']}ConceptScheme", f"{PREFIXES['care']}Framework")
    return {str(t.subject)[1:-1] for part in parts for t in small.shipped(part)
            if isinstance(t.object, ox.NamedNode) and t.object.value in kinds}


def test_every_scheme_of_the_table_is_described() -> None:
    schemes = schemes_of("ontology", "data")
    assert {f"{BASE}concept/{segment}" for prefix, segment in SCHEMES.items() if prefix != "factorlist"} <= schemes


def test_every_concept_scheme_has_its_prefix() -> None:
    schemes = schemes_of("ontology", "data")
    assert schemes - {f"{BASE}def#Framework"} <= {f"{BASE}concept/{segment}" for segment in SCHEMES.values()}


def test_no_two_prefixes_stand_for_the_same_namespace() -> None:
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert not set(THINGS) & set(SCHEMES)


def shipped_texts() -> list[Path]:
    return [path for part in ("ontology", "shapes", "data", "queries") for path in (small.ROOT / part).rglob("*")
            if path.suffix in (".ttl", ".rq")]


def test_every_file_declares_prefixes_as_the_table_has_them() -> None:
    paths = shipped_texts()
    assert len(paths) > 50
    for path in paths:
        for prefix, iri in re.findall(r"(?im)^@?prefix\s+([\w-]*):\s*<([^>]*)>", path.read_text(encoding="utf-8")):
            assert PREFIXES.get(prefix) == iri, f"{path.name}: {prefix}"


@pytest.mark.parametrize(("iri", "name"), [
    (BASE + "def#Innovation", "care:Innovation"),
    (BASE + "id/innovation/the-deal", "innovation:the-deal"),
    (BASE + "concept/route/partnerships", "route:partnerships"),
    (BASE + "shapes#AwardShape-amount", "caresh:AwardShape-amount"),
    (BASE + "concept/route", "concept:route"),
    (BASE + "def#", f"<{BASE}def#>"),
    (BASE + "id/innovation/a/b", f"<{BASE}id/innovation/a/b>"),
    (BASE + "id/innovation/a.", f"<{BASE}id/innovation/a.>"),
    ("https://example.org/x", "<https://example.org/x>"),
])
def test_an_iri_is_shown_by_its_prefix_where_one_covers_it(iri: str, name: str) -> None:
    assert compact(iri) == name


@pytest.mark.parametrize("name", ["nothing", "unknown:x", "", ":", "<", "licensing and affiliation", "route"])
def test_what_is_no_name_stands_for_nothing(name: str) -> None:
    assert expand(name) is None


IRIS = st.builds(lambda start, rest: start + rest, st.sampled_from([*PREFIXES.values(), "https://example.org/"]),
                 st.text(st.characters(exclude_characters='<>"{}|^`\\', exclude_categories=["C", "Z"]), max_size=12))


@example(BASE + "def#a-b.c")
@given(iri=IRIS)
def test_a_shown_iri_leads_back_to_itself(iri: str) -> None:
    assert expand(compact(iri)) == iri


@given(prefix=st.sampled_from(sorted(PREFIXES)), local=st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}", fullmatch=True))
def test_a_name_leads_to_an_iri_and_back(prefix: str, local: str) -> None:
    iri = expand(f"{prefix}:{local}")
    assert iri == PREFIXES[prefix] + local
    assert compact(iri) == f"{prefix}:{local}"


def test_the_table_is_the_only_place_in_the_code_that_spells_our_base() -> None:
    for path in (small.ROOT / "src").rglob("*.py"):
        if path != Path(terms.__file__):
            code = re.sub(r'EXAMPLE = """.*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert BASE not in code, path
