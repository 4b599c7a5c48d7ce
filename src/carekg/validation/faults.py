"""What is at fault by a result of a validation, beyond what its shape says is true of good data.

A message is one sentence for all that a property shape asks. Which of it was not so, what was found, and what would be
right, follows from the kind of constraint (https://www.w3.org/TR/shacl/#core-components) and the data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from rdflib.namespace import SH
from rdflib.term import Literal, Node, URIRef

from carekg.validation import alternatives, kinds, paths
from carekg.validation.finding import Finding
from carekg.validation.paths import listed
from carekg.validation.reading import Fault, Reading

WORDS: Final = re.compile(r"\^(?:\\s\*)?\\S\+\(\\s\+\\S\+\)\{0,(\d+)\}(?:\\s\*)?\$")
"""A pattern that asks for so many words and one, or fewer."""


def fault(read: Reading, finding: Finding) -> Fault:
    """Give what is at fault by a finding, nothing where its message has to do."""
    reader = READERS.get(finding.component)
    if reader is None:
        return Fault(f"It has {read.name(finding.value)}." if finding.value is not None else "")
    return reader(read, finding)


# --- how many --------------------------------------------------------------------------------------------------------


def _min_count(read: Reading, finding: Finding) -> Fault:
    least, there = read.number(finding, SH.minCount), len(read.values(finding))
    kind = kinds.kind(read.shapes, finding.shape, read.name)
    if len(paths.properties(finding.way)) > 1:
        kind = paths.words(finding.way, read.name)
    found = "None is given." if not there else f"Only {there} {_are(there)} given."
    give = "one" if least == 1 else f"at least {least}"
    right = f"Give {kind}." if least == 1 and kind.startswith("one ") else f"Give {give}{kind and f': {kind}'}."
    return Fault(found, right, read.wanted(finding))


def _max_count(read: Reading, finding: Finding) -> Fault:
    most, there = read.number(finding, SH.maxCount), read.values(finding)
    if paths.is_round(finding.way):
        others = [one for one in there if one != finding.focus]
        return Fault(f"{read.listed(others)} {'has' if len(others) == 1 else 'have'} the same.")
    if most == 0:
        return Fault(f"It has {read.listed(there)}.", "Leave it out.")
    keep = "Keep one of them." if most == 1 else f"Keep at most {most} of them."
    return Fault(f"There are {len(there)}: {read.listed(there)}.", keep)


def _qualified_min_count(read: Reading, finding: Finding) -> Fault:
    inner = read.parameter(finding, SH.qualifiedValueShape)
    kind = kinds.kind(read.shapes, inner, read.name)
    return Fault(f"Too few are {kind}." if kind else "Too few of the values are of the kind that is needed.",
                 f"Give at least {read.number(finding, SH.qualifiedMinCount)}.")


def _qualified_max_count(read: Reading, finding: Finding) -> Fault:
    inner = read.parameter(finding, SH.qualifiedValueShape)
    kind = kinds.kind(read.shapes, inner, read.name)
    return Fault(f"Too many are {kind}." if kind else "Too many of the values are of a kind.",
                 f"Keep at most {read.number(finding, SH.qualifiedMaxCount)}.")


def _unique_lang(read: Reading, finding: Finding) -> Fault:
    texts = [one for one in read.values(finding) if isinstance(one, Literal) and one.language]
    counted = Counter(str(one.language).lower() for one in texts)
    twice = [tag for tag, count in counted.items() if count > 1]
    found = "; ".join(f"in {kinds.language(tag)} there are {counted[tag]}: "
                      + read.listed([one for one in texts if str(one.language).lower() == tag]) for tag in twice)
    return Fault(f"{found[:1].upper()}{found[1:]}." if found else "", "Keep one in each language.")


# --- of which kind ---------------------------------------------------------------------------------------------------


def _datatype(read: Reading, finding: Finding) -> Fault:
    kind, value = kinds.kind(read.shapes, finding.shape, read.name), finding.value
    if isinstance(value, Literal) and value.datatype == read.parameter(finding, SH.datatype):
        return Fault(f"{read.name(value)} is written in a way that is not allowed.", _given(kind))
    return Fault(read.is_(value), _given(kind))


def _class(read: Reading, finding: Finding) -> Fault:
    kind = " and ".join(kinds.article(read.name(one)) for one in read.parameters(finding, SH["class"]))
    if finding.value is None:  # the thing itself has to be one
        return Fault(read.is_(finding.focus, "It"), f"Say that it is {kind}, or leave out what only {kind} has.")
    return Fault(read.is_(finding.value), _given(kind), read.wanted(finding))


def _node_kind(read: Reading, finding: Finding) -> Fault:
    kind = read.parameter(finding, SH.nodeKind)
    takes = {SH.IRI: "an address such as https://example.org/", SH.Literal: "a text or a number",
             SH.BlankNode: "something without an address"}
    return Fault(read.is_(finding.value), _given(takes.get(URIRef(str(kind)), "")))


def _in(read: Reading, finding: Finding) -> Fault:
    choices = kinds.members(read.shapes, finding.shape, SH["in"])
    right = (f"Choose one of {listed(map(read.name, choices[:kinds.FEW]), 'or')}." if len(choices) > 1
             else f"Give {read.name(choices[0])}." if choices else "")
    return Fault(f"{read.name(finding.value)} is not among what can be given." if len(choices) > 1
                 else f"It has {read.name(finding.value)}.", right, read.wanted(finding))


def _node(read: Reading, finding: Finding) -> Fault:
    wanted = read.wanted(finding)
    if finding.value is None or not wanted:
        return Fault(read.is_(finding.value) if finding.value is not None else "")
    lists = listed([f"the list of {kinds.named_list(read.name(URIRef(one)))}" for one in wanted.schemes], "or")
    return Fault(read.is_(finding.value), f"Choose one from {lists}." if lists else "", wanted)


def _or(read: Reading, finding: Finding) -> Fault:
    if finding.value is None:
        return Fault(right=alternatives.wanted(read.shapes, finding.shape, SH["or"], read.name))
    return Fault(read.is_(finding.value), _given(kinds.kind(read.shapes, finding.shape, read.name)),
                 read.wanted(finding))


def _xone(read: Reading, finding: Finding) -> Fault:
    if finding.value is not None:
        return Fault(read.is_(finding.value), _given(kinds.kind(read.shapes, finding.shape, read.name)))
    ways = alternatives.ways(read.shapes, finding.shape, SH.xone)
    there = [(way, found) for way in ways if (found := read.reached(finding, way))]
    if not there:
        return Fault("None of them is given.",
                     f"Give one of {listed([paths.words(way, read.name) for way in ways], 'or')}.")
    told = [f"{paths.words(way, read.name)} ({read.listed(found)})" for way, found in there]
    return Fault(f"It has {listed(told)}.", "Keep one of them.")


def _not(read: Reading, finding: Finding) -> Fault:
    return Fault(_given_now(read, finding), "Give another.") if finding.value is not None else Fault()


# --- by a query ------------------------------------------------------------------------------------------------------


def _queried(read: Reading, finding: Finding) -> Fault:
    """Give what the thing has by each property that the query speaks of, as far as those are literals."""
    query = str(read.shapes.value(read.parameter(finding, SH.sparql), SH.select) or "")
    there: dict[Node | None, list[Node]] = {
        way: [one for one in read.reached(finding, way) if isinstance(one, Literal)]
        for way in map(URIRef, dict.fromkeys(re.findall(r"<([^<>\s]+)>", query)))}
    told = [f"{read.name(way)} {read.listed(found)}" for way, found in there.items() if found]
    if len(told) > 1 and there.get(finding.way):
        return Fault(f"Given: {', '.join(told)}.")
    return Fault(_given_now(read, finding) if finding.value is not None else "")


# --- how it is written, how large ------------------------------------------------------------------------------------


def _language_in(read: Reading, finding: Finding) -> Fault:
    allowed = [kinds.language(str(one)) for one in kinds.members(read.shapes, finding.shape, SH.languageIn)]
    tags = [f"`{one}`" for one in kinds.members(read.shapes, finding.shape, SH.languageIn)]
    return Fault(read.is_(finding.value), f"Give a text in {listed(allowed, 'or')}, with the language "
                                          f"{listed(tags, 'or')}.")


def _pattern(read: Reading, finding: Finding) -> Fault:
    if not isinstance(finding.value, Literal):
        return Fault(read.is_(finding.value) if finding.value is not None else "")
    if most := WORDS.fullmatch(str(read.parameter(finding, SH.pattern))):
        return Fault(f"{read.name(finding.value)} has {len(str(finding.value).split()):,} words.",
                     f"Give at most {int(most[1]) + 1}.")
    kind = kinds.kind(read.shapes, finding.shape, read.name)
    return Fault(f"{read.name(finding.value)} does not fit that.", _given(kind) if " such as " in kind else "")


def _min_length(read: Reading, finding: Finding) -> Fault:
    return _length(read, finding, SH.minLength, "at least")


def _max_length(read: Reading, finding: Finding) -> Fault:
    return _length(read, finding, SH.maxLength, "at most")


def _length(read: Reading, finding: Finding, parameter: URIRef, how: str) -> Fault:
    return Fault(f"{read.name(finding.value)} has {len(str(finding.value)):,} characters.",
                 f"Give {how} {read.number(finding, parameter):,}.")


def _min_inclusive(read: Reading, finding: Finding) -> Fault:
    return _range(read, finding, SH.minInclusive, "less than", "{} or more")


def _min_exclusive(read: Reading, finding: Finding) -> Fault:
    return _range(read, finding, SH.minExclusive, "not more than", "more than {}")


def _max_inclusive(read: Reading, finding: Finding) -> Fault:
    return _range(read, finding, SH.maxInclusive, "more than", "{} or less")


def _max_exclusive(read: Reading, finding: Finding) -> Fault:
    return _range(read, finding, SH.maxExclusive, "not less than", "less than {}")


def _range(read: Reading, finding: Finding, parameter: URIRef, is_: str, right: str) -> Fault:
    end = read.parameter(finding, parameter)
    if not isinstance(finding.value, Literal) or isinstance(finding.value.toPython(), Literal | str):
        return _datatype(read, finding)  # what is no number is neither small nor large
    return Fault(f"{read.name(finding.value)} is {is_} {end}.", f"Give {right.format(end)}.")


# --- beside other values ---------------------------------------------------------------------------------------------


def _has_value(read: Reading, finding: Finding) -> Fault:
    return Fault(f"{read.name(read.parameter(finding, SH.hasValue))} is not given.", "Give that too.")


def _disjoint(read: Reading, finding: Finding) -> Fault:
    other = read.name(read.parameter(finding, SH.disjoint))
    return Fault(f"{read.name(finding.value)} is given as `{other}` too.", "Give another.")


def _equals(read: Reading, finding: Finding) -> Fault:
    other = read.name(read.parameter(finding, SH.equals))
    return Fault(f"{read.name(finding.value)} is not given both here and as `{other}`.")


def _less_than(read: Reading, finding: Finding) -> Fault:
    return _less(read, finding, SH.lessThan, "less than")


def _less_than_or_equals(read: Reading, finding: Finding) -> Fault:
    return _less(read, finding, SH.lessThanOrEquals, "at most")


def _less(read: Reading, finding: Finding, parameter: URIRef, how: str) -> Fault:
    other = read.parameter(finding, parameter)
    ends = read.reached(finding, other)
    return Fault(f"{read.name(finding.value)} is not {how} {read.listed(ends)}, which is its {read.name(other)}.")


def _given_now(read: Reading, finding: Finding) -> str:
    """Say what is given that is not right."""
    value = read.name(finding.value)
    if isinstance(finding.way, URIRef):
        return f"Given as {read.name(finding.way)}: {value}."
    return f"It has {value}."


def _given(kind: str) -> str:
    return f"Give {kind}." if kind else ""


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


READERS: Final[Mapping[str, Callable[[Reading, Finding], Fault]]] = {
    "MinCount": _min_count, "MaxCount": _max_count, "QualifiedMinCount": _qualified_min_count,
    "QualifiedMaxCount": _qualified_max_count, "UniqueLang": _unique_lang,
    "Datatype": _datatype, "Class": _class, "NodeKind": _node_kind, "In": _in,
    "Node": _node, "Or": _or, "Xone": _xone, "Not": _not, "SPARQL": _queried,
    "LanguageIn": _language_in, "Pattern": _pattern, "MinLength": _min_length,
    "MaxLength": _max_length, "MinInclusive": _min_inclusive, "MinExclusive": _min_exclusive,
    "MaxInclusive": _max_inclusive, "MaxExclusive": _max_exclusive, "HasValue": _has_value,
    "Disjoint": _disjoint, "Equals": _equals, "LessThan": _less_than,
    "LessThanOrEquals": _less_than_or_equals,
}
"""What reads the fault of a kind of constraint, by its name without ``ConstraintComponent``."""
