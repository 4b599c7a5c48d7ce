"""A made-up update that is taken apart does what the engine does with the whole of it."""

from collections.abc import Iterable

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from carekg import update
from made_up import PROLOGUES, STEPS, Step, spaced
from updating import assert_repeatable, full, held, outcome, worked_out


def by_engine(store: ox.Store, steps: Iterable[Step]) -> None:
    """Do each operation as the engine does; what it does to graphs that are not there, or empty, as is specified.

    The engine rewrites ADD, COPY and MOVE, and then neither minds that a graph is missing nor makes an empty copy.
    """
    for step in steps:
        words = [word for word in " ".join(step.words).split() if word not in ("GRAPH", "SILENT", "TO")]
        if step.kind in ("ADD", "MOVE", "COPY"):
            source, target = (_node(word) for word in words[1:])
            if source and not store.contains_named_graph(source):
                if "SILENT" in step.words:
                    continue
                raise RuntimeError("missing")
            store.update(" ".join([*PROLOGUES, *step.words]))
            if target and source != target:
                store.add_graph(target)
        else:
            store.update(" ".join([*PROLOGUES, *step.words]))


def _node(word: str) -> ox.NamedNode | None:
    return None if word == "DEFAULT" else ox.NamedNode(word.strip("<>").replace("ex:", "x:"))


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_an_update_taken_apart_does_what_the_engine_does_with_the_whole(data: st.DataObject) -> None:
    steps = data.draw(st.lists(STEPS, min_size=1, max_size=4))
    steps = [Step(tuple(word.replace("_:", f"_:n{number}") for word in step.words), step.kind)
             for number, step in enumerate(steps)]
    declared = " ".join(PROLOGUES).split()
    again = st.sampled_from([[], declared])
    text = data.draw(spaced([*declared, *(word for step in steps for word in (*step.words, ";", *data.draw(again)))]))
    before, expected, worked = full(), full(), full()
    right = outcome(by_engine, expected, steps)
    found = outcome(worked_out, worked, text)
    assert (found == "fails") == (right == "fails"), text
    if found != "fails":
        assert held(worked) == held(expected), text
        assert_repeatable(found, before, worked)


@given(st.lists(st.sampled_from(["INSERT", "DELETE", "DATA", "WHERE", "{", "}", ";", "<x:a>", "?s", '"', "'''", "#",
                                 "\n", "WITH", "USING", "GRAPH", "DROP", "ALL", "PREFIX", "a:", "BASE", ".", "(",
                                 "\\"])))
@settings(deadline=None)
def test_no_text_does_more_than_the_engine_lets_it(words: list[str]) -> None:
    text = " ".join(words)
    expected, worked = full(), full()
    right, found = outcome(expected.update, text), outcome(worked_out, worked, text)
    if right == "fails":
        declares = any("declares" in one for one in update.operations(text))
        assert found == "fails" or declares
    else:
        assert found != "fails"
        assert held(worked) == held(expected)
