// Makes an editor of the field in which SPARQL is typed. Until this has run, and without it, the page works as it is.

import { Answers } from "./answers";
import { Field } from "./field";
import { make, part, say } from "./page";
import { Tabs } from "./tabs";

const HELP = "Control and Enter runs the query, Control and Space offers what may stand at the cursor. The tab key leaves the editor.";

function start(): void {
  const form = part<HTMLFormElement>("asking");
  const plain = part<HTMLTextAreaElement>("query");
  const [run, share] = form.querySelectorAll("button");
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  const panel = make("div", { id: "editor", role: "tabpanel", "aria-label": "Query" });
  const attributes = { "aria-label": "Query", "aria-describedby": "editor-help" };

  const answers = new Answers((fault) => field.mark(fault));
  const tabs = new Tabs(plain.value, form.dataset.kept === "yes", panel.id, (text) => {
    plain.value = text;
    field.show(text, nonce, attributes);
    field.view.focus();
  });
  const field = new Field(panel, tabs.text, nonce, attributes, {
    changed: (text) => {
      plain.value = text;
      tabs.changed(text);
    },
    run: () => form.requestSubmit(run),
  });

  plain.value = tabs.text;
  plain.hidden = true;
  plain.labels[0].hidden = true;
  plain.before(tabs.element, panel, make("p", { id: "editor-help", class: "quiet" }, HELP));
  document.documentElement.classList.add("scripted");
  const fault = answers.fault();
  if (fault) field.mark(fault);

  const stop = make("button", { type: "button", class: "second stop" }, "Stop");
  share.after(stop);
  stop.addEventListener("click", () => answers.stop());
  form.addEventListener("submit", (event) => {
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name === "format") return; // a download
    event.preventDefault();
    plain.value = field.text;
    if (event.submitter === share) void shared(field.text, answers);
    else void answers.run(field.text);
  });
  document.querySelector(".examples")?.addEventListener("click", (event) => void example(event as MouseEvent, tabs));
}

/** Open an example in a tab. */
async function example(event: MouseEvent, tabs: Tabs): Promise<void> {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const page = new DOMParser().parseFromString(await (await fetch(link.href, { headers: { Accept: "text/html" } })).text(), "text/html");
  const text = page.querySelector("textarea")?.value;
  if (text === undefined) return;
  link.closest("details")?.removeAttribute("open");
  tabs.begin(`# ${link.textContent?.trim()}\n${text}`);
  say(`Opened in a tab: ${link.textContent?.trim()}`);
}

/** Have a query kept, and show its short link. */
async function shared(text: string, answers: Answers): Promise<void> {
  const answer = await fetch("/sparql/share", {
    method: "POST", body: new URLSearchParams({ query: text }), headers: { Accept: "application/json" },
  }).catch(() => undefined);
  if (!answer?.ok) {
    answers.tell(answer ? (await answer.text()).trim() : "The server did not answer, so there is no short link.", "problem");
    return;
  }
  const { address } = (await answer.json()) as { address: string };
  const isCopied = await navigator.clipboard?.writeText(address).then(() => true, () => false);
  const link = make("a", { href: address, class: "permalink" }, address);
  answers.tell(`${isCopied ? "Copied: the" : "The"} short link of this query is `, "done", link);
}

start();
