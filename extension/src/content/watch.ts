/**
 * Watching a single-page application: when its address or its page changes, look again.
 *
 * Looks only while something is open: once a task is confirmed the observer stops until the next
 * navigation, so a busy board costs nothing.
 */

import { mayHoldDrawer, sameTask, taskOf } from "../trackers/address";
import { detect, type Detection } from "../trackers/detect";
import type { Rule, Task } from "../trackers/rule";

/** Mutations come in bursts; a timer also runs in hidden tabs, unlike an animation frame. */
const COALESCE_MS = 30;
const DRAWER_MS = 150;
/** A page shows its task within this time, else the id alone is taken. */
const SETTLE_MS = 1500;
const GIVE_UP_MS = 30_000;

interface NavigationLike {
  addEventListener(type: "currententrychange", listener: () => void): void;
}

export class Watch {
  private latest: Detection = { state: "none" };
  private previous: Task | null = null;
  private address = "";
  private since = 0;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private settle: ReturnType<typeof setTimeout> | undefined;
  private readonly observer = new MutationObserver(() => this.schedule());
  private isObserving = false;

  constructor(
    private readonly rule: Rule,
    private readonly changed: (found: Detection) => void,
  ) {}

  start(): void {
    const { navigation } = globalThis as { navigation?: NavigationLike };
    if (navigation) navigation.addEventListener("currententrychange", () => this.arrive());
    // older browsers tell nobody about pushState: compare the address, while the page is looked at
    else setInterval(() => document.visibilityState === "visible" && location.href !== this.address && this.arrive(), 1000);
    addEventListener("popstate", () => this.arrive());
    document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? this.arrive() : this.rest()));
    this.arrive();
  }

  /** The task on the page at this moment. */
  current(): Task | null {
    if (location.href !== this.address) this.arrive();
    else this.look();
    return this.latest.state === "found" ? this.latest.task : null;
  }

  private arrive(): void {
    this.address = location.href;
    this.since = Date.now();
    clearTimeout(this.settle);
    if (this.latest.state === "found") this.previous = this.latest.task;
    this.look();
    if (this.latest.state !== "none") this.settle = setTimeout(() => this.look(), SETTLE_MS + 1);
  }

  private schedule(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.look();
    }, this.latest.state === "closed" || this.isDrawer() ? DRAWER_MS : COALESCE_MS);
  }

  private isDrawer(): boolean {
    const url = new URL(location.href);
    return taskOf(this.rule, url) === null && mayHoldDrawer(this.rule, url);
  }

  private look(): void {
    const age = Date.now() - this.since;
    const url = new URL(location.href);
    const found = detect(this.rule, url, document, { previous: this.previous, settled: age > SETTLE_MS });
    const isSame = found.state === this.latest.state && JSON.stringify(found) === JSON.stringify(this.latest);
    if (found.state === "found" && this.latest.state === "found" && !sameTask(found.task, this.latest.task)) this.previous = this.latest.task;
    this.latest = found;
    if (!isSame) this.changed(found);

    const isDone = found.state === "none" || (found.state === "found" && found.kind === "selector") || (found.state !== "closed" && age > GIVE_UP_MS);
    if (document.visibilityState === "hidden" || (isDone && !this.isDrawer())) this.rest();
    else this.observe();
  }

  private observe(): void {
    if (this.isObserving) return;
    this.isObserving = true;
    // some trackers attach a node first and name it in a later attribute change
    this.observer.observe(document.documentElement, {
      childList: true, subtree: true, characterData: true, attributes: true,
      attributeFilter: ["data-testid", "aria-hidden", "hidden", "data-page-type-id", "href", "value"],
    });
  }

  private rest(): void {
    this.observer.disconnect();
    this.isObserving = false;
  }
}
