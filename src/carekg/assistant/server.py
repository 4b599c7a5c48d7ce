"""The server: tools, resources and a prompt over one asker; what goes wrong comes back as a sentence."""

from __future__ import annotations

from typing import Any, Final

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, CallToolResult, GetPromptResult, InputRequiredResult
from pydantic import ValidationError

from carekg import __version__, errors, query
from carekg.answers import Answers
from carekg.assistant import texts
from carekg.assistant.tools import Tools, as_text
from carekg.terms import BASE

JSON: Final = "application/json"
MOST_PROBLEMS: Final = 3
"""Wrong arguments that one sentence names."""


class Server(MCPServer[Any]):
    """Tools whose failures are one sentence each, without the SDK's words around it."""

    def __init__(self, tools: list[Tool]) -> None:
        super().__init__("carekg", title="carekg: how innovations in care spread", version=__version__,
                         instructions=texts.INSTRUCTIONS, website_url=BASE, tools=tools,
                         subscriptions=False, log_level="WARNING")
        self._takes = {tool.name: list(tool.parameters["properties"]) for tool in tools}

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None,
                        ) -> CallToolResult | InputRequiredResult:
        """Call a tool.

        :raises ToolError: with the sentence for the assistant.
        """
        takes = self._takes.get(name)
        if takes is None:
            raise ToolError(f"There is no tool `{name[:80]}`; there are {', '.join(self._takes)}.")
        for one in arguments:
            if one not in takes:
                raise ToolError(f"`{one[:80]}` is not an argument of {name}; it takes {', '.join(takes)}.")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            cause = error.__cause__
            if isinstance(cause, ValidationError):
                raise ToolError(_told(name, cause)) from None
            if isinstance(error, UnexpectedToolError) and isinstance(cause, errors.CarekgError):
                raise ToolError(str(cause)) from None
            raise

    async def get_prompt(self, name: str, arguments: dict[str, Any] | None = None,
                         context: Context[Any, Any] | None = None) -> GetPromptResult | InputRequiredResult:
        """Give a prompt; the SDK has no code for what is wrong with a request for one, the specification has.

        :raises MCPError: there is none of that name, or an argument is missing.
        """
        try:
            return await super().get_prompt(name, arguments, context)
        except ValueError as error:
            raise MCPError(INVALID_PARAMS, f"{str(error)[:200].rstrip('.')}.") from None


def create(asker: query.Asker) -> Server:
    """Give the server over an asker's questions and its store."""
    answers = Answers(asker)
    server = Server(Tools(answers).all())
    _add_resources(server, answers)

    @server.prompt("answer_with_receipts", title="Answer with receipts",
                   description="Answer a question from the graph, each sentence with its source, place and words.")
    def answer_with_receipts(question: str) -> str:
        return texts.PROMPT.format(question=question)

    return server


def _add_resources(server: Server, answers: Answers) -> None:
    """Add what a client may load at once: the vocabulary, the questions, and each question's SPARQL."""
    @server.resource("carekg://vocabulary", title="The vocabulary in short", mime_type=JSON)
    def vocabulary() -> str:
        """Prefixes, classes, properties and concept schemes."""
        return as_text(answers.words())

    @server.resource("carekg://questions", title="The prepared questions", mime_type=JSON)
    def questions() -> str:
        """Every prepared question with the parameters that it takes."""
        return as_text(answers.questions())

    @server.resource("carekg://questions/{name}", title="A prepared question as SPARQL",
                     mime_type="application/sparql-query")
    def question(name: str) -> str:
        """The SPARQL text of one prepared question, with its description as a header."""
        try:
            return query.find(answers.asker.queries, name).text
        except errors.UnknownQuery as error:
            raise ResourceNotFoundError(str(error)) from None


def _told(name: str, wrong: ValidationError) -> str:
    """Give what is wrong with arguments as a sentence."""
    found = [f"`{'.'.join(map(str, one['loc']))}`: {one['msg'][0].lower()}{one['msg'][1:]}" for one in wrong.errors()]
    return f"{name} cannot be called so: {'; '.join(found[:MOST_PROBLEMS])}."
