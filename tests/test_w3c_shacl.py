"""The W3C suite of SHACL Core and SHACL-SPARQL, on `carekg validate` as anybody runs it."""

import pytest

from suites import obtain, shacl

pytestmark = [
    pytest.mark.heavy,  # Maven brings the suite
    pytest.mark.filterwarnings("ignore:Parsing weird boolean"),  # rdflib, of a value that is to be found wrong
]


@pytest.fixture(scope="module")
def cases() -> list[shacl.Case]:
    """The tests of the suite."""
    return shacl.cases(obtain.suites(obtain.SHACL))


def test_the_suite_is_there_in_its_full_size(cases: list[shacl.Case]) -> None:
    assert len(cases) == 121


def test_what_is_listed_fails_and_nothing_else(cases: list[shacl.Case]) -> None:
    wrong = {case.key: shacl.outcome(case) for case in cases}
    assert {key: told for key, told in wrong.items() if told and key not in shacl.listed()} == {}
    assert [key for key in shacl.listed() if not wrong[key]] == []


def test_what_is_listed_has_a_reason_and_is_told_in_a_sentence(cases: list[shacl.Case]) -> None:
    for case in cases:
        if case.key in shacl.listed():
            assert shacl.listed()[case.key]
            assert "it fails: carekg: " in shacl.outcome(case)
