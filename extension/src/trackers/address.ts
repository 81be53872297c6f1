/**
 * From an address to a task: templates of hosts, paths and parameters.
 *
 * Pure; never looks at a page. Templates are compiled to linear-time expressions once.
 */

import type { Page, Rule, TaskRef } from "./rule";

const ADDRESS_MAX = 4096;

const KINDS: Readonly<Record<string, string>> = {
  "": "[^/|]+",
  number: "\\d{1,19}",
  key: "[A-Za-z][A-Za-z0-9_]{0,31}-\\d{1,12}",
  "...": "[^/]+(?:/[^/]+)*?",
};

const compiled = new Map<string, RegExp>();

/** Whether a template can be used: names are plain and at most one part takes several segments. */
export function isTemplate(template: string): boolean {
  const parts = template.match(/\{[^}]*\}?/g) ?? [];
  const many = parts.filter((part) => part.includes("..."));
  return (
    template.length <= 200 &&
    many.length <= 1 &&
    parts.every((part) => /^\{[a-z][A-Za-z0-9]*(?::number|:key|\.\.\.)?\}$/.test(part))
  );
}

function expression(template: string): RegExp {
  const known = compiled.get(template);
  if (known) return known;
  const open = template.endsWith("/**");
  const body = open ? template.slice(0, -3) : template;
  const source = body.replace(/\{([a-z][A-Za-z0-9]*)(?::(number|key)|(\.\.\.))?\}|[^{]+|\{/g, (all, name, kind, many) =>
    name ? `(?<${name}>${KINDS[kind ?? many ?? ""]})` : all.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  const made = new RegExp(`^${source}${open ? "(?:/.*)?" : "/?"}$`);
  compiled.set(template, made);
  return made;
}

function parts(template: string, text: string): Record<string, string> | null {
  const match = expression(template).exec(text);
  return match ? { ...match.groups } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}

/**
 * Whether a host belongs to a pattern.
 *
 * @example matchesHost("acme.atlassian.net", "*.atlassian.net") // true; "xatlassian.net" is not
 */
export function matchesHost(host: string, pattern: string): boolean {
  if (!pattern.startsWith("*.")) return host === pattern;
  const label = host.slice(0, -(pattern.length - 1));
  return host.endsWith(pattern.slice(1)) && /^[a-z0-9-]+$/.test(label);
}

function readPage(rule: Rule, page: Page, url: URL): TaskRef | null {
  const fromHost = page.host ? parts(page.host, url.hostname) : {};
  const fromPath = parts(page.path, url.pathname);
  if (!fromHost || !fromPath) return null;
  let fromQuery: Record<string, string> | null = {};
  if (page.query) fromQuery = parts(page.query.value, url.searchParams.get(page.query.name) ?? "");
  if (!fromQuery) return null;

  const isCloud = rule.hosts.some((pattern) => matchesHost(url.hostname, pattern));
  const values: Record<string, string> = { host: url.hostname, site: isCloud ? "" : `${url.hostname}/` };
  for (const [name, value] of Object.entries({ ...fromHost, ...fromPath, ...fromQuery })) {
    values[name] = decode(value);
  }
  const id = fill(page.id, values);
  const scope = fill(page.scope, values);
  if (!id || id.length > 128 || scope.length > 256) return null;
  return rule.fold === "upper-id"
    ? { tracker: rule.tracker, taskId: id.toUpperCase(), scope: scope.toLowerCase() }
    : { tracker: rule.tracker, taskId: id, scope: scope.toLowerCase() };
}

/** The task that an address names, or `null`. */
export function taskOf(rule: Rule, address: URL): TaskRef | null {
  if (address.href.length > ADDRESS_MAX || !/^https?:$/.test(address.protocol)) return null;
  for (const page of rule.pages) {
    const ref = readPage(rule, page, address);
    if (ref) return ref;
  }
  return null;
}

/** Whether a task may stand in a drawer on this page although its address names none. */
export function mayHoldDrawer(rule: Rule, address: URL): boolean {
  return rule.drawers.some((template) => parts(template, address.pathname) !== null);
}

export function sameTask(a: TaskRef | null | undefined, b: TaskRef | null | undefined): boolean {
  return !!a && !!b && a.tracker === b.tracker && a.scope === b.scope && a.taskId === b.taskId;
}
