"""Linked data: a document about each IRI that the project mints, as a page and as RDF."""
