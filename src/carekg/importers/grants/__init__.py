"""Grants in the format of the 360Giving Data Standard (https://standard.threesixtygiving.org/) become awards.

A file may hold a million of them, so it is read as a stream: ``reading`` opens it (``packages`` JSON, ``tables`` the
spreadsheet form), ``rules`` holds each grant against the standard's schema, which lies in ``standard/``, ``mapping``
says it in our vocabulary, ``known`` looks up what the graph has already, ``importing`` makes a change of each batch,
and ``reports`` tells what was wrong.
"""
