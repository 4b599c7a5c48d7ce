"""Graphs are changed as they were seen and meant: blank nodes by their names, patches, and conditions."""

import threading

import pytest

import plain
from carekg.web import formats
from plain import DEFAULT, IN_G, ONE, TURTLE, TWO, G, sentence

# --- relative IRIs and blank nodes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "base"), [
    (G, "http://example.org/"), ("/store/my/graph", "http://localhost/store/my/"), (DEFAULT, "http://localhost/"),
])
def test_relative_iris_are_relative_to_the_graph(bare: plain.Plain, address: str, base: str) -> None:
    bare.send("PUT", address, "<a> <b> <#c> .", TURTLE)
    (quad,) = bare.quads()
    assert quad.startswith(f"<{base}a> <{base}b> <{base}")


def test_a_document_may_state_its_own_base(bare: plain.Plain) -> None:
    bare.send("PUT", G, "@base <http://other.example/x> . <a> <b> <c> .", TURTLE)
    assert bare.quads() == {f"<http://other.example/a> <http://other.example/b> <http://other.example/c>{IN_G}"}


def test_what_was_got_can_be_patched_by_the_names_of_its_blank_nodes(bare: plain.Plain) -> None:
    bare.send("PUT", G, "_:x <x:p> 1 , 2 . _:y <x:p> 1 .", TURTLE)
    lines = bare.client.get(G, headers={"Accept": "application/n-triples"}).text.splitlines()
    (two,) = (line for line in lines if '"2"' in line)
    node = two.split(" ")[0]
    rows = f"TX .\nD {two}\nA {node} <x:p> 3 .\nTC .\n"
    assert bare.send("PATCH", G, rows, "application/rdf-patch").status_code == 204
    left = bare.client.get(G, headers={"Accept": "application/n-triples"}).text
    assert sorted(line.split(" ")[2][1] for line in left.splitlines()) == ["1", "1", "3"]
    assert left.count(node) == 2


def test_blank_nodes_of_a_document_are_new_ones(bare: plain.Plain) -> None:
    bare.send("PUT", G, "_:x <x:p> 1 .", TURTLE)
    again = bare.client.get(G, headers={"Accept": "application/n-triples"}).data
    bare.send("POST", G, again, "application/n-triples")
    assert len(bare.quads()) == 2


def test_a_patch_without_a_graph_is_of_all(bare: plain.Plain) -> None:
    rows = f"A {ONE} .\nA {TWO}{IN_G} .\n"
    assert bare.send("PATCH", "/store", rows, "application/rdf-patch").status_code == 204
    assert bare.quads() == {ONE, TWO + IN_G}


def test_a_patch_that_is_wrong_changes_nothing(bare: plain.Plain) -> None:
    assert "Row 2" in sentence(bare.send("PATCH", G, f"A {ONE} .\nA <x:a> .\n", "application/rdf-patch"), 400)
    assert bare.quads() == set()


def test_a_patch_of_one_graph_changes_no_other(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    tag = bare.client.head(G).headers["ETag"]
    for address in (G, DEFAULT, "/store/my/graph"):
        row = f"A {TWO} <x:h> .\n"
        said = sentence(bare.send("PATCH", address, row, "application/rdf-patch", If_Match=tag), 400)
        assert "Row 1 of the patch is of the graph <x:h>" in said
    assert bare.quads() == {ONE + IN_G}


# --- conditions ------------------------------------------------------------------------------------------------------


def test_a_change_is_made_where_the_graph_is_as_it_was_seen(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    for wanted in formats.GRAPHS:
        tag = bare.client.get(G, headers={"Accept": wanted.media[0]}).headers["ETag"]
        assert bare.send("POST", G, f"{TWO} .", TURTLE, If_Match=f'"other", {tag}').status_code == 204
        assert "as `If-Match`" in sentence(bare.send("PUT", G, f"{ONE} .", TURTLE, If_Match=tag), 412)
        fresh = bare.client.head(G).headers["ETag"]
        assert bare.send("PUT", G, f"{ONE} .", TURTLE, If_Match=fresh).status_code == 204
    assert bare.quads() == {ONE + IN_G}


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("condition", [{"If-Match": '"0-turtle"'}, {"If-None-Match": "*"}])
def test_every_method_that_changes_keeps_to_its_conditions(
    bare: plain.Plain, method: str, condition: dict[str, str]
) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    media, body = ("application/rdf-patch", f"D {ONE} .") if method == "PATCH" else (TURTLE, f"{TWO} .")
    sentence(bare.send(method, G, "" if method == "DELETE" else body, media, **condition), 412)
    assert bare.quads() == {ONE + IN_G}


def test_a_graph_is_made_only_where_there_is_none(bare: plain.Plain) -> None:
    assert bare.send("PUT", G, f"{ONE} .", TURTLE, If_None_Match="*").status_code == 201
    assert bare.send("PUT", G, f"{TWO} .", TURTLE, If_None_Match="*").status_code == 412
    assert bare.quads() == {ONE + IN_G}


def test_a_graph_is_changed_only_where_there_is_one(bare: plain.Plain) -> None:
    assert bare.send("PUT", G, f"{ONE} .", TURTLE, If_Match="*").status_code == 412
    assert bare.client.get(G).status_code == 404
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    assert bare.send("PUT", G, f"{TWO} .", TURTLE, If_Match="*").status_code == 204


@pytest.mark.parametrize(("address", "name"), [(G, "the graph <http://example.org/g>"), (DEFAULT, "the default graph"),
                                               ("/store", "the dataset")])
def test_a_condition_that_does_not_hold_is_told_of_what_was_named(bare: plain.Plain, address: str, name: str) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    for condition in ({"If-Match": '"0-turtle"'}, {"If-None-Match": "*"}):
        said = sentence(bare.send("POST", address, f"{TWO} .", TURTLE, **condition), 412)
        assert f"Nothing was done: {name} is not as" in said
        assert "meanwhile" not in said
    assert bare.quads() == {ONE + IN_G}


@pytest.mark.parametrize("wanted", formats.DATASETS, ids=lambda one: one.name)
def test_a_change_of_the_whole_dataset_is_made_where_it_is_as_it_was_seen(
    bare: plain.Plain, wanted: formats.Format
) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    tag = bare.client.get("/store", headers={"Accept": wanted.media[0]}).headers["ETag"]
    rows = f"D {ONE}{IN_G} .\nA {ONE} <x:h> .\n"
    assert bare.send("PATCH", "/store", rows, "application/rdf-patch", If_Match=tag).status_code == 204
    assert bare.quads() == {f"{ONE} <x:h>"}
    moved = bare.client.head("/store").headers["ETag"]
    for method, media in (("PATCH", "application/rdf-patch"), ("POST", TURTLE), ("POST", "application/trig")):
        body = f"A {TWO} ." if method == "PATCH" else f"{TWO} ."
        sentence(bare.send(method, "/store", body, media, If_Match=tag), 412)
        sentence(bare.send(method, "/store", body, media, If_None_Match=moved), 412)
    assert bare.quads() == {f"{ONE} <x:h>"}
    assert bare.send("POST", "/store", f"{TWO} .", TURTLE, If_Match=moved).status_code == 201


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", [G, DEFAULT, "/store"])
def test_what_is_not_as_a_reader_expects_is_not_sent(bare: plain.Plain, address: str, method: str) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    answer = bare.send(method, address, If_Match='"0-turtle"')
    assert answer.status_code == 412
    assert answer.text.startswith("Nothing was done: /store is not as `If-Match`" if method == "GET" else "")
    tag = bare.client.get(address).headers["ETag"]
    assert bare.send(method, address, If_Match=f'"0-turtle", {tag}').status_code == 200
    assert bare.send(method, address, If_Match=f"W/{tag}").status_code == 412
    assert bare.send(method, address, If_Match="*").status_code == 200
    assert bare.send(method, address, If_Match=tag, If_None_Match=tag).status_code == 304


def test_what_somebody_has_already_is_not_sent_again(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    for method in ("GET", "HEAD"):
        tag = bare.client.open(G, method=method).headers["ETag"]
        again = bare.client.open(G, method=method, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    bare.send("POST", G, f"{TWO} .", TURTLE)
    assert bare.client.get(G, headers={"If-None-Match": tag}).status_code == 200


def test_the_tag_depends_on_the_triples_and_not_on_their_order(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} . {TWO} .", TURTLE)
    bare.send("PUT", "/store?graph=x:h", f"{TWO} .", TURTLE)
    bare.send("POST", "/store?graph=x:h", f"{ONE} .", TURTLE)
    there, other = (bare.client.head(one).headers["ETag"] for one in (G, "/store?graph=x:h"))
    assert there == other
    bare.send("POST", G, "<x:a> <x:p> 3 .", TURTLE)
    assert bare.client.head(G).headers["ETag"] != there


def test_one_of_two_who_change_the_same_graph_at_once_is_told(bare: plain.Plain) -> None:
    bare.send("PUT", G, f"{ONE} .", TURTLE)
    tag = bare.client.head(G).headers["ETag"]
    start, got = threading.Barrier(2), list[int]()

    def put(number: int) -> None:
        start.wait()
        got.append(bare.send("PUT", G, f"<x:a> <x:p> {number} .", TURTLE, If_Match=tag).status_code)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [204, 412]
    assert len(bare.quads()) == 1
