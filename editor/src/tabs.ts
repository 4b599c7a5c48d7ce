// The tabs above the editor, as https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ has them: arrow keys go from one to the next.

import { make, say } from "./page";
import * as queries from "./queries";
import type { Query } from "./queries";

export class Tabs {
  readonly element = make("div", { class: "tabs" });
  private readonly list = make("div", { role: "tablist", "aria-label": "Your queries" });
  private readonly reopen = make("button", { type: "button", class: "small second", hidden: "" }, "Reopen the one closed");
  private readonly open: Query[];
  private here: Query;
  private closed?: Query;

  /** `shown` is called with the text of the query that is gone to; `panel` is the id of what it is shown in. */
  constructor(text: string, isGiven: boolean, private readonly panel: string, private readonly shown: (text: string) => void) {
    this.open = queries.all();
    const same = this.open.find((one) => one.text.trim() === text.trim());
    const last = this.open.find((one) => one.id === queries.current()) ?? this.open.at(-1);
    this.here = (isGiven ? same : last) ?? this.add(text);
    queries.look(this.here);
    const more = make("button", { type: "button", class: "small second" }, "New tab");
    const less = make("button", { type: "button", class: "small second" }, "Close this tab");
    more.addEventListener("click", () => this.begin(""));
    less.addEventListener("click", () => this.close());
    this.reopen.addEventListener("click", () => this.closed && this.begin(this.closed.text));
    this.element.append(this.list, make("div", { class: "ways" }, more, less, this.reopen));
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.draw();
  }

  get text(): string {
    return this.here.text;
  }

  /** Keep what has become of the query that is shown. */
  changed(text: string): void {
    const before = this.named(this.here);
    this.here.text = text;
    queries.keep(this.here);
    if (this.named(this.here) !== before) this.draw();
  }

  /** Show a query: where it is open already, else in a tab of its own. */
  begin(text: string): void {
    const same = text.trim() ? this.open.find((one) => one.text.trim() === text.trim()) : undefined;
    this.go(same ?? this.add(text));
    this.closed = undefined;
    this.draw();
    this.shown(text);
  }

  private add(text: string): Query {
    const query = queries.begun(text);
    this.open.push(query);
    queries.keep(query);
    return query;
  }

  private go(query: Query): void {
    this.here = query;
    queries.look(query);
    this.draw();
    this.shown(query.text);
  }

  private close(): void {
    const place = this.open.indexOf(this.here);
    const name = this.named(this.here);
    this.closed = this.here.text.trim() ? this.here : undefined;
    queries.drop(this.here);
    this.open.splice(place, 1);
    this.go(this.open[Math.min(place, this.open.length - 1)] ?? this.add(""));
    say(`Closed: ${name}.`);
  }

  private pressed(event: KeyboardEvent): void {
    const place = this.open.indexOf(this.here);
    const last = this.open.length - 1;
    const to = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place ? place - 1 : last, Home: 0, End: last }[event.key];
    if (event.key === "Delete") this.close();
    else if (to === undefined) return;
    else this.go(this.open[to]);
    event.preventDefault();
    this.list.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  private named(query: Query): string {
    return queries.title(query, this.open.indexOf(query) + 1);
  }

  private draw(): void {
    this.reopen.hidden = !this.closed;
    const had = this.list.contains(document.activeElement);
    this.list.replaceChildren(...this.open.map((query) => {
      const isHere = query === this.here;
      const tab = make("button", {
        type: "button", role: "tab", "aria-selected": String(isHere), "aria-controls": this.panel, tabindex: isHere ? "0" : "-1",
      }, this.named(query));
      tab.addEventListener("click", () => this.go(query));
      return tab;
    }));
    if (had) this.list.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }
}
