"""Plans: an innovation is described by facts, and prepared questions are asked about the like of it."""

from __future__ import annotations

from carekg.plans.asking import answered
from carekg.plans.facts import Description, Fact, Part, Problem, Value, facts, rated, read
from carekg.plans.parts import Answer, Handed, Section

__all__ = ["Answer", "Description", "Fact", "Handed", "Part", "Problem", "Section", "Value", "answered", "facts",
           "rated", "read"]
