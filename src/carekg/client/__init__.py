"""The graph in notebooks and scripts: connect, ask, and take the answer along as a data frame.

::

    import carekg
    kg = carekg.connect("http://127.0.0.1:8000")
    kg.ask("innovations-by-route-and-factor", route="licensing-and-affiliation").to_pandas()

A server and a store on this machine give the same answers and the same errors.
"""

from carekg.client.answer import Answer
from carekg.client.connecting import connect
from carekg.client.graph import Graph
from carekg.client.questions import Question, Questions
from carekg.client.shaping import Column

__all__ = ["Answer", "Column", "Graph", "Question", "Questions", "connect"]
