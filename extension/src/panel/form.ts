/**
 * The form: one tag from a task, two choices and a key press. Used by the panel and by the pop-up.
 *
 * Draws at once with what is known; area, recent tags and today's numbers come a moment later.
 */

import { ask, Outdated } from "../browser";
import { uuid } from "../clock";
import type { PanelFacts, TodayTag } from "../messages";
import { NO_TICKET, QUICK_ENTRIES, type QuickEntry, type WorkType } from "../vocabulary";
import { scaleGroup, typeGroup } from "./choices";
import { draftOf, emptyDraft, hint, labelsIn, missing, newTag, strokeOf, type Draft, type FormTask } from "./draft";
import { make } from "./element";
import { head, type Head } from "./head";
import { today } from "./today";

export interface FormEvents {
  /** Close the panel; `null` where it cannot be closed (pop-up). */
  readonly close: (() => void) | null;
  /** The task as the page shows it now; its title may have changed since the form opened. */
  readonly reread: () => FormTask | null;
  readonly saved: (text: string, undo: () => Promise<void>, isContinue: boolean) => void;
}

const SUGGESTED = ["SQL", "API", "UI"];

export class TagForm {
  readonly root: HTMLElement;
  private draft: Draft = emptyDraft({ tracker: "manual", scope: "", taskId: "", title: "" });
  private found: FormTask = this.draft.task;
  private facts: PanelFacts | null = null;
  private isBusy = false;

  private readonly head: Head;
  private readonly types = typeGroup((workType) => this.change({ workType }));
  private readonly scale = scaleGroup((intensity) => this.change({ intensity }));
  private readonly today = today((tag) => this.edit(tag), (tag) => void this.withdraw(tag));
  private readonly note = make("div", { class: "note", role: "status", hidden: true });
  private readonly labels = make("input", { type: "text", placeholder: "SQL, API …", autocomplete: "off", input: () => this.change({ labels: labelsIn(this.labels.value) }) });
  private readonly area = make("input", { type: "text", placeholder: "e.g. billing", autocomplete: "off", maxlength: 128, input: () => this.change({ area: this.area.value }) });
  private readonly chips = make("div", { class: "chips" });
  private readonly repeats = make("div", { class: "row" });
  private readonly quick = make("div", { class: "row" });
  private readonly day = make("div", { class: "days", role: "radiogroup", "aria-label": "Day" });
  private readonly save = make("button", { type: "button", class: "first", click: (event) => event.isTrusted && void this.submit(false) });
  private readonly more = make("button", { type: "button", click: (event) => event.isTrusted && void this.submit(true) });

  constructor(private readonly events: FormEvents) {
    this.head = head((change) => this.change({ task: { ...this.draft.task, ...change } }), this.day, events.close);
    for (const [text, isYesterday] of [["Today", false], ["Yesterday", true]] as const) {
      this.day.append(make("button", { type: "button", role: "radio", title: `${text} (Y)`, click: () => this.setDay(isYesterday) }, text));
    }
    const body = make("div", { class: "body" },
      this.note, this.types.root, this.scale.root,
      make("div", { class: "pairs" },
        make("label", { class: "field" }, make("span", {}, "Labels"), this.labels),
        make("label", { class: "field" }, make("span", {}, "Area"), this.area)),
      this.chips,
      this.repeats,
      make("div", { class: "actions" }, this.more, this.save),
      this.quick);
    this.root = make("div", { class: "panel", role: "dialog", "aria-label": "HEAT: tag a task" }, this.head.root, body, this.today.root);
    this.root.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Show the form for a task, empty but for what is remembered about it. */
  open(task: FormTask, extra: { readonly labels?: readonly string[]; readonly area?: string } = {}): void {
    this.found = task;
    this.reset({ ...emptyDraft(task), labels: extra.labels ?? [], area: extra.area ?? "" });
    this.say(null);
    if (task.taskId) this.types.focus();
    else this.head.focus();
    void this.refresh(!extra.area);
  }

  private reset(draft: Draft): void {
    this.draft = draft;
    this.labels.value = draft.labels.join(", ");
    this.area.value = draft.area;
    this.draw();
  }

  private change(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change, tagId: null };
    this.draw();
  }

  private setDay(isYesterday: boolean): void {
    this.change({ isYesterday });
    void this.refresh(false);
  }

  private async refresh(withArea: boolean): Promise<void> {
    const { task, isYesterday } = this.draft;
    try {
      this.facts = await ask({ type: "facts", scope: task.scope, taskId: task.taskId, isYesterday, tracker: task.tracker });
    } catch (error) {
      this.fail(error);
      return;
    }
    if (withArea && this.facts.area && !this.draft.area && this.draft.task === task) {
      this.draft = { ...this.draft, area: this.facts.area };
      this.area.value = this.facts.area;
    }
    this.drawFacts(this.facts);
    this.draw();
  }

  private draw(): void {
    const { draft } = this;
    const isEdit = draft.editing !== null;
    this.head.show(draft, draft.workType && !isEdit ? this.facts?.dayNumbers[draft.workType] : undefined);
    this.types.show(draft.workType);
    this.scale.show(draft.intensity);
    this.scale.hint.textContent = hint(draft);
    const [todayButton, yesterday] = this.day.children;
    todayButton?.setAttribute("aria-checked", String(!draft.isYesterday));
    yesterday?.setAttribute("aria-checked", String(draft.isYesterday));
    this.day.hidden = isEdit;
    for (const chip of this.chips.children) chip.setAttribute("aria-pressed", String(draft.labels.includes(chip.textContent ?? "")));
    const isReady = missing(draft) === null && !this.isBusy;
    this.save.replaceChildren(isEdit ? "Save the change" : "Save", make("kbd", { "aria-hidden": "true" }, "↵"));
    this.more.replaceChildren(isEdit ? "Cancel" : "Save & Continue");
    this.save.setAttribute("aria-disabled", String(!isReady));
    this.more.setAttribute("aria-disabled", String(!isReady && !isEdit));
    this.repeats.hidden = isEdit || this.repeats.childElementCount < 2 || !draft.task.taskId;
    this.quick.hidden = isEdit;
  }

  private drawFacts(facts: PanelFacts): void {
    const words = [...new Set([...facts.labels, ...SUGGESTED])].slice(0, 4);
    this.chips.replaceChildren(...words.map((word) => make("button", { type: "button", class: "chip", click: () => this.toggleLabel(word) }, word)));
    this.repeats.replaceChildren(make("span", { class: "name" }, "Repeat"), ...facts.recent.map((pair) =>
      make("button", {
        type: "button", class: "chip", title: `Save ${pair.workType} × ${pair.intensity} on this task`,
        click: (event) => event.isTrusted && this.repeat(pair.workType, pair.intensity),
      }, `${pair.workType} × ${pair.intensity}`)));
    const back = this.draft.task.scope === NO_TICKET && this.found.taskId !== "";
    this.quick.replaceChildren(make("span", { class: "name" }, "No ticket"),
      ...QUICK_ENTRIES.map((entry) => make("button", { type: "button", class: "chip", "aria-pressed": String(this.draft.task.taskId === entry.taskId && this.draft.task.scope === NO_TICKET), click: () => this.takeQuick(entry) }, entry.label)),
      ...(back ? [make("button", { type: "button", class: "chip", click: () => this.open(this.found) }, `↩ ${this.found.taskId}`)] : []));
    this.today.show(facts, this.draft.isYesterday);
    if (facts.needsSignIn) this.say("HEAT is no longer connected. Your tags are kept; connect again in the options.", "bad");
    else if (facts.isOutdated) this.say("HEAT's knowledge of this page looks outdated. Check id and title before you save.");
    else if (!facts.isConnected && this.events.close && this.note.hidden) this.say("Not connected yet: tags stay in this browser until you connect HEAT in the options.");
  }

  private takeQuick(entry: QuickEntry): void {
    this.change({ task: { tracker: "manual", scope: NO_TICKET, taskId: entry.taskId, title: entry.label }, workType: this.draft.workType ?? entry.workType });
    void this.refresh(false);
    this.scale.focus();
  }

  private toggleLabel(word: string): void {
    const { labels } = this.draft;
    const next = labels.includes(word) ? labels.filter((label) => label !== word) : [...labels, word];
    this.labels.value = next.join(", ");
    this.change({ labels: next });
  }

  private repeat(workType: WorkType, intensity: number): void {
    this.change({ workType, intensity });
    void this.submit(false);
  }

  private edit(tag: TodayTag): void {
    this.reset(draftOf(tag, this.draft.isYesterday));
    this.types.focus();
  }

  private async withdraw(tag: TodayTag): Promise<void> {
    try {
      await ask({ type: "withdraw", tagId: tag.tagId });
      this.say(`Withdrawn: ${tag.workType} × ${tag.intensity} on ${tag.taskId}.`, "good");
      await this.refresh(false);
    } catch (error) {
      this.fail(error);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const isTyping = target.tagName === "INPUT";
    const stroke = event.isTrusted ? strokeOf(event, isTyping) : null;
    // Enter on a button that is not a choice presses that button
    if (!stroke || (event.key === "Enter" && target.tagName === "BUTTON" && target.getAttribute("role") !== "radio")) return;
    event.preventDefault();
    switch (stroke.do) {
      case "type":
        this.change({ workType: stroke.workType });
        break;
      case "intensity":
        this.change({ intensity: stroke.value });
        this.scale.focus();
        break;
      case "step":
        this.change({ intensity: Math.min(10, Math.max(1, (this.draft.intensity ?? (stroke.by > 0 ? 0 : 6)) + stroke.by)) });
        this.scale.focus();
        break;
      case "day":
        if (!this.draft.editing) this.setDay(!this.draft.isYesterday);
        break;
      case "save":
        void this.submit(stroke.isContinue);
        break;
      case "close":
        if (this.draft.editing) this.open(this.found);
        else this.events.close?.();
    }
  }

  private async submit(isContinue: boolean): Promise<void> {
    if (this.isBusy) return;
    if (this.draft.editing) {
      if (isContinue) this.open(this.found);
      else await this.saveChange(this.draft.editing);
      return;
    }
    const wanting = missing(this.draft);
    if (wanting) {
      this.say(wanting);
      return;
    }
    const now = this.events.reread();
    const { task } = this.draft;
    // the title may have been edited since; the id stays the one the person saw
    if (now && now.title && now.taskId === task.taskId && now.scope === task.scope) this.draft = { ...this.draft, task: now };
    this.draft = { ...this.draft, tagId: this.draft.tagId ?? uuid(Date.now()) };
    await this.working(async () => {
      const tag = newTag(this.draft, Date.now());
      const { tagId } = await ask({ type: "save", tag });
      this.draft = { ...this.draft, tagId: null };
      const undo = async (): Promise<void> => {
        await ask({ type: "withdraw", tagId });
        await this.refresh(false);
      };
      this.events.saved(`${tag.workType} × ${tag.intensity} on ${tag.taskId}`, undo, isContinue);
    });
    // not awaited: the next key press may already be the next tag
    if (isContinue) void this.refresh(false);
  }

  private async saveChange(tagId: string): Promise<void> {
    const { workType, intensity, labels, area } = this.draft;
    if (!workType || intensity === null) return;
    await this.working(async () => {
      await ask({ type: "edit", tagId, change: { workType, intensity, labels, area: area.trim() } });
      this.open(this.found);
      this.say("Changed.", "good");
    });
  }

  private async working(work: () => Promise<void>): Promise<void> {
    this.isBusy = true;
    this.draw();
    try {
      await work();
    } catch (error) {
      this.fail(error);
    } finally {
      this.isBusy = false;
      this.draw();
    }
  }

  private fail(error: unknown): void {
    if (error instanceof Outdated) this.say("HEAT was updated. Reload this tab to tag here; what you typed stays until then.", "bad");
    else this.say(`Not saved: ${error instanceof Error ? error.message : "something went wrong"}`, "bad");
  }

  /** A word above the form; a button beside it if there is something to do. */
  say(text: string | null, tone: "" | "good" | "bad" = "", action: { readonly label: string; readonly run: () => void } | null = null): void {
    this.note.hidden = text === null;
    this.note.className = `note ${tone}`;
    this.note.replaceChildren(make("span", {}, text ?? ""), ...(action ? [make("button", { type: "button", click: (event) => event.isTrusted && action.run() }, action.label)] : []));
  }
}
