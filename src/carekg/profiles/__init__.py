"""The page of a thing, made of sections: each the answer to a prepared question with the thing as its argument."""

from carekg.profiles.answering import HELD, Answered, Line, Marks, answered
from carekg.profiles.comparing import FEWEST, MOST, SHOWN, Compared, Comparison, Place, Value, compared
from carekg.profiles.declared import Section, kinds, sections

__all__ = ["FEWEST", "HELD", "MOST", "SHOWN", "Answered", "Compared", "Comparison", "Line", "Marks", "Place", "Section",
           "Value", "answered", "compared", "kinds", "sections"]
