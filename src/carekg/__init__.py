"""carekg: an open knowledge graph of how innovations in health and social care spread."""

__version__ = "0.1.0"
