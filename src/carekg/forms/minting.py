"""An IRI for what is new: readable, where others of its class have theirs, and not taken."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.forms.model import NAMING, Field, Form, Section, Term
from carekg.terms import BASE, CARE, PREFIXES

SCHEME: Final = PREFIXES["skos"] + "inScheme"
LONGEST: Final = 60
"""Characters of a text that an IRI takes over."""

OF_CLASS: Final = "SELECT ?s WHERE { ?s a CLASS FILTER(isIRI(?s)) } LIMIT 100"

Worth = Mapping[str, list[tuple[str, Term]]]
"""What fields have as values, by their keys: properties and values."""


class Mint:
    """Gives IRIs; one that it has given is taken."""

    def __init__(self, graph: store.Store) -> None:
        self._graph = graph
        self._given: set[str] = set()

    def iri(self, form: Form, stem: str, scheme: str = "") -> str:
        """Give an IRI for a thing of a form's class.

        :param stem: what its last part begins with.
        :param scheme: the scheme of a concept, below whose IRI the concept's own is.
        """
        home = f"{scheme.rstrip('/')}/" if scheme.startswith(BASE) else self._home(form)
        number, found = 1, f"{home}{stem}"
        while found in self._given or self._is_taken(found):
            number += 1
            found = f"{home}{stem}-{number}"
        self._given.add(found)
        return found

    def _is_taken(self, iri: str) -> bool:
        item = ox.NamedNode(iri)
        return next(store.solutions(self._graph, f"SELECT ?p WHERE {{ {item} ?p ?o }} LIMIT 1"), None) is not None

    def _home(self, form: Form) -> str:
        """Give below what the things of a class have their IRIs; where there are none, a place by the class's name."""
        text = OF_CLASS.replace("CLASS", f"<{form.iri}>")
        homes = Counter(row["s"].value.rpartition("/")[0] + "/" for row in store.solutions(self._graph, text))
        ours = [home for home, _ in homes.most_common() if home.startswith(BASE)]
        return ours[0] if ours else f"{BASE}id/{slug(re.sub('(?<=[a-z])(?=[A-Z])', ' ', _last(form.iri)))}/"


def stem(form: Form, worth: Worth, within: str = "") -> str:
    """Give by what the last part of a new thing's IRI begins.

    That is its name, or the last parts of what it is about and of what its own class links it to, or its first words.

    :param within: the stem of the thing in whose form it is made.
    """
    if name := _named(form, worth):
        return name
    first, *others = form.sections or (Section("", ()),)
    own, other = first.fields, [one for section in others for one in section.fields]
    about = [slug(one) for one in _linked((one for one in other if len(one.predicates) > 1), worth, "thing")]
    linked = [slug(one) for one in _linked(own, worth, "thing")]
    coded = [slug(one) for one in _linked(own, worth, "list")]
    least = [] if about and linked else coded[:1] or _words(form, worth)
    head = [within] if within and not linked else []
    return "-".join(dict.fromkeys(filter(None, [*head, *about[:1], *linked[:1], *least]))) or slug(form.label) or "new"


def slug(text: str) -> str:
    """Give a text as small letters and digits with dashes between, cut after a word."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    whole = "-".join(re.findall(r"[a-z0-9_]+", re.sub(r"['’]", "", plain.lower())))
    return whole if len(whole) <= LONGEST else whole[:LONGEST + 1].rpartition("-")[0] or whole[:LONGEST]


def scheme(form: Form, worth: Worth) -> str:
    """Give the scheme that a concept is in, nothing where a thing is none."""
    field = form.of(SCHEME)
    found = worth.get(field.key, []) if field else []
    return next((value.value for _, value in found if isinstance(value, ox.NamedNode)), "")


def _named(form: Form, worth: Worth) -> str:
    fields = [field for name in NAMING if (field := form.of(name)) is not None]
    texts = [value.value for field in fields for _, value in worth.get(field.key, []) if isinstance(value, ox.Literal)]
    return next(filter(None, map(slug, texts)), "")


def _linked(fields: Iterable[Field], worth: Worth, kind: str) -> list[str]:
    """Give the last parts of the IRIs that some fields have; passages tell nothing apart."""
    wanted = [one for one in fields if one.values.kind == kind and str(CARE.Passage) not in one.values.classes]
    return [_last(value.value) for one in wanted for _, value in worth.get(one.key, [])
            if isinstance(value, ox.NamedNode)]


def _words(form: Form, worth: Worth) -> list[str]:
    texts = [value.value for one in form.fields for _, value in worth.get(one.key, [])
             if isinstance(value, ox.Literal) and re.search("[A-Za-z]{3}", value.value)]
    return ["-".join(slug(text).split("-")[:4]) for text in texts[:1]]


def _last(iri: str) -> str:
    return iri.rstrip("/").rpartition("#")[2].rpartition("/")[2]
