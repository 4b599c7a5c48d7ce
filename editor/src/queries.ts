// The queries of the tabs, kept by the browser. Each has an entry of its own, so that two windows keep theirs apart.

const HEAD = "carekg.sparql.";
const CURRENT = `${HEAD}current`;

export interface Query {
  id: string;
  text: string;
}

/** Give the queries that are kept, the oldest first. */
export function all(): Query[] {
  return quietly(() => Object.keys(localStorage).filter((key) => key.startsWith(HEAD) && key !== CURRENT).sort()
    .map((key) => ({ id: key.slice(HEAD.length), text: localStorage.getItem(key) ?? "" }))) ?? [];
}

/** Give a new query, later than all others. */
export function begun(text: string): Query {
  return { id: `${Date.now().toString(36).padStart(9, "0")}-${Math.random().toString(36).slice(2, 8)}`, text };
}

/** Keep a query. */
export function keep(query: Query): void {
  quietly(() => localStorage.setItem(HEAD + query.id, query.text));
}

/** Let go of a query. */
export function drop(query: Query): void {
  quietly(() => localStorage.removeItem(HEAD + query.id));
}

/** Give the id of the query that was looked at last: in this window, else in any. */
export function current(): string {
  return quietly(() => sessionStorage.getItem(CURRENT) ?? localStorage.getItem(CURRENT)) ?? "";
}

/** Keep which query is looked at. */
export function look(query: Query): void {
  quietly(() => {
    sessionStorage.setItem(CURRENT, query.id);
    localStorage.setItem(CURRENT, query.id);
  });
}

/** Give what a query is called: its first remark, else the first of its words that say something. */
export function title(query: Query, place: number): string {
  const remark = /^\s*#+\s*(.*\S)/m.exec(query.text)?.[1];
  return remark ? remark.slice(0, 40) : `Query ${place}`;
}

/** Do without what a browser keeps where it keeps nothing. */
function quietly<Value>(what: () => Value): Value | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}
