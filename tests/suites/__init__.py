"""The W3C suites of SPARQL: got from a package registry, read from their manifests, run on an engine or a server."""
