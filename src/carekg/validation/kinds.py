"""What a shape takes as a value, in words, and from which lists it is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rdflib import Graph
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH, SKOS, XSD
from rdflib.term import Node, URIRef

from carekg.validation.paths import Naming, listed

DATATYPES: Final = {
    XSD.string: "a plain text", RDF.langString: "a text with its language", XSD.integer: "a whole number such as 12",
    XSD.decimal: "a number such as 12.5", XSD.double: "a number such as 12.5", XSD.boolean: "true or false",
    XSD.date: "a day such as 2024-05-31", XSD.gYearMonth: "a month such as 2024-05", XSD.gYear: "a year such as 2024",
    XSD.dateTime: "a moment such as 2024-05-31T12:00:00", XSD.anyURI: "an address such as https://example.org/",
}
LANGUAGES: Final = {"en": "English", "cy": "Welsh", "gd": "Gaelic", "fr": "French", "de": "German"}
FEW: Final = 12
"""Choices that a sentence lists."""


@dataclass(frozen=True)
class Wanted:
    """From where a value is chosen: things of classes, concepts of schemes, or the choices themselves."""

    classes: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    choices: tuple[Node, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.classes or self.schemes or self.choices)


def kind(shapes: Graph, shape: Node | None, name: Naming) -> str:
    """Say what a shape takes as a value, such as ``a place`` or ``a text in English``; nothing for else."""
    return listed(_kinds(shapes, shape, name), "or") if shape is not None else ""


def _kinds(shapes: Graph, shape: Node, name: Naming) -> Iterator[str]:
    languages = [language(str(one)) for one in members(shapes, shape, SH.languageIn)]
    if choices := members(shapes, shape, SH["in"]):
        yield f"one of {listed(map(name, choices[:FEW]), 'or')}" if len(choices) > 1 else name(choices[0])
    elif languages:
        yield f"a text in {listed(languages, 'or')}"
    elif (datatype := shapes.value(shape, SH.datatype)) is not None:
        yield DATATYPES.get(URIRef(str(datatype)), f"a value of the type {name(datatype)}")
    elif classes := list(shapes.objects(shape, SH["class"])):
        yield " and ".join(article(name(one)) for one in classes)
    elif scheme := next(iter(wanted(shapes, shape).schemes), None):
        yield f"one from the list of {named_list(name(URIRef(scheme)))}"
    elif shapes.value(shape, SH["or"]) is not None or shapes.value(shape, SH.xone) is not None:
        for one in [*members(shapes, shape, SH["or"]), *members(shapes, shape, SH.xone)]:
            yield from _kinds(shapes, one, name)
    elif shapes.value(shape, SH.nodeKind) == SH.IRI:
        yield "an address such as https://example.org/"


def wanted(shapes: Graph, shape: Node | None) -> Wanted:
    """Give from where the values of a shape are chosen."""
    if shape is None:
        return Wanted()
    parts = [shape, *members(shapes, shape, SH["or"]), *members(shapes, shape, SH.xone)]
    classes = [str(one) for part in parts for one in shapes.objects(part, SH["class"])]
    schemes = [str(one) for part in parts for inner in shapes.objects(part, SH.node)
               for each in shapes.objects(inner, SH.property) if shapes.value(each, SH.path) == SKOS.inScheme
               for one in shapes.objects(each, SH.hasValue)]
    choices = [one for part in parts for one in members(shapes, part, SH["in"])]
    return Wanted(tuple(classes), tuple(schemes), tuple(choices))


def members(shapes: Graph, shape: Node | None, parameter: URIRef) -> list[Node]:
    """Give the members of the list that a parameter of a shape has."""
    if shape is None:
        return []
    return [one for head in shapes.objects(shape, parameter) for one in Collection(shapes, head)]


def language(tag: str) -> str:
    """Give the name of a language, by its tag where that is all that is known."""
    return LANGUAGES.get(tag.lower().partition("-")[0], f"the language `{tag}`")


def article(words: str) -> str:
    """Give a noun with its article, as it stands within a sentence."""
    first, second = words[:1], words[1:2]
    inside = words if second.isupper() or not second else first.lower() + words[1:]
    return f"{'an' if inside[:1].lower() in 'aeiou' else 'a'} {inside}"


def named_list(words: str) -> str:
    """Give what a list is of, for a name such as ``List of voices`` or ``Voices``."""
    return words[:1].lower() + words[1:] if not words[1:2].isupper() else words
