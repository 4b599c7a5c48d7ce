// What a query says so far: which part of a triple the cursor is in, and of which class its variables are.
//
// The text is read token by token and not parsed, since a query that is being written hardly ever parses.

/** Where something is written; `prefix` is behind PREFIX, `outside` in no pattern, `none` in a string or a comment. */
export type Place = "subject" | "predicate" | "object" | "value" | "graph" | "expression" | "prefix" | "outside" | "none";

export interface Reading {
  place: Place;
  /** The subject and the predicate of the triple that is being written, as they stand there. */
  subject: string;
  predicate: string;
  /** Classes by what is said to be of them, all as they stand there. */
  types: Map<string, Set<string>>;
  variables: Set<string>;
  prefixes: Map<string, string>;
}

interface Token {
  kind: string;
  text: string;
  start: number;
}

interface Group {
  closes: string;
  place: Place | "after" | "datatype";
  subject: string;
  predicate: string;
}

const TOKEN = new RegExp(
  [
    /(?<comment>#[^\n\r]*)/,
    /(?<iri><[^<>"{}|^`\\\x00-\x20]*>)/,
    /(?<string>"""(?:"{0,2}(?:[^"\\]|\\[^]))*"""|'''(?:'{0,2}(?:[^'\\]|\\[^]))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')/,
    /(?<open>"""[^]*|'''[^]*|"[^\n\r]*|'[^\n\r]*|<[^\s<>"{}|^`\\=]+)/,
    /(?<variable>[?$]\w+)/,
    /(?<prefixed>[A-Za-z][\w.-]*:[\w.:%-]*|:[\w.:%-]*)/,
    /(?<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/,
    /(?<word>@?[A-Za-z_]\w*)/,
    /(?<space>\s+)/,
    /(?<sign>[^])/,
  ].map((one) => one.source).join("|"),
  "gu",
);

const TYPE = new Set(["a", "rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]);
const EXPRESSED = new Set(["FILTER", "BIND", "HAVING", "BY"]);

/** Give what a text says, read for what is written at a place in it. */
export function read(text: string, at: number): Reading {
  const reader = new Reader();
  let found: Omit<Reading, "types" | "variables" | "prefixes"> | undefined;
  for (const token of tokens(text)) {
    const end = token.start + token.text.length;
    const isWithin = at > token.start && at <= end;
    if (!found && (at <= token.start || (isWithin && !["space", "sign"].includes(token.kind)))) {
      const shut = ["comment", "open", "string"].includes(token.kind) && (at < end || token.kind !== "string");
      found = { ...reader.here(), ...(isWithin && shut ? { place: "none" as const } : {}) };
    }
    reader.take(token);
  }
  return { ...(found ?? reader.here()), types: reader.types, variables: reader.variables, prefixes: reader.prefixes };
}

function* tokens(text: string): Generator<Token> {
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? ["sign"];
    yield { kind, text: match[0], start: match.index };
  }
}

class Reader {
  readonly types = new Map<string, Set<string>>();
  readonly variables = new Set<string>();
  readonly prefixes = new Map<string, string>();
  private readonly groups: Group[] = [{ closes: "", place: "outside", subject: "", predicate: "" }];
  private word = "";
  private before = "";
  private declared = "";

  here(): { place: Place; subject: string; predicate: string } {
    const { place, subject, predicate } = this.group;
    if (["PREFIX"].includes(this.before.toUpperCase())) return { place: "prefix", subject, predicate };
    const shown = place === "after" ? "outside" : place === "datatype" ? "object" : place;
    return { place: shown, subject, predicate: place === "datatype" ? "" : predicate };
  }

  take(token: Token): void {
    if (token.kind === "space" || token.kind === "comment") return;
    if (token.kind === "variable") this.variables.add(token.text);
    this.noteDeclared(token);
    if (token.kind === "sign") this.sign(token.text);
    else if (token.kind === "word" && !["a", "true", "false"].includes(token.text)) this.keyword(token.text.toUpperCase());
    else this.term(token.text);
    this.before = token.text;
  }

  private get group(): Group {
    return this.groups[this.groups.length - 1];
  }

  private noteDeclared(token: Token): void {
    if (this.before.toUpperCase() === "PREFIX" && token.kind === "prefixed") this.declared = token.text.split(":")[0];
    else if (token.kind === "iri" && this.before === `${this.declared}:`) this.prefixes.set(this.declared, token.text.slice(1, -1));
  }

  private sign(sign: string): void {
    const group = this.group;
    if (sign === "{") {
      this.open("}", this.word === "VALUES" ? "value" : "subject");
    } else if (sign === "(") {
      const place = group.place === "predicate" ? "predicate" : group.place === "value" ? "value" : "expression";
      this.open(")", place, group.subject);
    } else if (sign === "[") {
      this.open("]", "predicate", "[]");
    } else if (["}", ")", "]"].includes(sign)) {
      this.close(sign);
    } else if (sign === ".") {
      if (group.closes === "}") Object.assign(group, { place: "subject", subject: "", predicate: "" });
    } else if (sign === ";" && group.place !== "outside") {
      Object.assign(group, { place: "predicate", predicate: "" });
    } else if (sign === "," && group.place === "after") {
      group.place = "object";
    } else if (["/", "|", "^", "!"].includes(sign)) {
      if (group.place === "object") Object.assign(group, { place: "predicate", predicate: "" });
      else if (group.place === "after") group.place = "datatype";
    }
  }

  private open(closes: string, place: Place, subject = ""): void {
    this.groups.push({ closes, place, subject, predicate: "" });
    if (closes === "}") this.word = "";
  }

  /** Go back to what stood around a group; more of the same triple follows only behind a bracket or a path. */
  private close(sign: string): void {
    if (this.group.closes !== sign || this.groups.length === 1) return;
    const inner = this.groups.pop()!;
    const group = this.group;
    if (sign === "]") this.term("[]");
    else if (sign === ")" && inner.place === "object" && group.place === "predicate") group.place = "object";
    else if (sign === "}" && group.closes === "}") group.place = "subject";
    else if (sign === ")" && group.closes === "}" && group.place === "expression") group.place = "subject";
    else if (sign === "}") group.place = group.closes ? group.place : "outside";
  }

  private keyword(word: string): void {
    this.word = word;
    const group = this.group;
    if (word.startsWith("@") || group.closes === ")") return;
    if (word === "GRAPH") group.place = "graph";
    else if (EXPRESSED.has(word)) group.place = group.closes ? "expression" : "outside";
    else if (group.closes === "}" && ["OPTIONAL", "MINUS", "UNION", "VALUES", "EXISTS", "NOT"].includes(word)) group.place = "subject";
  }

  private term(text: string): void {
    const group = this.group;
    if (this.word === "VALUES" && text.startsWith("?")) return;
    if (group.place === "subject") Object.assign(group, { subject: text, predicate: "", place: "predicate" });
    else if (group.place === "predicate") Object.assign(group, { predicate: text, place: "object" });
    else if (group.place === "object") this.object(text);
    else if (group.place === "datatype") group.place = "after";
  }

  private object(text: string): void {
    const { subject, predicate } = this.group;
    if (TYPE.has(predicate)) this.types.set(subject, (this.types.get(subject) ?? new Set()).add(text));
    this.group.place = "after";
  }
}

/** Say whether a predicate says of what class something is. */
export function isType(predicate: string): boolean {
  return TYPE.has(predicate);
}
