"""A report that a steward understands: what is wrong, by thing, in plain words, with where it was typed.

::

    told(report, unknown=(), store=None, stated=None, where=None) -> Told

``report`` is a :class:`carekg.validation.Report` (None for none), ``unknown`` the sentences on what is described
nowhere, and ``stated`` what the change states and withdraws: all three are what :func:`carekg.change.tried` gives.
``store`` is asked what things are called and what may be meant; without one, the data of the report have to do.
``where`` says where a statement was typed: ``where(subject, property, value) -> Spot | str | None``, see ``Where``.
``told_of(trial, store, where)`` takes all of a trial.

A ``Told`` has ``groups`` of ``lines``, ``blocks``, ``summary()``, ``as_text()`` for terminals, ``as_data()`` for JSON.
Pages show it with the macro ``report`` of ``templates/report.html``.
"""

from __future__ import annotations

from carekg.reports.model import Choice, Group, Line, Spot, Told, Where
from carekg.reports.telling import told, told_of

__all__ = ["Choice", "Group", "Line", "Spot", "Told", "Where", "told", "told_of"]
