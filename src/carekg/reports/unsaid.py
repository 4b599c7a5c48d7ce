"""What a rule says whose shape has no sentence for it, in place of what the validator says of its own accord."""

from __future__ import annotations

from typing import Final

from rdflib import Graph
from rdflib.namespace import SH

from carekg.validation.finding import OF_FORM, Finding

PLAIN: Final = {"MinCount", "MaxCount", "QualifiedMinCount", "QualifiedMaxCount", "UniqueLang", "LanguageIn",
                "Datatype", "Class", "NodeKind", "HasValue", "Equals", "Disjoint", "LessThan", "LessThanOrEquals",
                *OF_FORM} - {"Pattern"}
"""Kinds of constraint of which what was found and what would be right say it all."""

RULES: Final = {
    "Node": "It conforms to the shape that `sh:node` names.",
    "Not": "It does not conform to the shape that `sh:not` names.",
    "And": "It conforms to all shapes that `sh:and` names.",
    "Or": "It conforms to one at least of the shapes that `sh:or` names.",
    "Xone": "It conforms to exactly one of the shapes that `sh:xone` names.",
    "Closed": "It has no property but those that its closed shape names.",
}
"""Sentences for the others (https://www.w3.org/TR/shacl/#core-components)."""

QUERIED: Final = "A query of the shapes finds it wrong."


def rule(finding: Finding, shapes: Graph) -> str:
    """Give the sentence of a shape; without one what the kind of constraint asks for, nothing where that is plain."""
    if finding.shape is None or shapes.value(finding.shape, SH.message) is not None:
        return finding.message
    if finding.component == "Pattern":
        patterns = sorted(map(str, shapes.objects(finding.shape, SH.pattern)))
        return f"It fits the pattern {' and '.join(f'`{one}`' for one in patterns)}."
    if finding.component in PLAIN:
        return ""
    return RULES.get(finding.component, finding.message)
