"""What an assistant is told of the graph before it asks: tools, instructions, resources, and the page about them."""

import json
import pathlib
import re
import tomllib

import pytest
from mcp import MCPError

import small
from assistants import TOOLS, Assistant, rows
from carekg import assistant as ours
from carekg.answers import MOST, tables
from carekg.assistant import texts
from carekg.store.embedded import EmbeddedStore

# --- what there is ------------------------------------------------------------------------------------------------


def test_the_tools_are_typed_described_and_only_read(assistant: Assistant) -> None:
    tools = {tool.name: tool for tool in assistant.do("list_tools").tools}
    assert tuple(tools) == TOOLS
    for tool in tools.values():
        assert tool.description
        assert tool.output_schema
        assert tool.input_schema["additionalProperties"] is False
        assert all(one.get("description") for one in tool.input_schema["properties"].values())
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.open_world_hint is False


def test_an_assistant_is_told_how_every_standing_reads(assistant: Assistant, shipped_store: EmbeddedStore) -> None:
    assert assistant.client.instructions == texts.INSTRUCTIONS
    standings = rows(shipped_store, "SELECT ?label WHERE { ?one <http://www.w3.org/2004/02/skos/core#inScheme> "
                                    "<https://w3id.org/carekg/concept/standing> ; rdfs:label ?label }")
    assert len(standings) > 5
    assert [row["label"] for row in standings if row["label"] not in texts.INSTRUCTIONS] == []
    assert "not stated" in texts.INSTRUCTIONS


def test_each_tool_that_the_instructions_and_the_prompt_name_is_there() -> None:
    named = set(re.findall(r"\b(?:[a-z]+_[a-z_]+)\b", texts.INSTRUCTIONS + texts.PROMPT))
    assert named == set(TOOLS) - {"describe", "vocabulary"}


@pytest.mark.heavy
def test_the_vocabulary_and_the_questions_can_be_loaded_at_once(assistant: Assistant, shipped: pathlib.Path) -> None:
    listed = {str(one.uri) for one in assistant.do("list_resources").resources}
    assert listed == {"carekg://vocabulary", "carekg://questions"}
    words, questions = (json.loads(assistant.do("read_resource", uri).contents[0].text) for uri in sorted(
        listed, reverse=True))
    assert "care:holdsFor" in {term["name"] for term in words["terms"]}
    assert len(questions["questions"]) == len(list((shipped / "queries").glob("*.rq")))


def test_the_sparql_of_a_question_can_be_read(assistant: Assistant, shipped: pathlib.Path) -> None:
    text = assistant.do("read_resource", "carekg://questions/pilots").contents[0].text
    assert text == (shipped / "queries" / "pilots.rq").read_text(encoding="utf-8")
    with pytest.raises(MCPError, match=r"There is no prepared query `pilot`; did you mean pilots"):
        assistant.do("read_resource", "carekg://questions/pilot")


def test_the_prompt_asks_for_receipts(assistant: Assistant) -> None:
    (message,) = assistant.do("get_prompt", "answer_with_receipts", {"question": "Who paid for IRIS?"}).messages
    assert "Who paid for IRIS?" in message.content.text
    assert "receipts" in message.content.text


# --- the page about it --------------------------------------------------------------------------------------------


def test_the_example_on_the_page_is_what_comes_back(assistant: Assistant) -> None:
    text = (small.ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    config, asked, answer = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL))
    assert config["mcpServers"]["carekg"]["args"] == ["mcp"]
    assert assistant.call("ask_question", **asked) == answer


def test_the_page_names_the_tools_the_sdk_and_the_limits_that_there_are(assistant: Assistant) -> None:
    text = (small.ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    tools = {tool.name: tool.input_schema["properties"] for tool in assistant.do("list_tools").tools}
    listed = {name: re.findall(r"`(\w+)`", takes) for name, takes in re.findall(r"(?m)^\| `(\w+)` \| (.*?) \|", text)}
    assert listed == {name: list(takes) for name, takes in tools.items()}
    assert ours.NEEDED in text
    assert f"{MOST} items at most" in text
    assert f"{tables.MOST_TEXT:,} characters, one cell {tables.MOST_CELL:,}" in text


def test_the_sdk_that_is_named_is_the_one_of_the_extra() -> None:
    project = tomllib.loads((small.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["mcp"] == [ours.NEEDED]
    assert not [one for one in project["dependencies"] if one.startswith("mcp")]
