"""Drafts over HTTP: ``reading`` what a request proposes, and ``pages`` with all that is done with them."""
