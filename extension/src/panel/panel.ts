/**
 * HEAT's one element in a page: a pill in a corner, the form above it, a toast after it.
 *
 * A closed shadow root under the document element: the page's styles and scripts stay out, and
 * nothing of the page is touched. Page scripts can still see which keys are pressed, so nothing
 * secret is ever typed here.
 */

import { UNDO_SECONDS } from "../undo";
import { NO_TASK, type FormTask } from "./draft";
import { CHECK, drawing, FLAME, make } from "./element";
import { TagForm } from "./form";

export const HOST_NAME = "heat-panel";

export interface PanelSource {
  /** The task on the page at this moment, read anew. */
  readonly current: () => FormTask | null;
  readonly extra: () => { readonly labels?: readonly string[]; readonly area?: string };
}

export class Panel {
  private readonly host = document.createElement(HOST_NAME);
  private readonly corner = make("div", { class: "corner" });
  private readonly words = make("bdi");
  private readonly pill = make("button", { type: "button", class: "pill idle", "aria-label": "HEAT: tag this task", "aria-haspopup": "dialog", click: (event) => event.isTrusted && this.toggle() }, drawing(FLAME), this.words);
  private readonly form: TagForm;
  private toast: HTMLElement | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private before: Element | null = null;

  constructor(
    private readonly source: PanelSource,
    look: { readonly style: string; readonly corner: "left" | "right" },
  ) {
    const root = this.host.attachShadow({ mode: "closed" });
    this.form = new TagForm({
      close: () => this.close(),
      reread: () => this.source.current(),
      saved: (text, undo, isContinue) => this.onSaved(text, undo, isContinue),
    });
    this.corner.append(this.pill);
    this.corner.classList.toggle("left", look.corner === "left");
    const heat = make("div", { class: "heat" }, this.corner);
    // a style element, since Firefox refuses constructed sheets of content scripts
    root.append(make("style", {}, look.style), heat);
    // trackers act on single keys: what is typed here must not reach them
    for (const kind of ["keydown", "keyup", "keypress", "input", "beforeinput", "paste", "copy", "cut"]) {
      heat.addEventListener(kind, (event) => event.stopPropagation());
    }
    heat.addEventListener("keydown", (event) => this.keepFocus(event));
  }

  /** Put the element into the page; again if the page threw it out. One per document. */
  attach(): void {
    if (this.host.isConnected) return;
    document.querySelectorAll(HOST_NAME).forEach((old) => old.remove());
    document.documentElement.append(this.host);
  }

  /** What the pill says. */
  show(task: FormTask | null): void {
    this.words.textContent = task?.taskId ?? "";
    this.pill.classList.toggle("idle", !task);
    this.pill.title = task ? `Tag ${task.taskId} ${task.title}` : "Tag work with HEAT";
    this.pill.setAttribute("aria-label", task ? `HEAT: tag ${task.taskId}` : "HEAT: tag work");
  }

  get isOpen(): boolean {
    return this.form.root.isConnected;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    // read the page before anything is drawn: after it, each look would lay the page out anew
    const task = this.source.current() ?? NO_TASK;
    const extra = this.source.extra();
    this.attach();
    this.dropToast();
    this.before = document.activeElement;
    this.corner.replaceChildren(this.form.root);
    this.form.open(task, extra);
  }

  close(): void {
    this.corner.replaceChildren(...(this.toast ? [this.toast] : []), this.pill);
    // back to where the person was, if that is still there
    if (this.before instanceof HTMLElement && this.before !== document.body && this.before.isConnected) this.before.focus({ preventScroll: true });
    this.before = null;
  }

  private onSaved(text: string, undo: () => Promise<void>, isContinue: boolean): void {
    const undone = (): void => {
      clearTimeout(this.timer);
      void undo().then(() => this.say("Undone.", null), () => this.say("Too late to undo here: withdraw it under Today.", null));
    };
    if (isContinue) {
      this.form.say(`Saved: ${text}`, "good", { label: "Undo", run: () => {
        this.form.say(null);
        void undo();
      } });
      return;
    }
    this.say(`Saved: ${text}`, undone);
    this.close();
  }

  private say(text: string, undo: (() => void) | null): void {
    this.dropToast();
    this.toast = make("div", { class: "toast", role: "status" }, drawing(CHECK), make("span", {}, text),
      undo && make("button", { type: "button", click: (event) => event.isTrusted && undo() }, "Undo"));
    if (!this.isOpen) this.corner.prepend(this.toast);
    this.timer = setTimeout(() => this.dropToast(), undo ? UNDO_SECONDS * 1000 : 2500);
  }

  private dropToast(): void {
    clearTimeout(this.timer);
    this.toast?.remove();
    this.toast = null;
  }

  private keepFocus(event: KeyboardEvent): void {
    if (event.key !== "Tab" || !this.isOpen) return;
    const stops = [...this.form.root.querySelectorAll<HTMLElement>("button, input")].filter((node) => node.tabIndex >= 0 && !node.closest("[hidden]") && !node.hasAttribute("disabled"));
    const first = stops[0];
    const last = stops.at(-1);
    const target = event.target as HTMLElement;
    if (event.shiftKey && target === first) last?.focus();
    else if (!event.shiftKey && target === last) first?.focus();
    else return;
    event.preventDefault();
  }
}
