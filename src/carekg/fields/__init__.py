"""What can be said of a thing, field by field, as the shapes have it: add a shape, and there is a field.

``model`` is what a field and the fields of a class are, ``reading`` takes them out of shapes and ontology, ``keys``
makes the IRIs of new things. Forms in the browser and the columns of a sheet are both made of this.
"""

from __future__ import annotations

from carekg.fields.model import Choice, Field, Fields, Kind
from carekg.fields.reading import read

__all__ = ["Choice", "Field", "Fields", "Kind", "read"]
