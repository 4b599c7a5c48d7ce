"""What may be chosen: the codes of a list, the things of a class, and those that a typed name may mean.

A name is looked up in the graph as it is written. Only where nothing has it is it held against all names, as the
reconciliation service does; what goes by no name, such as a passage, is found by the words that stand in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.forms.model import Choice, Values
from carekg.names import SAFE, Names
from carekg.terms import PREFIXES, compact, expand

NAMING: Final = tuple(PREFIXES[prefix] + name for prefix, name in (
    ("rdfs", "label"), ("care", "summary"), ("care", "phrase"), ("care", "paraphrase"), ("care", "answerText"),
    ("dcterms", "title")))
"""By which a thing is called, the best first."""

MOST: Final = 800
"""Things that a page lists for a field, those of the first classes first."""

FEW: Final = 8
"""Things that are offered where a name may mean several."""

_NAMING: Final = " ".join(f"<{iri}>" for iri in NAMING)

TEXTS: Final = f"SELECT DISTINCT ?s ?p ?text WHERE {{ VALUES ?s {{ ITEMS }} VALUES ?p {{ {_NAMING} }} ?s ?p ?text }}"

OF_CLASS: Final = f"""SELECT ?s ?p ?text WHERE {{
  {{ SELECT DISTINCT ?s WHERE {{ ?s a CLASS }} LIMIT {MOST + 1} }} VALUES ?p {{ {_NAMING} }} ?s ?p ?text
}}"""

EXACTLY: Final = f"""SELECT DISTINCT ?s ?text WHERE {{
  CLASSES VALUES ?text {{ TEXTS }} VALUES ?p {{ {_NAMING} }} ?s ?p ?text
}}"""

CONTAINING: Final = f"""SELECT DISTINCT ?s ?text WHERE {{
  VALUES ?class {{ CLASSES }} VALUES ?p {{ {_NAMING} }} ?s a ?class ; ?p ?text FILTER(WORDS)
}} LIMIT {FEW}"""

ABOUT: Final = PREFIXES["skos"] + "definition"
CODES: Final = f"""SELECT DISTINCT ?s ?p ?text WHERE {{
  ?s PROPERTY VALUE ; ?p ?text VALUES ?p {{ {_NAMING} <{ABOUT}> }}
}}"""
FROM: Final = f"SELECT ?s ?source WHERE {{ VALUES ?s {{ ITEMS }} ?s <{PREFIXES['care']}isFrom> ?source }}"
KNOWN: Final = "SELECT ?s WHERE { VALUES ?s { ITEMS } FILTER EXISTS { ?s ?p ?o } }"


class Choices:
    """Looks up things in a graph; ``all_names`` gives the names of all, which takes a while after a change."""

    def __init__(self, graph: store.Store, all_names: Callable[[], Names]) -> None:
        self._graph, self._names = graph, all_names
        self._lists: dict[Values, list[Choice]] = {}
        self._things: dict[tuple[str, ...], list[Choice]] = {}
        self._labels: dict[str, str] = {}

    def listed(self, values: Values) -> list[Choice]:
        """Give all values of a list, in the order of the alphabet."""
        if values not in self._lists:
            plain = [Choice(_written(one), getattr(one, "value", "")) for one in values.listed]
            self._lists[values] = plain or self._coded(values.having)
        return self._lists[values]

    def suggested(self, classes: tuple[str, ...]) -> list[Choice]:
        """Give the things of the first of some classes, as long as they are not too many, by how they are shown."""
        if classes not in self._things:
            found: dict[str, str] = {}
            for one in classes:
                these = self._labelled(OF_CLASS.replace("CLASS", f"<{one}>"))
                if len({*found, *these}) > MOST:
                    break
                found |= these
            count = Counter(map(_plain, found.values()))
            shown = {iri: _shown(name, iri, count[_plain(name)] == 1) for iri, name in found.items()}
            by_name = sorted(shown.items(), key=lambda item: item[1].lower())
            self._things[classes] = [Choice(iri, name) for iri, name in by_name]
        return self._things[classes]

    def called(self, iris: Iterable[str]) -> dict[str, str]:
        """Give what things are called: by label, summary or words; by the short form of the IRI where by nothing."""
        asked = list(dict.fromkeys(iris))
        wanted = [iri for iri in asked if iri not in self._labels]
        for start in range(0, len(wanted), 500):
            self._labels |= self._labelled(TEXTS.replace("ITEMS", _iris(wanted[start:start + 500])))
        return {iri: self._labels.setdefault(iri, compact(iri)) for iri in asked}

    def shown(self, iris: Iterable[str], classes: tuple[str, ...]) -> dict[str, str]:
        """Give the text by which each thing is chosen: its name, with its IRI in short where others have that name."""
        called = self.called(iris)
        bearers: dict[str, set[str]] = defaultdict(set)
        for choice in self._exactly(called.values(), classes):
            bearers[_plain(choice.label)].add(choice.value)
        return {iri: _shown(name, iri, bearers[_plain(name)] == {iri}) for iri, name in called.items()}

    def meant(self, text: str, classes: tuple[str, ...]) -> tuple[str, list[Choice]]:
        """Give the IRI of the thing that a text means, or nothing and those that it may mean."""
        text = _plain(text)
        if iri := self._by_iri(text):
            return iri, []
        exact = list({one.value: one for one in self._exactly([text], classes)}.values())
        if len(exact) == 1:
            return exact[0].value, []
        if exact:
            return "", self._told([Choice(one.value, one.label, compact(one.value)) for one in exact])
        near = self._names().find(text, classes, FEW)
        safe = [match for match in near if match.score >= SAFE]
        if len(safe) == 1:
            return safe[0].thing.iri, []
        found = [Choice(thing.iri, thing.label, thing.description or compact(thing.iri)) for thing, *_ in near]
        return "", self._told(found or self._containing(text, classes))

    def known(self, iris: Iterable[str]) -> set[str]:
        """Give those of some IRIs of which something is said."""
        items = " ".join(str(item) for iri in iris if (item := _node(iri)) is not None)
        return {row["s"].value for row in store.solutions(self._graph, KNOWN.replace("ITEMS", items))}

    def alike(self, name: str, iri: str) -> list[Choice]:
        """Give the things of a class that go by a name already, written this way or nearly."""
        near = [match for match in self._names().find(name, (iri,), 3) if match.score >= SAFE]
        return [Choice(match.thing.iri, match.thing.label, match.thing.description) for match in near]

    def _by_iri(self, text: str) -> str:
        """Give the IRI that a text is, or has in brackets at its end, where something is said of it."""
        inner = text[:-1].rpartition("[")[2] if text.endswith("]") else text
        iri = expand(inner.strip())
        return iri if iri and _node(iri) is not None and self.known([iri]) else ""

    def _exactly(self, texts: Iterable[str], classes: Sequence[str]) -> list[Choice]:
        """Give the things of some classes that are called one of some texts."""
        wanted = [ox.Literal(text, language=language) if language else ox.Literal(text)
                  for text in dict.fromkeys(map(_plain, texts)) for language in ("", "en")]
        held = f"VALUES ?class {{ {_iris(classes)} }} ?s a ?class ." if classes else ""
        query = EXACTLY.replace("CLASSES", held).replace("TEXTS", " ".join(map(str, wanted)))
        return self._asked(query) if wanted else []

    def _containing(self, text: str, classes: Sequence[str]) -> list[Choice]:
        words = sorted({word for word in text.lower().split() if len(word) > 2}, key=len)[-6:]
        tests = " && ".join(f"CONTAINS(LCASE(STR(?text)), {ox.Literal(word)})" for word in words)
        query = CONTAINING.replace("CLASSES", _iris(classes)).replace("WORDS", tests)
        return [Choice(one.value, one.label, compact(one.value)) for one in self._asked(query)] if words else []

    def _told(self, found: list[Choice]) -> list[Choice]:
        """Give choices as people tell them apart: passages by their words and the source in which they stand."""
        items = _iris(one.value for one in found)
        sources = {row["s"].value: row["source"].value
                   for row in store.solutions(self._graph, FROM.replace("ITEMS", items))} if found else {}
        names = self.called([*sources, *sources.values()])
        return [Choice(one.value, names[one.value], f"{names[sources[one.value]]}, {compact(one.value)}")
                if one.value in sources else one for one in found]

    def _coded(self, having: Iterable[tuple[str, str]]) -> list[Choice]:
        said: dict[str, dict[str, str]] = defaultdict(dict)
        for predicate, value in having:
            text = CODES.replace("PROPERTY", f"<{predicate}>").replace("VALUE", f"<{value}>", 1)
            for row in store.solutions(self._graph, text):
                said[row["s"].value].setdefault(row["p"].value, row["text"].value)
        found = [Choice(iri, next((texts[one] for one in NAMING if one in texts), compact(iri)), texts.get(ABOUT, ""))
                 for iri, texts in said.items()]
        return sorted(found, key=lambda one: one.label.lower())

    def _labelled(self, query: str) -> dict[str, str]:
        """Give what the things of a query are called."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for row in store.solutions(self._graph, query):
            texts = found[row["s"].value]
            if row["text"].language in (None, "en") or row["p"].value not in texts:
                texts[row["p"].value] = row["text"].value
        return {iri: next(texts[one] for one in NAMING if one in texts) for iri, texts in found.items()}

    def _asked(self, query: str) -> list[Choice]:
        return [Choice(row["s"].value, row["text"].value) for row in store.solutions(self._graph, query)
                if isinstance(row["s"], ox.NamedNode) and isinstance(row["text"], ox.Literal)]


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None


def _written(one: ox.NamedNode | ox.Literal) -> str:
    """Give a value of a list as a form sends it."""
    return one.value if isinstance(one, ox.NamedNode) else str(one)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(name: str, iri: str, is_alone: bool) -> str:
    """Give the text by which a thing is chosen: with its IRI in brackets where its name does not do."""
    short = compact(iri)
    return name if name == short or (is_alone and not name.endswith("]")) else f"{name} [{short.strip('<>')}]"
