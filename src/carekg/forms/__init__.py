"""Forms from shapes: add the shape, get the form.

``reading`` makes a form of each class from the shapes in the graph; ``filling`` puts into it what the graph states of a
thing, ``sending`` what somebody has typed; ``choices`` tells which thing a typed name means, ``typed`` which value a
text is; ``difference`` gives the quads by which the one differs from the other, ``minting`` an IRI for what is new,
``telling`` the field that a finding of the validation is about. Nothing is written here: what comes out is a change.
"""
