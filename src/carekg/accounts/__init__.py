"""Who may do what: users with passwords, tokens of programs, and the role that each of them has.

Both are kept in files beside the store, that only their owner may write: ``users`` and ``tokens`` by name, with
``passwords`` and tokens as hashes; ``roles`` is the one table of what each role may do, ``signing`` has the key of
sessions.
"""
