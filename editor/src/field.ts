// The editor in the place of the field: colours, completion, brackets, and the spot of a fault.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";
import { complete } from "./completing";

export interface Fault {
  line: number;
  column: number;
  sentence: string;
}

/** What the editor tells of: that its text has changed, and that it is to be run. */
export interface Heard {
  changed(text: string): void;
  run(): void;
}

export class Field {
  readonly view: EditorView;

  constructor(parent: HTMLElement, text: string, nonce: string, attributes: Record<string, string>, private readonly heard: Heard) {
    this.view = new EditorView({ parent, state: this.state(text, nonce, attributes) });
  }

  get text(): string {
    return this.view.state.sliceDoc();
  }

  /** Show another text, with a past of its own. */
  show(text: string, nonce: string, attributes: Record<string, string>): void {
    this.view.setState(this.state(text, nonce, attributes));
  }

  /** Mark where a text is wrong and go there, or take the mark away. */
  mark(fault: Fault | undefined): void {
    const { doc } = this.view.state;
    if (!fault) {
      this.view.dispatch(setDiagnostics(this.view.state, []));
      return;
    }
    const { from, to } = spot(doc, fault);
    this.view.dispatch(setDiagnostics(this.view.state, [{ from, to, severity: "error", message: fault.sentence }]));
    this.view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    this.view.focus();
  }

  private state(text: string, nonce: string, attributes: Record<string, string>): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(), highlightActiveLine(), drawSelection(), history(), indentOnInput(), bracketMatching(), closeBrackets(),
        indentUnit.of("  "), EditorView.lineWrapping, lintGutter(),
        SparqlLanguage, SparqlLanguage.data.of({ commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } }),
        syntaxHighlighting(classHighlighter),
        autocompletion({ override: [complete], maxRenderedOptions: 60, icons: false, activateOnTypingDelay: 120 }),
        // The tab key is left alone, so that the keyboard gets out of the editor (WCAG 2.2, 2.1.2).
        keymap.of([
          { key: "Mod-Enter", run: () => (this.heard.run(), true) },
          ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap,
        ]),
        EditorView.contentAttributes.of(attributes),
        EditorView.updateListener.of((update) => update.docChanged && this.heard.changed(update.state.sliceDoc())),
      ],
    });
  }
}

/** Give the word at a fault, or the sign before it where it is at the end of the text. */
function spot(doc: Text, { line, column }: Fault): { from: number; to: number } {
  const there = doc.line(Math.min(line, doc.lines));
  const from = Math.min(there.from + column - 1, there.to);
  const word = /^[\w:?$.-]+/.exec(doc.sliceString(from, there.to))?.[0].length ?? 1;
  return from < there.to ? { from, to: Math.min(from + word, there.to) } : { from: Math.max(from - 1, 0), to: from };
}
