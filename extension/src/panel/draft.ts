/** What a person has put together so far, and the task it is about. No DOM here. */

import { uuid } from "../clock";
import type { NewTag, TodayTag } from "../messages";
import type { TrackerName } from "../trackers/rule";
import { LABEL_LENGTH, MAX_LABELS, WORK_TYPES, type WorkType } from "../vocabulary";

export interface FormTask {
  readonly tracker: TrackerName | "manual";
  readonly scope: string;
  readonly taskId: string;
  readonly title: string;
}

export const NO_TASK: FormTask = { tracker: "manual", scope: "", taskId: "", title: "" };

export interface Draft {
  readonly task: FormTask;
  readonly workType: WorkType | null;
  readonly intensity: number | null;
  readonly labels: readonly string[];
  readonly area: string;
  readonly isYesterday: boolean;
  /** The saved tag that is being changed, if any. */
  readonly editing: string | null;
  /** Id of the tag to be: the same for every try of one content, so a repeated click is one tag. */
  readonly tagId: string | null;
}

export const emptyDraft = (task: FormTask): Draft => ({
  task, workType: null, intensity: null, labels: [], area: "", isYesterday: false, editing: null, tagId: null,
});

/** Words of a comma-separated line, each once, as the API takes them. */
export function labelsIn(line: string): string[] {
  const words = line.split(/[,;]/).map((word) => word.replace(/\s+/g, " ").trim().slice(0, LABEL_LENGTH)).filter(Boolean);
  return [...new Set(words)].slice(0, MAX_LABELS);
}

/** What is missing before the draft can be saved, as a sentence; `null` if nothing is. */
export function missing(draft: Draft): string | null {
  if (!draft.task.taskId.trim()) return "Which task? Type its id.";
  if (!draft.workType) return "What kind of work? Press F, B, K, S, C or R.";
  if (draft.intensity === null) return "How intense? Press 1 to 9, or 0 for 10.";
  return null;
}

/** A soft word when the number is unusual for the type; never in the way. */
export function hint(draft: Draft): string {
  const info = WORK_TYPES.find(({ name }) => name === draft.workType);
  if (!info) return "";
  const [low, high] = info.usual;
  if (draft.intensity === null) return `${info.name}: ${info.says}.`;
  if (draft.intensity >= low && draft.intensity <= high) return `${info.name}: ${info.says}.`;
  return `${info.name} is usually ${low}–${high}. Keep ${draft.intensity} if it feels right.`;
}

/** The draft as the background takes it. Call only if nothing is missing. */
export function newTag(draft: Draft, now: number): NewTag {
  return {
    tagId: draft.tagId ?? uuid(now),
    tracker: draft.task.tracker,
    scope: draft.task.scope,
    taskId: draft.task.taskId.trim(),
    title: draft.task.title.trim(),
    workType: draft.workType as WorkType,
    intensity: draft.intensity as number,
    labels: draft.labels,
    area: draft.area.trim(),
    isYesterday: draft.isYesterday,
  };
}

/** A draft that changes a saved tag. */
export const draftOf = (tag: TodayTag, isYesterday: boolean): Draft => ({
  task: { tracker: "manual", scope: "", taskId: tag.taskId, title: tag.title },
  workType: tag.workType, intensity: tag.intensity, labels: tag.labels, area: tag.area, isYesterday, editing: tag.tagId, tagId: null,
});

/** What a key means in the panel, outside text fields. */
export type Stroke =
  | { readonly do: "type"; readonly workType: WorkType }
  | { readonly do: "intensity"; readonly value: number }
  | { readonly do: "step"; readonly by: 1 | -1 }
  | { readonly do: "save"; readonly isContinue: boolean }
  | { readonly do: "day" }
  | { readonly do: "close" };

export function strokeOf(event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">, isTyping: boolean): Stroke | null {
  if (event.ctrlKey || event.metaKey || event.altKey) {
    return event.key === "Enter" && !event.altKey ? { do: "save", isContinue: event.shiftKey } : null;
  }
  if (event.key === "Escape") return { do: "close" };
  if (event.key === "Enter") return { do: "save", isContinue: event.shiftKey };
  if (isTyping) return null;
  if (/^[0-9]$/.test(event.key)) return { do: "intensity", value: Number(event.key) || 10 };
  if (event.key === "ArrowRight" || event.key === "ArrowUp") return { do: "step", by: 1 };
  if (event.key === "ArrowLeft" || event.key === "ArrowDown") return { do: "step", by: -1 };
  if (event.key.toLowerCase() === "y") return { do: "day" };
  const type = WORK_TYPES.find(({ key }) => key === event.key.toUpperCase());
  return type ? { do: "type", workType: type.name } : null;
}
