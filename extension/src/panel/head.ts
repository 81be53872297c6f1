/** The top of the panel: which task this is about, or fields to say so. */

import { CROSS, drawing, FLAME, make } from "./element";
import type { Draft, FormTask } from "./draft";

export interface Head {
  readonly root: HTMLElement;
  show(draft: Draft, dayNumber: number | undefined): void;
  focus(): void;
}

/**
 * @param rename called with the task as typed
 * @param day the choice of the day, drawn here
 * @param close closes the panel (none in the pop-up)
 */
export function head(
  rename: (change: Partial<Pick<FormTask, "taskId" | "title">>) => void,
  day: HTMLElement,
  close: (() => void) | null,
): Head {
  const id = make("bdi", { class: "id" });
  const title = make("bdi", { class: "title" });
  const run = make("div", { class: "run" });
  const typed = (name: "taskId" | "title") => (event: Event) => rename({ [name]: (event.target as HTMLInputElement).value });
  const idField = make("input", { type: "text", "aria-label": "Task id", placeholder: "Task id", maxlength: 128, autocomplete: "off", spellcheck: "false", input: typed("taskId") });
  const titleField = make("input", { type: "text", "aria-label": "Title (optional)", placeholder: "Title (optional)", maxlength: 300, autocomplete: "off", input: typed("title") });
  const fields = make("div", { class: "fields" }, idField, titleField);
  const cross = close && make("button", { type: "button", class: "icon", "aria-label": "Close", title: "Close (Esc)", click: close }, drawing(CROSS));
  let about: string | null = null;
  let isFound = false;

  return {
    root: make("div", { class: "head" }, drawing(FLAME, 18), id, day, cross, title, run, fields),
    show(draft, dayNumber) {
      const { task } = draft;
      // whether fields are drawn is decided when the task changes, not while it is typed
      const key = `${task.scope}\u0000${task.tracker}\u0000${draft.editing ?? ""}\u0000${task.tracker === "manual" && !task.scope ? "" : task.taskId}`;
      if (key !== about) {
        about = key;
        isFound = !!draft.editing || (task.taskId !== "" && (task.tracker !== "manual" || task.scope !== ""));
        idField.value = task.taskId;
        titleField.value = task.title;
        idField.hidden = isFound;
        fields.hidden = isFound && task.title !== "";
        fields.style.gridTemplateColumns = isFound ? "1fr" : "";
      }
      id.textContent = draft.editing ? `Change ${task.taskId}` : isFound ? task.taskId : "Tag a task";
      title.textContent = task.title;
      title.hidden = !isFound || !task.title || !fields.hidden;
      run.textContent = dayNumber ? `Day ${dayNumber} on this task as ${draft.workType}` : "";
      run.hidden = !dayNumber;
    },
    focus: () => (idField.hidden ? titleField : idField).focus({ preventScroll: true }),
  };
}
