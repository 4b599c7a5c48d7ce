"""What the first to ask would wait for is made ready a while after a server's start."""

import pathlib

import pytest

from carekg import folder, query, vocabulary, web
from carekg.search import Index
from carekg.store.embedded import EmbeddedStore
from carekg.web import warming
from pages import page


def test_the_vocabulary_is_read_and_the_index_begun_before_anybody_asks(
    shipped: pathlib.Path, good_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[Index] = []
    monkeypatch.setattr(Index, "start", lambda self: begun.append(self))
    app = web.create_app(query.Asker(query.catalogue(folder.queries(shipped)), good_store))
    warming.begin(app, calm=0).join()
    monkeypatch.delattr(vocabulary, "described")  # it cannot be read again
    assert [index.asker.graph for index in begun] == [good_store]
    assert "Innovation" in page(app.test_client(), "/def").ids


def test_a_store_without_a_graph_is_told_to_those_who_ask_and_ends_nothing(tmp_path: pathlib.Path) -> None:
    with EmbeddedStore(tmp_path / "store") as empty:
        app = web.create_app(query.Asker({}, empty))
        warming.begin(app, calm=0).join()
        assert app.test_client().get("/def").status_code == 503
