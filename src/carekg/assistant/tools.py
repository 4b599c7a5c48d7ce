"""The tools: typed arguments in, answers with receipts out, as structured values and as the same in JSON text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from typing import Annotated, Any, Final

from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from carekg.answers import MOST, Answers, Page, values

LONGEST: Final = 500
"""Characters of a name or of words that are sought."""

READS: Final = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Text = Annotated[str, Field(max_length=LONGEST, description="Words that are looked for; empty for all.")]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST, description="A name, or something like it.")]
Kinds = Annotated[Sequence[str], Field(max_length=10, description=(
    "Only things of these classes or concept schemes, such as `innovation`, `place`, `factors`."))]
Thing = Annotated[str, Field(min_length=1, max_length=LONGEST, description=(
    "The thing: its short name such as `innovation:iris` or `factor:partnerships`, its IRI, or its exact label."))]
Tag = Annotated[str, Field(max_length=LONGEST, description="A tag such as `routes`, `money` or `gaps`.")]
Choices = Annotated[bool, Field(description="Also list the values that parameters take, for ten questions at most.")]
Question = Annotated[str, Field(min_length=1, max_length=LONGEST, description="The name of a prepared question.")]
Value = str | int | float
Arguments = Annotated[Mapping[str, Value | Sequence[Value]], Field(max_length=20, description=(
    'Values by the name of the parameter, as label, key or short name: {"route": "partnerships"}. An empty text leaves '
    "an optional parameter open; one that is not given takes its default."))]
Sparql = Annotated[str, Field(min_length=1, description=(
    "SPARQL 1.1 SELECT, ASK, CONSTRUCT or DESCRIBE, with its prefixes declared."))]
Start = Annotated[int, Field(ge=0, le=1_000_000, description="The number of the first one to show, from 0.")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="How many to show at most.")]
Few = Annotated[int, Field(ge=1, le=50, description="How many to show at most.")]

Findings = Annotated[CallToolResult, values.Findings]
Description = Annotated[CallToolResult, values.Description]
Questions = Annotated[CallToolResult, values.Questions]
Answer = Annotated[CallToolResult, values.Answer]
Result = Annotated[CallToolResult, values.Result]
Passages = Annotated[CallToolResult, values.Passages]
Words = Annotated[CallToolResult, values.Words]


class Tools:
    """The tools over one set of answers; each method is a tool, its docstring what an assistant reads of it."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def all(self) -> list[Tool]:
        """Give the tools as the server registers them."""
        tools: list[tuple[str, Callable[..., CallToolResult]]] = [
            ("Find things by name", self.find_terms),
            ("Describe a thing with its claims", self.describe),
            ("List the prepared questions", self.list_questions),
            ("Ask a prepared question", self.ask_question),
            ("Run a SPARQL query", self.run_sparql),
            ("Show the passages of a thing", self.passages_of),
            ("Show the vocabulary", self.vocabulary),
        ]
        return [_tool(title, one) for title, one in tools]

    def find_terms(self, text: Name, kinds: Kinds = (), limit: Few = 10) -> Findings:
        """Find innovations, places, organisations, factors, routes and other things and concepts by name.

        Gives short names that every other tool takes, best first, with a score: from 95 the text is a name of the
        thing, below it look at the description before you take it.
        """
        return _result(self._answers.found(text, kinds, limit))

    def describe(self, thing: Thing, start: Start = 0, limit: Limit = 20) -> Description:
        """Describe a thing: what it is, what sources claim of it, where they disagree, and what else is known.

        Each claim comes with its standing, who speaks, the reader's confidence and its receipts; `start` and `limit`
        page through the claims. Also gives the prepared questions that take the thing.
        """
        return _result(self._answers.described(thing, Page(start, limit)))

    def list_questions(self, text: Text = "", tag: Tag = "", choices: Choices = False) -> Questions:
        """List the prepared questions, with the parameters that each takes.

        Narrowed to ten or fewer by `text` or `tag`, it also gives descriptions, tags and, if wanted, choices.
        """
        return _result(self._answers.questions(text, tag, choices))

    def ask_question(self, question: Question,
                     arguments: Arguments = {},  # noqa: B006 - the schema shows it as the default; nothing changes it
                     start: Start = 0, limit: Limit = 25) -> Answer:
        """Ask a prepared question; each row of the answer comes with its receipts.

        `asked` says what the arguments were taken to be, `total` how many rows there are in all, `note` what was left
        out. A name or value that is not right gives an error with near misses.
        """
        given = {name: [str(value)] if isinstance(value, Value) else list(map(str, value))
                 for name, value in arguments.items()}
        return _result(self._answers.answered(question, given, Page(start, limit)))

    def run_sparql(self, query: Sparql, limit: Limit = 100) -> Result:
        """Run a SPARQL query that only reads, within a deadline; IRIs come back as short names.

        Ask `vocabulary` first. To have receipts, follow care:restsOn to the passage, its care:words and care:isFrom.
        """
        return _result(self._answers.selected(query, limit))

    def passages_of(self, thing: Thing, start: Start = 0, limit: Limit = 25) -> Passages:
        """Show the passages that a thing or a claim rests on, or those of a source: words, source and place in it.

        Each with what rests on it and that claim's standing.
        """
        return _result(self._answers.passages(thing, Page(start, limit)))

    def vocabulary(self, about: Text = "") -> Words:
        """Show the vocabulary in short, to write SPARQL: prefixes, classes, properties, concept schemes.

        With `about`, only the terms in whose name or definition the words stand, with definitions.
        """
        return _result(self._answers.words(about))


def lean(value: Any) -> Any:
    """Give a value as plain JSON, without the fields that say nothing."""
    if is_dataclass(value):
        return {field.name: lean(found) for field in fields(value)
                if (found := getattr(value, field.name)) != field.default or field.default is MISSING}
    if isinstance(value, Mapping):
        return {key: lean(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [lean(one) for one in value]
    return value


def as_text(value: Any) -> str:
    """Give a value as one line of JSON."""
    return json.dumps(lean(value), ensure_ascii=False)


def _result(value: Any) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=as_text(value))], structured_content=lean(value))


def _tool(title: str, one: Callable[..., Any]) -> Tool:
    """Give a method as a tool; an argument that it does not take is not passed over in silence."""
    description = "\n".join(line.strip() for line in (one.__doc__ or "").splitlines()).strip()
    tool = Tool.from_function(one, title=title, description=description, annotations=READS)
    tool.parameters["additionalProperties"] = False
    return tool
