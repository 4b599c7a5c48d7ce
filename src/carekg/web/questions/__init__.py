"""Prepared questions on the web: their list, a page for each with its form and answer, and answers to take along."""

from carekg.web.questions.listing import groups
from carekg.web.questions.routes import blueprint

__all__ = ["blueprint", "groups"]
