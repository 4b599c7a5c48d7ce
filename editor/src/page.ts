// The parts of the page that the server has made, and what is told to those who do not see them.

/** Give an element of the page. */
export function part<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as Kind;
}

/** Make an element with attributes and what is in it. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name, attributes: Record<string, string> = {}, ...inside: (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

let voice: HTMLElement | undefined;

/** Tell something to those who listen to the page. */
export function say(sentence: string): void {
  voice ??= document.body.appendChild(make("p", { class: "unseen", role: "status" }));
  voice.textContent = "";
  const here = voice;
  setTimeout(() => (here.textContent = sentence), 50); // what is put in at once with its place is not read out
}
