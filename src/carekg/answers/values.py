"""What an answer is made of: names, receipts, claims, rows. Empty fields say nothing and may be left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A thing: the short name by which it can be asked for, and its label."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Receipt:
    """Where an answer comes from: the source, the spot in it, and the words.

    The words are the source's own unless ``paraphrased``. ``about`` tells which part of a row they bear out.
    """

    words: str
    source: Named
    where: str = ""
    paraphrased: bool = False
    issued: str = ""
    address: str = ""
    passage: str = ""
    about: str = ""


@dataclass(frozen=True)
class Claim:
    """What a source says of something: how it stands, who speaks, how sure the reader was, and the receipts.

    ``link`` tells how the claim bears on the thing that was asked for, where that is not its subject.
    """

    name: str
    kind: str
    says: str
    standing: str
    voice: str = ""
    confidence: str = ""
    link: str = ""
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Fact:
    """The values of one property; where they are ``inferred``, they follow from claims that a source holds."""

    property: str
    values: tuple[Named, ...]
    more: int = 0
    inferred: bool = False


@dataclass(frozen=True)
class Link:
    """A property by which other things point here, and how many do."""

    property: str
    count: int


@dataclass(frozen=True)
class Disagreement:
    """Where sources do not fit together, and how the graph holds it."""

    name: str
    label: str
    summary: str = ""
    handling: str = ""


@dataclass(frozen=True)
class Found:
    """A thing that a text may mean. From a score of 95 the text is a name of it; below, somebody has to look."""

    name: str
    label: str
    kinds: tuple[str, ...] = ()
    description: str = ""
    score: int = 0
    why: str = ""


@dataclass(frozen=True)
class Findings:
    """The things whose names look like what was sought, best first."""

    found: tuple[Found, ...]
    note: str = ""


@dataclass(frozen=True)
class Description:
    """A thing: what it is, what is claimed of it, and what else is known.

    ``standing`` is that of a thing which is a claim itself. ``standings`` counts all claims about a thing by standing;
    ``claims`` holds one page of them.
    """

    name: str
    iri: str
    label: str
    kinds: tuple[str, ...] = ()
    definition: str = ""
    standing: str = ""
    standings: Mapping[str, int] | None = None
    claims: tuple[Claim, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    questions: Mapping[str, str] | None = None
    note: str = ""


@dataclass(frozen=True)
class Parameter:
    """What a question takes. ``choices`` are labels, any of which may be given."""

    name: str
    label: str
    type: str
    description: str = ""
    default: str = ""
    optional: bool = False
    repeatable: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A prepared question."""

    name: str
    asks: str
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Questions:
    """The prepared questions that fit."""

    questions: tuple[Question, ...]
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One row: its values by column, the names of the things among them, and the receipts it rests on."""

    values: Mapping[str, str]
    names: Mapping[str, str]
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The answer to a prepared question: what was asked, and one page of its ``total`` rows, or a graph."""

    question: str
    asks: str
    asked: Mapping[str, str]
    total: int | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] | None = None
    counts: Mapping[str, int] | None = None
    turtle: str = ""
    note: str = ""


@dataclass(frozen=True)
class Result:
    """The result of a SPARQL query: rows by variable, where an unbound one is absent, a truth, or a graph.

    ``cut`` says that there is more than is shown.
    """

    variables: tuple[str, ...] = ()
    rows: tuple[Mapping[str, str], ...] | None = None
    truth: bool | None = None
    turtle: str = ""
    cut: bool = False
    note: str = ""


@dataclass(frozen=True)
class Passage:
    """A passage as a receipt, and what rests on it."""

    receipt: Receipt
    bears_out: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Passages:
    """One page of the ``total`` passages that a thing, its claims or a source have."""

    of: Named
    total: int
    passages: tuple[Passage, ...]
    note: str = ""


@dataclass(frozen=True)
class Term:
    """A class or a property of the vocabulary; ``derived`` ones follow from claims that are held."""

    name: str
    kind: str
    label: str = ""
    definition: str = ""
    said_of: tuple[str, ...] = ()
    leads_to: tuple[str, ...] = ()
    kind_of: tuple[str, ...] = ()
    uses: int = 0
    derived: bool = False


@dataclass(frozen=True)
class Words:
    """What a SPARQL query can be written with: prefixes, classes and properties; schemes of concepts by prefix."""

    prefixes: Mapping[str, str]
    terms: tuple[Term, ...]
    schemes: Mapping[str, str] | None = None
    note: str = ""
