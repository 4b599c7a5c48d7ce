// Answers below the editor: the server makes them, this puts them in their place, and follows the links that are in them.

import { part, say } from "./page";
import type { Fault } from "./field";

const FOLLOWED = ".views a, thead th a, .pages a, .clear, .empty a";
const SENT = ".tools form, form.drawing";

export class Answers {
  private readonly place = part("answer");
  private running?: AbortController;

  /** `faulty` is called with where a query is wrong, or that it is not. */
  constructor(private readonly faulty: (fault: Fault | undefined) => void) {
    this.place.addEventListener("click", (event) => this.clicked(event));
    this.place.addEventListener("submit", (event) => this.submitted(event));
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Ask a query. */
  async run(text: string): Promise<void> {
    await this.load("/sparql", { method: "POST", body: new URLSearchParams({ query: text }) });
  }

  stop(): void {
    this.running?.abort();
  }

  /** Give what is wrong with the query of the page, where the page tells it. */
  fault(): Fault | undefined {
    const told = this.place.querySelector<HTMLElement>("#fault[data-line]");
    if (!told) return undefined;
    return { line: Number(told.dataset.line), column: Number(told.dataset.column) || 1, sentence: told.textContent?.trim() ?? "" };
  }

  /** Put a sentence in the place of the answer. */
  tell(sentence: string, kind: "problem" | "done", ...more: Node[]): void {
    const said = document.createElement("p");
    said.className = kind;
    said.setAttribute("role", kind === "problem" ? "alert" : "status");
    said.append(sentence, ...more);
    this.place.querySelectorAll(":scope > p").forEach((one) => one.remove());
    this.place.prepend(said);
  }

  private async load(address: string, how: RequestInit = {}): Promise<void> {
    this.running?.abort();
    const running = (this.running = new AbortController());
    this.place.setAttribute("aria-busy", "true");
    document.body.classList.add("asking");
    try {
      const answer = await fetch(address, { ...how, headers: { Accept: "text/html" }, signal: running.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.show(page);
    } catch (error) {
      const sentence = running.signal.aborted ? "Stopped." : "The server did not answer. Is the network there? Run it again.";
      if (this.running === running) this.tell(sentence, running.signal.aborted ? "done" : "problem");
      console.info(error instanceof Error ? error.message : error);
    } finally {
      if (this.running === running) {
        this.running = undefined;
        this.place.removeAttribute("aria-busy");
        document.body.classList.remove("asking");
      }
    }
  }

  private show(page: Document): void {
    const found = page.getElementById("answer") ?? page.querySelector("main");
    this.place.replaceChildren(...(found ? [...found.childNodes].map((one) => document.importNode(one, true)) : []));
    this.faulty(this.fault());
    const told = this.place.querySelector(".tally")?.textContent ?? "";
    if (told) say(told.replace(/\s+/g, " ").trim());
  }

  private clicked(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>(FOLLOWED);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void this.follow(link.href, link.textContent ?? "", link.closest("nav, thead") ? "a, b" : "h2");
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (!form.matches(SENT)) return;
    event.preventDefault();
    const said = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    void this.follow(`/sparql?${said}`, event.submitter?.textContent ?? "", "button");
  }

  /** Go to another way of looking at the answer, and have the keyboard where it was. */
  private async follow(address: string, words: string, kind: string): Promise<void> {
    await this.load(address);
    const same = [...this.place.querySelectorAll<HTMLElement>(kind)].find((one) => one.textContent?.trim() === words.trim());
    const here = same ?? this.place.querySelector<HTMLElement>("h2");
    if (here && !same) here.tabIndex = -1;
    here?.focus();
  }
}
