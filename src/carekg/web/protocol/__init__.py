"""The SPARQL protocols: queries and updates, whole graphs, and the description of the service."""
