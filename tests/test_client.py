"""The client: a server and a store on this machine give the same answers, the same errors, and the same help."""

import functools
import inspect
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
from werkzeug.serving import make_server

import carekg
import folders
import small
from carekg import errors, folder, query, web
from carekg.client import Answer, Graph
from carekg.client import server as client_server
from carekg.query.deprecated import Deprecated
from carekg.store.embedded import EmbeddedStore
from peers import Peer

Asking = Callable[[Graph], object]


@pytest.fixture(scope="module")
def address(good_folder: Path, good_store: EmbeddedStore) -> Iterator[str]:
    """The address of a real server over the small world."""
    app = web.create_app(query.Asker(query.catalogue(folder.queries(good_folder)), good_store))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def local(good_folder: Path, good_store: EmbeddedStore) -> Iterator[Graph]:
    """The small world as it stands on this machine."""
    with carekg.connect(good_folder, store=good_store.path) as one:
        yield one


@pytest.fixture(scope="module")
def remote(address: str) -> Iterator[Graph]:
    """The same, by its server."""
    with carekg.connect(address) as one:
        yield one


def said(ask: Asking, graph: Graph) -> object:
    """What an answer says, or which error there was and in which words."""
    try:
        found = ask(graph)
    except errors.CarekgError as error:
        return type(error).__name__, str(error)
    if isinstance(found, Answer):
        return found.columns, found.to_dicts("rows"), found.to_dicts(), found.asks, found.asked, found.note, found.cut
    return found


def test_a_package_that_is_imported_loads_nothing_but_itself() -> None:
    text = "import sys, carekg; print([one for one in sys.modules if 'carekg' in one], 'connect' in dir(carekg))"
    run = subprocess.run([sys.executable, "-S", "-c", text], capture_output=True, text=True, check=True,
                         env={**os.environ, "PYTHONPATH": str(small.ROOT / "src")})
    assert run.stdout == "['carekg'] True\n"
    assert carekg.connect.__module__ == "carekg.client.connecting"


def test_what_the_package_does_not_have_is_told_as_python_tells_it() -> None:
    with pytest.raises(AttributeError, match="module 'carekg' has no attribute 'conect'"):
        carekg.conect  # noqa: B018


# --- the same from both --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", folders.QUESTIONS)
def test_a_server_and_a_store_give_the_same_answer_to_a_question(name: str, local: Graph, remote: Graph) -> None:
    def ask(graph: Graph) -> Answer:
        return graph.ask(name)

    assert said(ask, local) == said(ask, remote)


@pytest.mark.parametrize("ask", [
    lambda kg: kg.ask("innovations-by-rout"),
    lambda kg: kg.ask("innovations-by-route", rout="x"),
    lambda kg: kg.ask("innovations-by-route", _page=2),
    lambda kg: kg.ask("innovations-by-route", route="licencing"),
    lambda kg: kg.ask("innovations-by-route", route=["partnerships", "licensing-and-affiliation"]),
    lambda kg: kg.ask("innovations-by-route", route=""),
    lambda kg: kg.ask("innovations-by-route", route="partnerships"),
    lambda kg: kg.ask("innovations-by-route-and-factor", route="licensing-and-affiliation", strength=None),
    lambda kg: kg.ask("place-and-successors", place="'} DROP ALL #"),
    lambda kg: kg.choices("route"),
    lambda kg: kg.choices("nobody"),
    lambda kg: kg.choices("level"),
    lambda kg: kg.choices("factor", "innovations-by-route"),
    lambda kg: kg.describe("innovation:nobody"),
    lambda kg: kg.find("lantern"),
    lambda kg: kg.find("lantern", most=1),
    lambda kg: kg.find("lantern", kind="care:Innovation", most=30),
    lambda kg: kg.find("lantren wlaks"),
    lambda kg: kg.find("zzzzzz"),
    lambda kg: kg.find("lantern", colour="red"),
    lambda kg: kg.find("x" * 5000),
    lambda kg: kg.find("lantern", most=0),
    lambda kg: kg.find("lantern", most=-1),
    lambda kg: kg.find(" "),
    lambda kg: kg.describe("no such thing"),
    lambda kg: kg.sparql("SELECT ?kind (COUNT(*) AS ?things) WHERE { ?thing a ?kind } GROUP BY ?kind ORDER BY ?kind"),
    lambda kg: kg.sparql("ASK { ?a ?b ?c }"),
    lambda kg: kg.sparql("SELECT * WHERE { ?s ?p }"),
    lambda kg: kg.sparql("INSERT DATA { <x:a> <x:b> <x:c> }"),
    lambda kg: kg.sparql("SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"),
    lambda kg: kg.sparql("CONSTRUCT WHERE { ?s a <https://w3id.org/carekg/def#Innovation> }"),
    lambda kg: [kg.questions[name].__doc__ for name in kg.questions],
    lambda kg: [str(inspect.signature(kg.questions[name])) for name in kg.questions],
    lambda kg: repr(kg.questions), lambda kg: kg.questions._repr_html_(),
    lambda kg: kg.questions["no such question"],
])
def test_a_server_and_a_store_say_the_same(ask: Asking, local: Graph, remote: Graph) -> None:
    assert said(ask, local) == said(ask, remote)


def test_a_thing_is_described_with_words_and_iris(local: Graph, remote: Graph) -> None:
    key = local.ask("innovations-in-place", place=local.choices("place")[0]["label"])
    assert key.columns[0].name == "innovation"
    for graph in (local, remote):
        thing = graph.sparql("SELECT ?x WHERE { ?x a <https://w3id.org/carekg/def#Innovation> }")[0]["x_iri"]
        found = graph.describe(thing)
        assert {"property", "property_iri", "value", "value_iri"} == set(found[0])
        assert "label" in {row["property"].rpartition(":")[2] for row in found}


def test_an_answer_tells_where_it_is_found_again(local: Graph, remote: Graph, address: str) -> None:
    given = {"route": "licensing-and-affiliation", "strength": ""}
    path = "/queries/innovations-by-route-and-factor?route=licensing-and-affiliation&strength="
    here, there = (graph.ask("innovations-by-route-and-factor", **given) for graph in (local, remote))
    assert (here.address, there.address) == (path, address + path)
    response = urllib3.request("GET", there.address, headers={"Accept": "text/csv"}, retries=False)
    assert response.status == 200


def test_an_empty_answer_says_the_sentence_of_its_question_and_why(local: Graph, remote: Graph, address: str) -> None:
    for graph in (local, remote):
        none = graph.ask("innovations-by-route", route="licensing-and-affiliation")
        assert (len(none), none.note) == (0, "No innovation is linked to this route, not even as a candidate.")
        assert list(none.to_pandas().columns)[:2] == ["innovation", "innovation_iri"]
        assert none.note in none._repr_html_()
        assert none.note in repr(none)
        reasons = [one.replace(address, "") for one in none.why()]
        assert reasons == [one.replace(address, "") for one in local.ask(none.question, **none.asked).why()] != []
        assert all(" " in one for one in reasons)
        assert graph.ask("routes-and-innovations").why() == []


# --- help and completion -------------------------------------------------------------------------------------------


def test_questions_are_functions_with_a_signature_that_completion_reads(local: Graph) -> None:
    asked = local.questions.innovations_by_route_and_factor
    parameters = inspect.signature(asked).parameters
    assert list(parameters) == ["route", "factor", "strength", "basis"]
    assert {one.kind for one in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters["basis"].default is None
    assert "innovations_by_route" in dir(local.questions)
    assert list(asked(route="partnerships")) == list(
        local.ask("innovations-by-route-and-factor", route="partnerships"))
    assert "innovations-by-route" in local.questions
    assert len(local.questions) == len(folders.QUESTIONS) == len(local.questions._ipython_key_completions_())


def test_a_value_without_its_name_is_told_with_the_names(local: Graph) -> None:
    with pytest.raises(TypeError, match=r"takes its values by name: innovations_by_route\(route=\.\.\.\)"):
        local.questions.innovations_by_route("partnerships")


def test_help_tells_what_a_question_asks_and_what_it_takes(local: Graph) -> None:
    text = inspect.getdoc(local.questions.innovations_by_route)
    assert text is not None
    assert text.startswith("Which innovations took, may have taken or are presented under a route?\n")
    assert "\n    A scaling route. One of " in text
    assert "'licensing-and-affiliation'" in text
    assert inspect.getdoc(local.questions.myths) is not None


def test_a_name_that_python_keeps_for_itself_gets_a_line_beneath() -> None:
    asked = {name: query.Query(name, Path(), "", "What?", "", (), (query.Parameter("from", "place", "text"),))
             for name in ("class", "2-years", "items")}

    class Source:
        place, queries = "here", asked

        def choices(self, parameter):
            return []

        def ask(self, question, arguments):
            return carekg.client.reading.Given(json.dumps(
                {"head": {"vars": ["x"]}, "results": {"bindings": []}}).encode(), address=str(dict(arguments)))

        def why(self, question, arguments):
            return []

        def find(self, text, chosen, most):
            raise NotImplementedError

        def deprecated(self):
            return Deprecated()

        def select(self, text):
            raise NotImplementedError

        def close(self):
            pass

    with Graph(Source()) as one:
        assert dir(one.questions) == ["class_", "items", "q_2_years"]
        assert list(inspect.signature(one.questions.class_).parameters) == ["from_"]
        assert one.questions.class_(from_="a").address == "{'from': ['a']}"
        assert one.ask("items", **{"from": "a"}).address == "{'from': ['a']}"


COMPLETED = {
    "kg.questions.innovations_by_r": ["innovations_by_route", "innovations_by_route_and_factor"],
    "kg.questions.innovations_by_route(ro": ["route="],
    'kg.questions["innovations-by-r': ["innovations-by-route", "innovations-by-route-and-factor"],
}


@pytest.mark.heavy
def test_a_notebook_completes_questions_and_their_parameters(good_folder: Path, good_store: EmbeddedStore) -> None:
    text = f"""
import carekg, json
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
with carekg.connect({str(good_folder)!r}, store={str(good_store.path)!r}) as kg, provisionalcompleter():
    shell.user_ns["kg"] = kg
    print(json.dumps({{typed: sorted(one.text for one in shell.Completer.completions(typed, len(typed)))
                      for typed in {list(COMPLETED)!r}}}))
    print("A scaling route." in shell.object_inspect_text("kg.questions.innovations_by_route"))
"""
    run = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    completed, described = run.stdout.splitlines()
    assert json.loads(completed) == COMPLETED
    assert described == "True"


# --- places --------------------------------------------------------------------------------------------------------


def test_a_store_that_was_built_is_opened_where_it_is(
    good_folder: Path, good_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREKG_FOLDER", str(good_folder))
    with carekg.connect(good_store.path) as one:
        assert one.sparql("ASK { ?s ?p ?o }")[0] == {"answer": True}
        assert repr(one).startswith(f"<carekg: the graph in {good_store.path}, with {len(folders.QUESTIONS)} ")
    with pytest.raises(errors.BadValue, match="is not a place of a graph: it takes the address of a server"):
        carekg.connect(good_folder / "data" / "nothing")


def test_a_folder_that_has_changed_since_is_told_and_the_graph_that_is_there_is_asked(
    world: Path, good_store: EmbeddedStore
) -> None:
    (world / "data" / "world.ttl").write_text("")
    with pytest.warns(UserWarning, match="has changed since the graph was built"), \
            carekg.connect(world, store=good_store.path) as one:
        assert len(one.ask("innovations-by-route", route="partnerships")) > 0


@pytest.mark.heavy
def test_a_graph_that_is_not_there_yet_is_built_and_says_so(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for place in ("memory:", tmp_path / "new"):
        with carekg.connect(world, store=place) as one:
            assert len(one.ask("innovations-by-route", route="partnerships")) > 0
        assert capsys.readouterr().err == (
            f"carekg: building the graph in {world}, once; this takes up to a minute.\n")


# --- what may stand in the way -------------------------------------------------------------------------------------

LIST = b'[{"name": "q", "summary": "What?", "description": "", "tags": [], "parameters": []}]'
AS_JSON = {"Content-Type": "application/json"}
TABLE = {"Content-Type": "application/sparql-results+json"}
NOTHING = (200, TABLE, b'{"head": {"vars": ["item"]}, "results": {"bindings": []}}')
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


@pytest.mark.parametrize(("page", "error", "sentence"), [
    ((404, PLAIN, b"There is no prepared query `queries`."), errors.BadValue, "is not the address of a server"),
    ((404, {}, b""), errors.NotOurs, "answered with 404 Not Found, which no carekg server does"),
    ((200, {"Content-Type": "text/html"}, b"<p>Log in"), errors.NotOurs, "answered with a page of HTML"),
    ((502, {"Content-Type": "text/html"}, b"<p>Bad gateway"), errors.NotOurs, "answered with 502 Bad Gateway"),
    ((200, {}, b""), errors.NotOurs, "something without a media type"),
    ((200, AS_JSON, b"{}"), errors.NotOurs, "another list than one of questions"),
    ((200, AS_JSON, b"[1"), errors.NotOurs, "another list than one of questions"),
    ((200, AS_JSON, b"[{}]"), errors.NotOurs, "another list than one of questions"),
    ((302, {"Location": "/queries.json"}, b""), errors.NotOurs, "more than 5 redirects"),
    ((302, {"Location": "http://127.0.0.1:1/"}, b""), errors.Unreachable, "Connection refused"),
    ((200, {**AS_JSON, "Content-Length": "999"}, b"["), errors.Unreachable, "the connection broke off"),
    ((503, PLAIN, b"All 16 readers are busy."), errors.StoreError, "All 16 readers are busy."),
    ((429, {**PLAIN, "Retry-After": "99"}, b"Ask again in 99 s."), errors.Refused, "Ask again in 99 s."),
    ((500, PLAIN, b"Something went wrong on this server"), errors.StoreError, "Something went wrong on this server."),
])
def test_what_is_no_answer_is_told_in_one_sentence(page, error, sentence, peer: Peer) -> None:
    peer.pages["/queries.json"] = page
    with pytest.raises(error) as told:
        carekg.connect(peer.address)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_a_server_that_is_down_or_slow_is_told_with_its_address(peer: Peer) -> None:
    with pytest.raises(errors.Unreachable, match=r"^http://127.0.0.1:1/ cannot be reached: .*refused; is the server"):
        carekg.connect("http://127.0.0.1:1")
    peer.pages["/queries.json"] = (200, AS_JSON, LIST)
    peer.seconds = 0.5
    with pytest.raises(errors.NoAnswer, match=r"gave no answer within 0.2 s"):
        carekg.connect(peer.address, timeout=0.2)
    peer.seconds, peer.between_bytes = 0.0, 0.05
    with pytest.raises(errors.NoAnswer):
        carekg.connect(peer.address, timeout=0.2)


@pytest.mark.parametrize("place", ["http://", "http://[", "http://a b"])
def test_an_address_that_is_none_is_told(place: str) -> None:
    with pytest.raises((errors.BadValue, errors.Unreachable)):
        carekg.connect(place)


def test_a_redirect_is_followed_and_a_path_before_the_questions_stays(peer: Peer) -> None:
    peer.pages["/queries.json"] = (301, {"Location": f"{peer.address}/care/queries.json"}, b"")
    peer.pages["/care/queries.json"] = (200, AS_JSON, LIST)
    peer.pages["/care/sparql"] = NOTHING
    peer.pages["/care/queries/q"] = (200, {**TABLE, "Carekg-Cut": "1"}, b'{"head": {"vars": ["x"]}, "results": '
                                     b'{"bindings": [{"x": {"type": "literal", "value": "1"}}]}}')
    with carekg.connect(peer.address) as one:
        assert list(one.questions) == ["q"]
    with carekg.connect(f"{peer.address}/care/") as one:
        found = one.ask("q")
        assert found.address == f"{peer.address}/care/queries/q"
        assert found.cut == 1
        assert "cut after 1 rows" in found.note


def test_a_busy_server_is_asked_again_when_it_says(peer: Peer) -> None:
    pages = iter([(503, {**PLAIN, "Retry-After": "0"}, b"Ask again."), (200, AS_JSON, LIST)])
    peer.pages = _Pages(pages)
    with carekg.connect(peer.address) as one:
        assert len(one.questions) == 1
    assert peer.asked == ["/queries.json"] * 2


def test_a_server_that_stays_busy_is_not_asked_for_ever(peer: Peer) -> None:
    peer.otherwise = (503, {**PLAIN, "Retry-After": "0"}, b"All 16 readers are busy.")
    with pytest.raises(errors.StoreError, match="All 16 readers are busy"):
        carekg.connect(peer.address)
    assert len(peer.asked) == 5


class _Pages(dict):
    """Pages that come one after the other."""

    def __init__(self, pages) -> None:
        super().__init__()
        self.get = lambda path, otherwise: next(pages)


def test_what_is_no_longer_to_be_used_is_asked_anew_after_a_while(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_server, "LASTING", -1.0)
    peer.pages |= {"/queries.json": (200, AS_JSON, LIST), "/sparql": NOTHING, "/queries/q": NOTHING}
    with carekg.connect(peer.address) as one:
        one.ask("q")
        before = peer.asked.count("/sparql")
        one.ask("q")
    assert peer.asked.count("/sparql") == 2 * before > 0


def test_a_password_in_an_address_is_sent_and_never_shown(peer: Peer) -> None:
    place = peer.address.replace("http://", "http://ann:secret@")
    with pytest.raises(errors.NotOurs) as told:
        carekg.connect(place)
    assert "secret" not in str(told.value)
    assert "ann" not in str(told.value)


def test_an_answer_that_is_none_and_a_sentence_of_the_server_are_told(peer: Peer) -> None:
    peer.pages |= {"/queries.json": (200, AS_JSON, LIST), "/sparql": NOTHING, "/queries/q": (200, TABLE, b"<oops>")}
    with carekg.connect(peer.address) as one:
        with pytest.raises(errors.StoreError, match="not in the format of SPARQL"):
            one.ask("q")
        for status, kind in ((400, errors.BadInput), (403, errors.Refused), (408, errors.Refused)):
            peer.pages["/queries/q"] = (status, PLAIN, b"This is what is\nwrong")
            with pytest.raises(kind, match=r"^This is what is wrong\.$"):
                one.ask("q")


def test_connections_of_ones_own_are_used(peer: Peer) -> None:
    peer.pages["/queries.json"] = (200, AS_JSON, LIST)
    pool = urllib3.PoolManager(headers={"X-Mine": "1"})
    with carekg.connect(peer.address, pool=pool) as one:
        assert len(one.questions) == 1
    assert functools.reduce(lambda _, path: path, peer.asked) == "/queries.json"
