// What the graph has to be asked for, as the server tells it: nothing is offered that is not there.

/** A class or a property by its short name, how often it is there, and for a class the places of its properties. */
export interface Term {
  name: string;
  count: number;
  label?: string;
  about?: string;
  properties?: number[];
}

export interface Terms {
  prefixes: Record<string, string>;
  classes: Term[];
  properties: Term[];
}

/** A thing by its short name: what it is called, what kind of thing it is, or how often it is a value. */
export interface Thing {
  name: string;
  label: string;
  kind?: string;
  count?: number;
}

const kept = new Map<string, Promise<unknown>>();

/** Give the classes, properties and prefixes of the graph. */
export function terms(): Promise<Terms> {
  return once("/sparql/terms.json", { prefixes: {}, classes: [], properties: [] });
}

/** Give the things to which a property leads, the most usual first. */
export function values(property: string): Promise<Thing[]> {
  return once(`/sparql/values.json?${new URLSearchParams({ property })}`, []);
}

/** Give the things whose names begin like what was typed. */
export function things(typed: string): Promise<Thing[]> {
  return once(`/sparql/names.json?${new URLSearchParams({ q: typed })}`, []);
}

/** Give what an address says, asked for once; without an answer there is nothing to offer, and it is asked again. */
function once<Said>(address: string, otherwise: Said): Promise<Said> {
  let found = kept.get(address) as Promise<Said> | undefined;
  if (!found) {
    found = fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json() as Promise<Said>;
    });
    kept.set(address, found);
    found.catch(() => kept.delete(address));
  }
  return found.catch(() => otherwise);
}
