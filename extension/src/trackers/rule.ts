/**
 * What HEAT knows about a tracker, as data: addresses, selectors, title patterns.
 *
 * Types only. The data of each tracker stands in its own file, the code that reads a page with it
 * in `detect.ts`.
 */

export type TrackerName = "jira" | "azure-devops" | "github" | "gitlab" | "linear" | "custom";

/**
 * Which part of an element holds the value. `href` is read as an address, with the rule's pages;
 * `ref` is an id in an attribute (`content`, `data-page-type-id`).
 */
export type Part = "text" | "value" | "href" | "ref";

/** Where a value stands: the first visible, non-empty match counts. */
export interface Spot {
  readonly css: string;
  readonly part: Part;
}

/** One way in which a tracker draws a task. The task's id must stand in `id`, else it is not this task. */
export interface View {
  readonly name: string;
  /** The element that holds one task; of several visible ones the last (topmost) is taken first. */
  readonly container: string;
  readonly id: readonly Spot[];
  readonly title: readonly Spot[];
  /** The view itself need not name the id; `document.title` must (Linear). */
  readonly namedByTitle?: boolean;
}

/**
 * An address that names a task.
 *
 * `path` is a template: `{name}` is one segment, `{name:number}` digits, `{name:key}` a key such as
 * `HEAT-42`, `{name...}` one or more segments, a final `/**` any rest. `query` is a template for the
 * value of one parameter, `host` one for the host name.
 */
export interface Page {
  readonly path: string;
  readonly host?: string;
  readonly query?: { readonly name: string; readonly value: string };
  /** Template of the task's id, from the named parts, e.g. `#{n}`. */
  readonly id: string;
  /** Template of what makes the id unique, e.g. `{owner}/{repo}`; `{site}` is `host/` when self-hosted. */
  readonly scope: string;
}

/** A `document.title` with the groups `id`, `title` and perhaps `scope`. */
export interface TitlePattern {
  readonly pattern: RegExp;
  /** The form is known for sure: where the DOM says another title for this id, this one is right. */
  readonly exact: boolean;
}

export interface Rule {
  readonly tracker: TrackerName;
  readonly label: string;
  /** Hosts of the vendor's cloud; `*.` stands for exactly one label. Self-hosted ones come from the options. */
  readonly hosts: readonly string[];
  /** First match wins. */
  readonly pages: readonly Page[];
  /** Newest first. */
  readonly views: readonly View[];
  readonly titles: readonly TitlePattern[];
  /** Paths on which a task may open in a drawer while the address names none. */
  readonly drawers: readonly string[];
  /** How an id looks in plain text: first group. */
  readonly idText: RegExp;
  /** Keys are upper-cased, names lower-cased, as the tracker itself does. */
  readonly fold: "upper-id" | "lower-scope";
}

/** A task as the tracker names it. */
export interface TaskRef {
  readonly tracker: TrackerName;
  readonly scope: string;
  readonly taskId: string;
}

export interface Task extends TaskRef {
  readonly title: string;
}
