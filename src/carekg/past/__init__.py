"""The history of a graph, for those who look back: who stated what, how it was, and the whole of it to take along.

``blame``
    each statement of a thing with the change that made it
``log``
    all changes as one RDF Patch log, and a store made again from nothing but that
``copies``
    a backup that is taken while others write, and its return
"""
