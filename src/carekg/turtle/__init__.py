"""Turtle as people keep it in git: written in one form only, read with its places, and edited where it stands.

``nesting`` finds which blank nodes can stand in brackets, ``spelling`` how a term is written, ``writing`` the one form
of a graph. ``tokens`` and ``document`` say where in a text each statement stands; ``editing`` takes statements out of
it and puts others in, and leaves every other line as it is.

No library is behind this: those that write one form only (diffable-rdf, ttlser, rdflib's own) go through rdflib, which
makes 1 of "01" and true of "1"^^xsd:boolean; and none edits a text with its comments.
"""

from __future__ import annotations

from carekg.turtle.document import Document
from carekg.turtle.editing import edited, keeps_comments
from carekg.turtle.nesting import Statement, named, statements
from carekg.turtle.writing import write

__all__ = ["Document", "Statement", "edited", "keeps_comments", "named", "statements", "write"]
