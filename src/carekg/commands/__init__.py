"""The commands, a module for each kind of user; :mod:`carekg.cli` puts them together."""
