"""The rules of inference in words (https://www.w3.org/TR/owl2-profiles/, tables 4 to 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

RULES: Final[Mapping[str, str]] = {
    "prp-dom": "whatever has the property is of its domain",
    "prp-rng": "whatever the property leads to is of its range",
    "prp-spo1": "what is stated with a narrower property holds for the broader one too",
    "prp-spo2": "properties one after another give one from the first thing to the last",
    "prp-eqp1": "what is stated with one property holds for its equivalent",
    "prp-eqp2": "what is stated with one property holds for its equivalent",
    "prp-inv1": "the inverse says the same from the other end",
    "prp-inv2": "the inverse says the same from the other end",
    "prp-symp": "it holds in both directions",
    "prp-trp": "what holds from one thing to the next holds from the first to the last",
    "cax-sco": "whatever is of a kind is of the kinds above it",
    "cls-uni": "whatever is one of several kinds is of the kind that gathers them",
    "cls-int1": "whatever is of all these kinds is of the kind that is made of them",
    "cls-int2": "whatever is of a kind made of several is of each of them",
    "cls-hv1": "whatever is of the kind has the value that all of it have",
    "cls-hv2": "whatever has the value is of the kind that is defined by it",
    "cls-svf1": "whatever has such a value is of the kind that is defined by it",
    "cls-svf2": "whatever has the property at all is of the kind that is defined by it",
    "cls-avf": "all values that things of the kind have are of one kind",
}
"""The rules of the specification in words."""

SPECIFICATION: Final = ("https://www.w3.org/TR/owl2-profiles/"
                        "#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules")
