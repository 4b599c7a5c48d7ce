"""Grants in the format of the 360Giving Data Standard (https://standard.threesixtygiving.org/) become awards.

A file may hold a million of them, so it is read as a stream: ``reading`` opens it (``packages`` JSON, ``tables`` the
spreadsheet form, its rows by ``cells``), ``rules`` holds each grant against the standard's schema, which lies in
``standard/``, ``checking`` does so with a whole file, ``documents`` tells whence a grant is, ``mapping`` says it in our
vocabulary, ``known`` looks up what the graph has already and ``bodies`` which organisation is meant, ``importing``
makes a change of each batch, and ``reports`` tells what was wrong.
"""
