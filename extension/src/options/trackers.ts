/** Where HEAT runs: trackers of the vendors' clouds, hosts of one's own, custom trackers. */

import { ask, browser } from "../browser";
import { make } from "../panel/element";
import type { Choices } from "../store/meta";
import { BUILT_IN, type ExtraHost } from "../trackers";
import { isHost, problemsOf, type CustomTracker } from "../trackers/custom";
import type { TrackerName } from "../trackers/rule";
import { button, field, labelled, says, section, select } from "./parts";

const CLOUD: readonly (readonly [host: string, tracker: ExtraHost["tracker"], text: string])[] = [
  ["gitlab.com", "gitlab", "GitLab.com"],
  ["linear.app", "linear", "Linear"],
];

/** Ask for a host in the click, then keep the changed choices. */
async function allow(host: string, change: (choices: Choices) => Choices): Promise<void> {
  if (!(await browser.permissions.request({ origins: [`https://${host}/*`] }))) throw new Error(`Without the permission HEAT cannot run on ${host}.`);
  await ask({ type: "choose", choices: change(await ask({ type: "choices" })) });
}

async function drop(host: string): Promise<void> {
  const choices = await ask({ type: "choices" });
  await ask({
    type: "choose",
    choices: { ...choices, hosts: choices.hosts.filter((one) => one.host !== host), custom: choices.custom.filter((one) => one.host !== host) },
  });
  await browser.permissions.remove({ origins: [`https://${host}/*`] });
}

export function trackersSection(): HTMLElement {
  const line = says();
  const list = make("ul", { class: "plain" });
  const host = field({ placeholder: "jira.example.com" });
  const kind = select("Tracker", BUILT_IN.map(({ tracker, label }) => [tracker, label] as const));

  const show = async (): Promise<void> => {
    const { hosts, custom } = await ask({ type: "choices" });
    const rows = [...hosts.map((one) => [one.host, one.tracker] as const), ...custom.map((one) => [one.host, `custom, ${one.path}`] as const)];
    list.replaceChildren(...rows.map(([name, what]) =>
      make("li", { class: "line" }, make("span", { class: "grow" }, make("strong", {}, name), ` ${what}`),
        button("Remove", () => void drop(name).then(show).then(() => line.good(`${name} removed.`), line.bad), "danger"))));
    list.hidden = rows.length === 0;
  };
  const add = (entry: ExtraHost): void => {
    if (!isHost(entry.host)) return line.bad("A host name such as jira.example.com, without https://.");
    allow(entry.host, (choices) => ({ ...choices, hosts: [...choices.hosts.filter((one) => one.host !== entry.host), entry] }))
      .then(show).then(() => line.good(`HEAT runs on ${entry.host} from the next page load.`), line.bad);
  };

  void show();
  return section("Trackers", "Jira Cloud, Azure DevOps and GitHub work at once. Others need your permission.", list,
    make("div", { class: "line" }, ...CLOUD.map(([name, tracker, text]) => button(`Allow ${text}`, () => add({ host: name, tracker })))),
    make("p", { class: "small muted" }, "A server of your own:"),
    make("div", { class: "grid" }, labelled("Host", host), labelled("Tracker", kind)),
    button("Allow this host", () => add({ host: host.value.trim().toLowerCase(), tracker: kind.value as ExtraHost["tracker"] })),
    line.node);
}

export function customSection(): HTMLElement {
  const line = says();
  const fields = {
    host: field({ placeholder: "tickets.example.com" }),
    path: field({ placeholder: "/tickets/{id}" }),
    parameter: field({ placeholder: "only if the id is in ?parameter=" }),
    id: field({ placeholder: "T-{id}" }),
    idSelector: field({ placeholder: ".ticket-number" }),
    titleSelectors: field({ placeholder: "h1.title; [data-title]" }),
  };
  const add = (): void => {
    const custom: CustomTracker = {
      host: fields.host.value.trim().toLowerCase(), path: fields.path.value.trim(), parameter: fields.parameter.value.trim(),
      id: fields.id.value.trim(), idSelector: fields.idSelector.value.trim(),
      titleSelectors: fields.titleSelectors.value.split(";").map((one) => one.trim()).filter(Boolean),
    };
    const problems = problemsOf(custom);
    if (problems.length) return line.bad(problems.join(" "));
    allow(custom.host, (choices) => ({ ...choices, custom: [...choices.custom.filter((one) => one.host !== custom.host), custom] }))
      .then(() => line.good(`HEAT knows ${custom.host} from the next page load.`), line.bad);
  };
  return section("Custom tracker", "A tracker HEAT does not know: where the id stands in the address, where id and title stand on the page.",
    make("div", { class: "grid" },
      labelled("Host", fields.host), labelled("Path, with {parts}; /** for any rest", fields.path),
      labelled("Parameter, as {value} in the id", fields.parameter), labelled("Task id", fields.id),
      labelled("Selector of the id on the page", fields.idSelector), labelled("Selectors of the title, up to five; by ;", fields.titleSelectors)),
    button("Add", add), line.node);
}

interface Checked {
  readonly tracker: string;
  readonly found: { readonly state: string; readonly via?: string; readonly task?: { readonly taskId: string; readonly title: string } };
  readonly checks: readonly { readonly view: string; readonly css: string; readonly matches: number; readonly visible: number; readonly value: string }[];
}

export function selfTestSection(): HTMLElement {
  const line = says();
  const result = make("div");
  const table = ({ tracker, found, checks }: Checked, title: string): HTMLElement => {
    const rows = checks.filter(({ matches }) => matches > 0);
    return make("div", {},
      make("p", {}, make("strong", {}, tracker), ` · ${title}: `, found.task ? `${found.task.taskId} ${found.task.title} (${found.via ?? ""})` : found.state),
      make("table", {}, make("thead", {}, make("tr", {}, ...["View", "Selector", "Matches", "Visible", "Reads"].map((name) => make("th", {}, name)))),
        make("tbody", {}, ...rows.map(({ view, css, matches, visible, value }) =>
          make("tr", {}, ...[view, css, String(matches), String(visible), value].map((text) => make("td", {}, text)))))));
  };
  const run = async (): Promise<void> => {
    result.replaceChildren();
    let count = 0;
    for (const tab of await browser.tabs.query({})) {
      if (tab.id === undefined) continue;
      try {
        const checked = (await browser.tabs.sendMessage(tab.id, { type: "check" })) as Checked | undefined;
        if (!checked) continue;
        result.append(table(checked, tab.title ?? "a tab"));
        count += 1;
      } catch {
        // no panel of HEAT in this tab
      }
    }
    line.good(count ? `${count} open ${count === 1 ? "page" : "pages"} checked. Nothing was sent.` : "Open a task in another tab first.");
  };
  return section("Selector self-test", "Which selectors match on the tasks you have open, and what they read.",
    button("Check open tasks", () => void run().catch(line.bad)), line.node, result);
}

export const TRACKER_OPTIONS: readonly (readonly [TrackerName, string])[] = [...BUILT_IN.map(({ tracker, label }) => [tracker, label] as const), ["custom", "Custom tracker"]];
