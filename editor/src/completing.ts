// What may stand at the cursor, of what the graph has: found by its short name or by its words.

import { pickedCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { isType, read, type Place, type Reading } from "./reading";
import { terms, things, values, type Term, type Terms, type Thing } from "./terms";

const MOST = 60;
const FUNCTIONS = `ABS AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY EXISTS FLOOR GROUP_CONCAT HOURS IF IN
  IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOT NOW RAND REGEX REPLACE ROUND SAMETERM
  SAMPLE SECONDS SHA256 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM TIMEZONE TZ UCASE UUID
  YEAR`.split(/\s+/);
const KEYWORDS: Partial<Record<Place, string[]>> = {
  outside: "SELECT DISTINCT WHERE PREFIX ASK CONSTRUCT DESCRIBE FROM NAMED COUNT AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET VALUES".split(" "),
  subject: "OPTIONAL FILTER BIND MINUS UNION VALUES GRAPH SELECT NOT EXISTS".split(" "),
  expression: FUNCTIONS,
};

/** Give what may stand at the cursor. */
export async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[?$]?[\w.:-]*/)!;
  const text = context.state.sliceDoc();
  const reading = read(text, word.from < word.to ? word.from + 1 : context.pos);
  if (reading.place === "none" || (!word.text && !context.explicit)) return null;
  const typed = word.text.toLowerCase();
  const known = await terms();
  if (context.aborted) return null;
  const options = reading.place === "prefix" ? prefixes(known, typed) : await offered(reading, known, typed);
  if (context.aborted || !options.length) return null;
  return { from: word.from, options: options.slice(0, MOST), filter: false };
}

async function offered(reading: Reading, known: Terms, typed: string): Promise<Completion[]> {
  const plain = [...variables(reading, typed), ...keywords(reading.place, typed)];
  if (typed.startsWith("?") || typed.startsWith("$")) return plain;
  switch (reading.place) {
    case "predicate":
      return [...properties(reading, known, typed), ...plain];
    case "object":
      if (isType(reading.predicate)) return [...named(known.classes, typed, "class", known), ...plain];
      return [...(await objects(reading, known, typed)), ...plain];
    case "value":
    case "subject":
    case "graph":
      return [...plain, ...(await byName(known, typed))];
    case "expression":
      return [...plain, ...(await byName(known, typed))];
    default:
      return plain;
  }
}

/** Give properties: those that things of the subject's classes have, before all others. */
function properties(reading: Reading, known: Terms, typed: string): Completion[] {
  const classes = new Set([...(reading.types.get(reading.subject) ?? [])]);
  const have = new Set(known.classes.filter((one) => classes.has(one.name)).flatMap((one) => one.properties ?? []));
  const own = known.properties.filter((_, place) => have.has(place));
  const others = known.properties.filter((_, place) => !have.has(place));
  const of = [...classes].join(" and ");
  const type = "a".startsWith(typed) ? [option("a", "keyword", "is of the class")] : [];
  return [
    ...type,
    ...named(own, typed, "property", known, own.length ? { name: `of ${of}`, rank: 0 } : undefined),
    ...named(others, typed, "property", known, own.length ? { name: "of others", rank: 1 } : undefined),
  ];
}

/** Give the things to which the predicate leads; where what was typed is none of those, things by their names. */
async function objects(reading: Reading, known: Terms, typed: string): Promise<Completion[]> {
  const iri = expanded(reading.predicate, { ...known.prefixes, ...Object.fromEntries(reading.prefixes) });
  const led = iri ? (await values(iri)).filter((one) => fits(one.name, one.label, typed)) : [];
  return led.length ? led.map((one) => thing(one, known)) : byName(known, typed);
}

async function byName(known: Terms, typed: string): Promise<Completion[]> {
  if (typed.length < 2) return [];
  const begun = prefixed(known, typed);
  const found = await things(typed.replace(/^[a-z][\w.-]*:/, "").replaceAll("-", " ") || typed);
  return [...found.map((one) => thing(one, known)), ...begun];
}

/** Give the prefixes that begin so, to be written on from. */
function prefixed(known: Terms, typed: string): Completion[] {
  const fitting = Object.keys(known.prefixes).filter((one) => one.startsWith(typed) && !typed.includes(":"));
  return fitting.map((one) => ({ ...option(`${one}:`, "namespace", known.prefixes[one]), apply: writer(`${one}:`, known) }));
}

function prefixes(known: Terms, typed: string): Completion[] {
  const fitting = Object.entries(known.prefixes).filter(([one]) => one.startsWith(typed.replace(/:.*/, "")));
  return fitting.map(([one, space]) => ({ ...option(`${one}:`, "namespace", space), apply: `${one}: <${space}>` }));
}

function named(from: Term[], typed: string, type: string, known: Terms, section?: Completion["section"]): Completion[] {
  return from.filter((one) => fits(one.name, one.label ?? "", typed)).map((one) => ({
    ...option(one.name, type, [one.label, one.count.toLocaleString("en-GB")].filter(Boolean).join(", ")),
    info: one.about, section, apply: writer(one.name, known),
  }));
}

function thing(one: Thing, known: Terms): Completion {
  const about = [one.name, one.kind ?? one.count?.toLocaleString("en-GB")].filter(Boolean).join(", ");
  return { ...option(one.name, "constant", about), displayLabel: one.label || one.name, apply: writer(one.name, known) };
}

function variables(reading: Reading, typed: string): Completion[] {
  const fitting = [...reading.variables].filter((one) => one.toLowerCase().slice(1).startsWith(typed.replace(/^[?$]/, "")));
  return fitting.filter((one) => one.toLowerCase() !== typed).map((one) => option(one, "variable"));
}

function keywords(place: Place, typed: string): Completion[] {
  const fitting = (KEYWORDS[place] ?? []).filter((one) => typed && one.toLowerCase().startsWith(typed));
  return fitting.map((one) => option(one, "keyword"));
}

function option(label: string, type: string, detail = ""): Completion {
  return { label, type, detail };
}

/** Say whether a short name, a part of it, or a word of its label begins with what was typed. */
function fits(name: string, label: string, typed: string): boolean {
  const [whole, words] = [name.toLowerCase(), label.toLowerCase()];
  const bare = typed.replaceAll("-", " ");
  return !typed || whole.startsWith(typed) || whole.slice(whole.indexOf(":") + 1).includes(typed)
    || words.startsWith(bare) || words.includes(` ${bare}`);
}

/** Give what writes a short name in the place of what was typed, and declares its prefix where the text does not. */
function writer(name: string, known: Terms) {
  return (view: EditorView, picked: Completion, from: number, to: number): void => {
    const prefix = name.startsWith("<") ? "" : name.split(":")[0];
    const text = view.state.sliceDoc();
    const space = prefix && !read(text, 0).prefixes.has(prefix) ? known.prefixes[prefix] : "";
    const line = space ? `PREFIX ${prefix}: <${space}>\n` : "";
    view.dispatch({
      changes: [...(line ? [{ from: declaring(text), insert: line }] : []), { from, to, insert: name }],
      selection: { anchor: from + line.length + name.length },
      annotations: pickedCompletion.of(picked),
      userEvent: "input.complete",
      scrollIntoView: true,
    });
  };
}

/** Give where a prefix is declared: behind those that are. */
function declaring(text: string): number {
  const last = [...text.matchAll(/^[ \t]*PREFIX\s[^\n]*\n/gim)].at(-1);
  return last ? last.index + last[0].length : (/^(?:#[^\n]*\n)*/.exec(text)?.[0].length ?? 0);
}

function expanded(name: string, spaces: Record<string, string>): string {
  if (name.startsWith("<")) return name.slice(1, -1);
  const [prefix, ...rest] = name.split(":");
  return rest.length && spaces[prefix] ? spaces[prefix] + rest.join(":") : "";
}
