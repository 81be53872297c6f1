/** Jira Cloud: page, board, backlog, issue navigator; Server and Data Center as the last views. */

import type { Rule } from "./rule";

const KEY = { css: '[data-testid="issue.views.issue-base.foundation.breadcrumbs.current-issue.item"]' };
const SUMMARY = '[data-testid="issue.views.issue-base.foundation.summary.heading"]';

const id = [
  { ...KEY, part: "href" },
  { ...KEY, part: "text" },
  { css: '[data-testid*="breadcrumb-current-issue-container"] a[href*="/browse/"]', part: "href" },
] as const;
const title = [
  { css: `h1${SUMMARY}`, part: "text" },
  { css: SUMMARY, part: "text" },
  { css: '[data-testid*="summary.heading"]', part: "text" },
] as const;

export const jira: Rule = {
  tracker: "jira",
  label: "Jira",
  hosts: ["*.atlassian.net"],
  pages: [
    // on boards the query names the open task, the path only the board: query first
    { path: "/**", query: { name: "selectedIssue", value: "{key:key}" }, id: "{key}", scope: "{host}" },
    { path: "/browse/{key:key}", id: "{key}", scope: "{host}" },
    { path: "/issues/{key:key}", id: "{key}", scope: "{host}" },
    { path: "/jira/{area...}/issues/{key:key}", id: "{key}", scope: "{host}" },
    { path: "/jira/servicedesk/{area...}/{key:key}", id: "{key}", scope: "{host}" },
    { path: "/{context}/browse/{key:key}", id: "{key}", scope: "{host}" },
  ],
  views: [
    // the panel's own header links to /browse/KEY too and comes first: only the breadcrumb names the task
    { name: "preview panel", container: '[data-testid="preview-panels.preview-panel"]', id, title },
    { name: "compact panel", container: '[data-testid="issue.views.issue-details.issue-layout.compact-layout"]', id, title },
    { name: "modal", container: '[data-testid="issue.views.issue-details.issue-modal.modal-dialog"]', id, title },
    { name: "page", container: "#jira-issue-header, main, body", id, title },
    {
      name: "page without test ids",
      container: '[role="dialog"], main',
      id: [{ css: 'nav a[href*="/browse/"], [aria-label*="readcrumb"] a[href*="/browse/"]', part: "href" }],
      title: [{ css: "h1", part: "text" }],
    },
    {
      name: "server",
      container: "#stalker, #issue-content, body",
      id: [{ css: "#key-val", part: "text" }, { css: 'meta[name="ajs-issue-key"]', part: "ref" }],
      title: [{ css: "#summary-val", part: "text" }],
    },
  ],
  titles: [
    { pattern: /^\[(?<id>[A-Z][A-Z0-9_]*-\d+)\] (?<title>.+) - [^-]+$/, exact: true },
    { pattern: /^\[(?<id>[A-Z][A-Z0-9_]*-\d+)\] (?<title>.+)$/, exact: false },
  ],
  drawers: [],
  idText: /([A-Z][A-Z0-9_]*-\d+)/,
  fold: "upper-id",
};
