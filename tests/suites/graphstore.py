"""The W3C suites of the SPARQL 1.1 Graph Store HTTP Protocol: the one of 2013, and the one that came in its place."""

from typing import Final

from suites.exchange import HERE, Exchange, Request, sent
from suites.server import Server

PREFIXES: Final = "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n@prefix v: <http://www.w3.org/2006/vcard/ns#> .\n"
TURTLE: Final = {"Content-Type": "text/turtle; charset=utf-8"}
ACCEPT: Final = {"Accept": "text/turtle"}
BOUNDARY: Final = "a6fe4cd636164618814be9f8d3d1a0de"
MADE: Final = ("200", "201", "204")
DONE: Final = ("200", "204")


def person(name: str, more: str = "") -> str:
    """Give Turtle of a person with a business card."""
    return f'{PREFIXES}<{HERE}/person/1> a foaf:Person ; {more} foaf:businessCard [ a v:VCard ; v:fn "{name}" ] .\n'


ALICE: Final = f'{PREFIXES}[] a foaf:Person ; foaf:businessCard [ a v:VCard ; v:given-name "Alice" ] .\n'
NAMES: Final = 'foaf:givenName "Jane" ; foaf:familyName "Doe" ;'


def put(where: str, turtle: str, *statuses: str) -> Request:
    """Give a PUT of Turtle."""
    return Request("PUT", where, statuses, turtle.encode(), TURTLE)


def post(where: str, turtle: str, *statuses: str, located: bool = False) -> Request:
    """Give a POST of Turtle."""
    return Request("POST", where, statuses, turtle.encode(), TURTLE, located=located)


def get(where: str, turtle: str) -> Request:
    """Give a GET that has to bring a graph."""
    return Request("GET", where, ("200",), None, ACCEPT, turtle=turtle, media="text/turtle")


def parts(where: str) -> Request:
    """Give a POST of two files in one form."""
    lines = []
    for file, said in (("lastName.ttl", 'foaf:familyName "Doe"'), ("firstName.ttl", 'foaf:givenName "Jane"')):
        lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{file}"; filename="{file}"',
                  "Content-Type: text/turtle; charset=utf-8", "", f"{PREFIXES}<{HERE}/person/1> {said} .", ""]
    body = "\r\n".join([*lines, f"--{BOUNDARY}--", ""])
    return Request("POST", where, DONE, body.encode(), {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})


HEAD: Final = {"Accept": "text/turtle; charset=utf-8"}


def lacks(method: str, where: str, *statuses: str) -> Request:
    """Give a request without a body, for its status alone."""
    return Request(method, where, statuses, None, ACCEPT)


def named(kind: str, first: str, second: str, fourth: str) -> tuple[Exchange, ...]:
    """Give the tests that go with a graph identified directly or indirectly: the addresses of three graphs."""
    suite = f"sparql11/graph-store-protocol ({kind})"
    jane = person("Jane Doe")
    return (
        Exchange(suite, f"put_get_repeat_{kind}", (
            put(first, person("John Doe"), "201"), get(first, person("John Doe")),
            put(first, jane, *DONE), get(first, jane))),
        Exchange(suite, f"put_delete_get_delete_{kind}", (
            put(second, ALICE, *MADE), lacks("DELETE", second, *DONE), lacks("GET", second, "404"),
            lacks("DELETE", second, "404", *DONE))),
        Exchange(suite, f"post_get_post_get_{kind}", (
            post(first, jane, *MADE), get(first, jane), parts(first), get(first, person("Jane Doe", NAMES)))),
        Exchange(suite, f"head_existing_{kind}", (
            put(first, person("John Doe"), *MADE),
            Request("HEAD", first, ("200",), None, HEAD, media="text/turtle"))),
        Exchange(suite, f"head_non_existing_{kind}", (lacks("HEAD", fourth, "404"),)),
    )


def indirect(number: str) -> str:
    """Give the address at which a person's graph is identified indirectly."""
    return f"{{store}}?graph=http%3A%2F%2Fwww.example%2Fgsp%2Fperson%2F{number}.ttl"


ONCE, TWICE = (f"{{store}}?graph={HERE}/person/{one}.ttl" for one in ("%31", "%2531"))

TESTS: Final = (
    *named("indirect", indirect("1"), indirect("2"), indirect("4")),
    *named("direct", "{store}/person/1.ttl", "{store}/person/2.ttl", "{store}/person/4.ttl"),
    Exchange("sparql11/graph-store-protocol (indirect)", "put_get_default", (
        put("{store}?default", ALICE, *MADE), get("{store}?default", ALICE))),
    Exchange("sparql11/graph-store-protocol (indirect)", "post_get_new_graph", (
        post("{store}", ALICE, "201", located=True), get("{store}?graph={location}", ALICE))),
    Exchange("sparql11/graph-store-protocol (indirect)", "put_get_uri_pct_encoded_indirect", (
        put(indirect("1"), person("John Doe"), "201"),
        get(f"{{store}}?graph={HERE}/person/1.ttl", person("John Doe")))),
    Exchange("sparql11/graph-store-protocol (indirect)", "put_get_uri_pct_encoded_twice", (
        put(ONCE, person("John Doe"), "201"), put(TWICE, person("Jane Doe"), "201"),
        get(ONCE, person("John Doe")), get(TWICE, person("Jane Doe")))),
)
"""The tests of 2023, each on a store of its own."""

ONE: Final = "{store}/person/1.ttl"
TWO: Final = "{store}/person/2.ttl"
STEPS: Final = (
    ("put__initial_state", put(ONE, person("John Doe"), "201")),
    ("get_of_put__initial_state", get("{store}?graph={store}/person/1.ttl", person("John Doe"))),
    ("put__graph_already_in_store", put(ONE, person("Jane Doe"), "204")),
    ("get_of_put__graph_already_in_store", get(ONE, person("Jane Doe"))),
    ("put__default_graph", put("{store}?default", ALICE, "201", "204")),
    ("get_of_put__default_graph", get("{store}?default", ALICE)),
    ("", put(TWO, ALICE, *MADE)),  # the suite takes it to be there
    ("delete__existing_graph", lacks("DELETE", TWO, *DONE)),
    ("get_of_delete__existing_graph", lacks("GET", TWO, "404")),
    ("delete__nonexistent_graph", lacks("DELETE", TWO, "404")),
    ("post__existing_graph", post(ONE, f'{PREFIXES}<{HERE}/person/1> foaf:name "Jane Doe" .', *DONE)),
    ("get_of_post__existing_graph", get(ONE, person("Jane Doe", 'foaf:name "Jane Doe" ;'))),
    ("post__multipart_formdata", parts(ONE)),
    ("get_of_post__multipart_formdata", get(ONE, person("Jane Doe", f'foaf:name "Jane Doe" ; {NAMES}'))),
    ("post__create__new_graph", post("{store}", ALICE, "201", located=True)),
    ("get_of_post__create__new_graph", get("{location}", ALICE)),
    ("get_of_post__after_noop", get("{location}", ALICE)),
    ("head_on_an_existing_graph", Request("HEAD", ONE, ("200",), None, HEAD, media="text/turtle")),
    ("head_on_a_nonexisting_graph", lacks("HEAD", "{store}/person/4.ttl", "404")),
)
"""The tests of 2013, which follow one another on one store."""


def earlier(server: Server) -> dict[str, str]:
    """Run the tests of 2013; give what is wrong with each, by name."""
    server.update("DROP ALL")
    wrong = sent([step for _, step in STEPS], server)
    return {key: one for (key, _), one in zip(STEPS, wrong, strict=True) if key}
