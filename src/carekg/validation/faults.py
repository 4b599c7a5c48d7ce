"""What is at fault by a result of a validation, beyond what its shape says is true of good data.

A message is one sentence for all that a property shape asks. Which of it was not so, what was found, and what would be
right, follows from the kind of constraint (https://www.w3.org/TR/shacl/#core-components) and the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rdflib import Graph
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Literal, Node, URIRef

from carekg.validation import alternatives, kinds, paths
from carekg.validation.finding import Finding
from carekg.validation.kinds import Wanted
from carekg.validation.paths import Naming, listed

SHOWN: Final = 6
"""Values that a sentence names."""


@dataclass(frozen=True)
class Fault:
    """What was found, what would be right, each a sentence or nothing; and from where the value is to be chosen."""

    found: str = ""
    right: str = ""
    wanted: Wanted = field(default_factory=Wanted)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.found, self.right)))


@dataclass(frozen=True)
class Reading:
    """Reads faults out of the data and the shapes that a validation was of; ``name`` says what things are called.

    ``kind`` says what a thing is where that is known better than from the data, of which a part may be enough for a
    verdict.
    """

    data: Graph
    shapes: Graph
    name: Naming
    kind: Callable[[Node], str] | None = None

    def fault(self, finding: Finding) -> Fault:
        """Give what is at fault by a finding, nothing where its message has to do."""
        read = READERS.get(finding.component)
        if read is None:
            return Fault(f"It has {self.name(finding.value)}." if finding.value is not None else "")
        return read(self, finding)

    # --- how many -------------------------------------------------------------------------------------------------

    def _min_count(self, finding: Finding) -> Fault:
        least, there = self._number(finding, SH.minCount), len(self._values(finding))
        kind = kinds.kind(self.shapes, finding.shape, self.name)
        if len(paths.properties(finding.way)) > 1:
            kind = paths.words(finding.way, self.name)
        found = "None is given." if not there else f"Only {there} {_are(there)} given."
        give = "one" if least == 1 else f"at least {least}"
        right = f"Give {kind}." if least == 1 and kind.startswith("one ") else f"Give {give}{kind and f': {kind}'}."
        return Fault(found, right, self._wanted(finding))

    def _max_count(self, finding: Finding) -> Fault:
        most, there = self._number(finding, SH.maxCount), self._values(finding)
        if paths.is_round(finding.way):
            others = [one for one in there if one != finding.focus]
            return Fault(f"{self._listed(others)} {'has' if len(others) == 1 else 'have'} the same.")
        if most == 0:
            return Fault(f"It has {self._listed(there)}.", "Leave it out.")
        keep = "Keep one of them." if most == 1 else f"Keep at most {most} of them."
        return Fault(f"There are {len(there)}: {self._listed(there)}.", keep)

    def _qualified_min_count(self, finding: Finding) -> Fault:
        inner = self._parameter(finding, SH.qualifiedValueShape)
        kind = kinds.kind(self.shapes, inner, self.name)
        return Fault(f"Too few are {kind}." if kind else "Too few of the values are of the kind that is needed.",
                     f"Give at least {self._number(finding, SH.qualifiedMinCount)}.")

    def _qualified_max_count(self, finding: Finding) -> Fault:
        inner = self._parameter(finding, SH.qualifiedValueShape)
        kind = kinds.kind(self.shapes, inner, self.name)
        return Fault(f"Too many are {kind}." if kind else "Too many of the values are of a kind.",
                     f"Keep at most {self._number(finding, SH.qualifiedMaxCount)}.")

    def _unique_lang(self, finding: Finding) -> Fault:
        texts = [one for one in self._values(finding) if isinstance(one, Literal) and one.language]
        counted = Counter(str(one.language).lower() for one in texts)
        twice = [tag for tag, count in counted.items() if count > 1]
        found = "; ".join(f"in {kinds.language(tag)} there are {counted[tag]}: "
                          + self._listed([one for one in texts if str(one.language).lower() == tag]) for tag in twice)
        return Fault(f"{found[:1].upper()}{found[1:]}." if found else "", "Keep one in each language.")

    # --- of which kind --------------------------------------------------------------------------------------------

    def _datatype(self, finding: Finding) -> Fault:
        kind, value = kinds.kind(self.shapes, finding.shape, self.name), finding.value
        if isinstance(value, Literal) and value.datatype == self._parameter(finding, SH.datatype):
            return Fault(f"{self.name(value)} is written in a way that is not allowed.", _given(kind))
        return Fault(self._is(value), _given(kind))

    def _class(self, finding: Finding) -> Fault:
        kind = " and ".join(kinds.article(self.name(one)) for one in self._parameters(finding, SH["class"]))
        if finding.value is None:  # the thing itself has to be one
            return Fault(self._is(finding.focus, "It"), f"Say that it is {kind}, or leave out what only {kind} has.")
        return Fault(self._is(finding.value), _given(kind), self._wanted(finding))

    def _node_kind(self, finding: Finding) -> Fault:
        kind = self._parameter(finding, SH.nodeKind)
        takes = {SH.IRI: "an address such as https://example.org/", SH.Literal: "a text or a number",
                 SH.BlankNode: "something without an address"}
        return Fault(self._is(finding.value), _given(takes.get(URIRef(str(kind)), "")))

    def _in(self, finding: Finding) -> Fault:
        choices = kinds.members(self.shapes, finding.shape, SH["in"])
        right = (f"Choose one of {listed(map(self.name, choices[:kinds.FEW]), 'or')}." if len(choices) > 1
                 else f"Give {self.name(choices[0])}." if choices else "")
        return Fault(f"{self.name(finding.value)} is not among what can be given." if len(choices) > 1
                     else f"It has {self.name(finding.value)}.", right, self._wanted(finding))

    def _node(self, finding: Finding) -> Fault:
        wanted = self._wanted(finding)
        if finding.value is None or not wanted:
            return Fault(self._is(finding.value) if finding.value is not None else "")
        lists = listed([f"the list of {kinds.named_list(self.name(URIRef(one)))}" for one in wanted.schemes], "or")
        return Fault(self._is(finding.value), f"Choose one from {lists}." if lists else "", wanted)

    def _or(self, finding: Finding) -> Fault:
        if finding.value is None:
            return Fault(right=alternatives.wanted(self.shapes, finding.shape, SH["or"], self.name))
        return Fault(self._is(finding.value), _given(kinds.kind(self.shapes, finding.shape, self.name)),
                     self._wanted(finding))

    def _xone(self, finding: Finding) -> Fault:
        if finding.value is not None:
            return Fault(self._is(finding.value), _given(kinds.kind(self.shapes, finding.shape, self.name)))
        ways = alternatives.ways(self.shapes, finding.shape, SH.xone)
        there = [(way, found) for way in ways if (found := self._reached(finding, way))]
        if not there:
            return Fault("None of them is given.",
                         f"Give one of {listed([paths.words(way, self.name) for way in ways], 'or')}.")
        told = [f"{paths.words(way, self.name)} ({self._listed(found)})" for way, found in there]
        return Fault(f"It has {listed(told)}.", "Keep one of them.")

    def _not(self, finding: Finding) -> Fault:
        return Fault(f"It has {self.name(finding.value)}.") if finding.value is not None else Fault()

    # --- how it is written, how large -----------------------------------------------------------------------------

    def _language_in(self, finding: Finding) -> Fault:
        allowed = [kinds.language(str(one)) for one in kinds.members(self.shapes, finding.shape, SH.languageIn)]
        tags = [f"`{one}`" for one in kinds.members(self.shapes, finding.shape, SH.languageIn)]
        return Fault(self._is(finding.value), f"Give a text in {listed(allowed, 'or')}, with the language "
                                              f"{listed(tags, 'or')}.")

    def _pattern(self, finding: Finding) -> Fault:
        if not isinstance(finding.value, Literal):
            return Fault(self._is(finding.value) if finding.value is not None else "")
        kind = kinds.kind(self.shapes, finding.shape, self.name)
        return Fault(f"{self.name(finding.value)} does not fit that.", _given(kind) if " such as " in kind else "")

    def _min_length(self, finding: Finding) -> Fault:
        return self._length(finding, SH.minLength, "at least")

    def _max_length(self, finding: Finding) -> Fault:
        return self._length(finding, SH.maxLength, "at most")

    def _length(self, finding: Finding, parameter: URIRef, how: str) -> Fault:
        return Fault(f"{self.name(finding.value)} has {len(str(finding.value)):,} characters.",
                     f"Give {how} {self._number(finding, parameter):,}.")

    def _min_inclusive(self, finding: Finding) -> Fault:
        return self._range(finding, SH.minInclusive, "less than", "{} or more")

    def _min_exclusive(self, finding: Finding) -> Fault:
        return self._range(finding, SH.minExclusive, "not more than", "more than {}")

    def _max_inclusive(self, finding: Finding) -> Fault:
        return self._range(finding, SH.maxInclusive, "more than", "{} or less")

    def _max_exclusive(self, finding: Finding) -> Fault:
        return self._range(finding, SH.maxExclusive, "not less than", "less than {}")

    def _range(self, finding: Finding, parameter: URIRef, is_: str, right: str) -> Fault:
        end = self._parameter(finding, parameter)
        if not isinstance(finding.value, Literal) or isinstance(finding.value.toPython(), Literal | str):
            return self._datatype(finding)  # what is no number is neither small nor large
        return Fault(f"{self.name(finding.value)} is {is_} {end}.", f"Give {right.format(end)}.")

    # --- beside other values --------------------------------------------------------------------------------------

    def _has_value(self, finding: Finding) -> Fault:
        return Fault(f"{self.name(self._parameter(finding, SH.hasValue))} is not given.", "Give that too.")

    def _disjoint(self, finding: Finding) -> Fault:
        other = self.name(self._parameter(finding, SH.disjoint))
        return Fault(f"{self.name(finding.value)} is given as `{other}` too.", "Give another.")

    def _equals(self, finding: Finding) -> Fault:
        other = self.name(self._parameter(finding, SH.equals))
        return Fault(f"{self.name(finding.value)} is not given both here and as `{other}`.")

    def _less_than(self, finding: Finding) -> Fault:
        return self._less(finding, SH.lessThan, "less than")

    def _less_than_or_equals(self, finding: Finding) -> Fault:
        return self._less(finding, SH.lessThanOrEquals, "at most")

    def _less(self, finding: Finding, parameter: URIRef, how: str) -> Fault:
        other = self._parameter(finding, parameter)
        ends = self._reached(finding, other)
        return Fault(f"{self.name(finding.value)} is not {how} {self._listed(ends)}, which is its {self.name(other)}.")

    # --- what is read -------------------------------------------------------------------------------------------------

    def _is(self, value: Node | None, called: str = "") -> str:
        """Say what a value is: a text, one in a language, a thing of a class."""
        if value is None:
            return ""
        if isinstance(value, Literal):
            if value.language:
                return f"{self.name(Literal(str(value)))} is a text in {kinds.language(value.language)}."
            kind = kinds.DATATYPES.get(value.datatype or XSD.string, "a value").partition(" such as")[0]
            return f"{self.name(value)} is {kind}."
        kind = self.kind(value) if self.kind else self._said_class(value)
        return f"{called or self.name(value)} is {kind}." if kind else "" if called else f"It has {self.name(value)}."

    def _said_class(self, value: Node) -> str:
        classes = sorted(self.data.objects(value, RDF.type), key=str)
        return listed([kinds.article(self.name(one)) for one in classes[:3]]) if classes else ""

    def _values(self, finding: Finding) -> list[Node]:
        return self._reached(finding, finding.way)

    def _reached(self, finding: Finding, way: Any) -> list[Node]:
        return [] if finding.focus is None else paths.values(self.data, finding.focus, way)

    def _listed(self, values: list[Node]) -> str:
        left = len(values) - SHOWN
        return listed([*map(self.name, values[:SHOWN]), *([f"{left} more"] if left > 0 else [])])

    def _parameter(self, finding: Finding, parameter: URIRef) -> Any:
        return self.shapes.value(finding.shape, parameter) if finding.shape is not None else None

    def _parameters(self, finding: Finding, parameter: URIRef) -> list[Node]:
        return list(self.shapes.objects(finding.shape, parameter)) if finding.shape is not None else []

    def _number(self, finding: Finding, parameter: URIRef) -> int:
        try:
            return int(str(self._parameter(finding, parameter)))
        except ValueError:
            return 1

    def _wanted(self, finding: Finding) -> Wanted:
        return kinds.wanted(self.shapes, finding.shape)


def _given(kind: str) -> str:
    return f"Give {kind}." if kind else ""


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


READERS: Final[Mapping[str, Callable[[Reading, Finding], Fault]]] = {
    "MinCount": Reading._min_count, "MaxCount": Reading._max_count, "QualifiedMinCount": Reading._qualified_min_count,
    "QualifiedMaxCount": Reading._qualified_max_count, "UniqueLang": Reading._unique_lang,
    "Datatype": Reading._datatype, "Class": Reading._class, "NodeKind": Reading._node_kind, "In": Reading._in,
    "Node": Reading._node, "Or": Reading._or, "Xone": Reading._xone, "Not": Reading._not,
    "LanguageIn": Reading._language_in, "Pattern": Reading._pattern, "MinLength": Reading._min_length,
    "MaxLength": Reading._max_length, "MinInclusive": Reading._min_inclusive, "MinExclusive": Reading._min_exclusive,
    "MaxInclusive": Reading._max_inclusive, "MaxExclusive": Reading._max_exclusive, "HasValue": Reading._has_value,
    "Disjoint": Reading._disjoint, "Equals": Reading._equals, "LessThan": Reading._less_than,
    "LessThanOrEquals": Reading._less_than_or_equals,
}
"""What reads the fault of a kind of constraint, by its name without ``ConstraintComponent``."""
