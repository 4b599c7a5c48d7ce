"""The history over HTTP: ``pages`` of changes and of who stated what, ``data`` to take it along."""
