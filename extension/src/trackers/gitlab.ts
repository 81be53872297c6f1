/** GitLab: issues, work items, epics, merge requests, drawers over lists and boards; self-hosted too. */

import type { Rule } from "./rule";

const TITLES = [
  { css: '[data-testid="work-item-title"]', part: "text" },
  { css: '[data-testid="issue-title"]', part: "text" },
  { css: '[data-testid="issue-title-text"]', part: "text" },
  { css: '[data-testid="title-content"]', part: "text" },
] as const;

export const gitlab: Rule = {
  tracker: "gitlab",
  label: "GitLab",
  hosts: ["gitlab.com"],
  pages: [
    // an issue #15 and a merge request !15 are two tasks: the sigil stays in the id
    { path: "/groups/{group...}/-/epics/{n:number}", id: "&{n}", scope: "{site}{group}" },
    { path: "/groups/{group...}/-/work_items/{n:number}", id: "&{n}", scope: "{site}{group}" },
    { path: "/{project...}/-/issues/{n:number}/**", id: "#{n}", scope: "{site}{project}" },
    { path: "/{project...}/-/work_items/{n:number}", id: "#{n}", scope: "{site}{project}" },
    { path: "/{project...}/-/merge_requests/{n:number}/**", id: "!{n}", scope: "{site}{project}" },
  ],
  views: [
    {
      name: "drawer",
      container: '[data-testid="work-item-drawer"], [role="dialog"], aside.gl-drawer, .work-item-drawer',
      id: [{ css: '[data-testid="work-item-drawer-ref-link"]', part: "href" }],
      title: TITLES,
    },
    {
      name: "page",
      // the body's own facts are the steadiest of all
      container: "body[data-page-type-id]",
      id: [{ css: ":scope", part: "ref" }],
      title: TITLES,
    },
    {
      name: "page without facts",
      container: "main, #content-body, .content-wrapper",
      id: [
        { css: '[data-testid="breadcrumb-links"] li:last-child a, nav.breadcrumbs li:last-child a', part: "href" },
        { css: '[aria-label*="readcrumb"] li:last-child a', part: "href" },
      ],
      title: [...TITLES, { css: "h1", part: "text" }],
    },
  ],
  titles: [
    { pattern: /^(?<title>.+) \((?<id>[#!&]\d+)\) · (?:Issues|Work items|Merge requests|Epics|Tasks) · /i, exact: true },
    { pattern: /^(?<title>.+) \((?<id>[#!&]\d+)\)/, exact: false },
  ],
  drawers: [
    "/{project...}/-/issues", "/{project...}/-/work_items", "/{project...}/-/boards/**",
    "/groups/{group...}/-/issues", "/groups/{group...}/-/work_items", "/groups/{group...}/-/boards/**",
    "/groups/{group...}/-/epics", "/groups/{group...}/-/epic_boards/**",
  ],
  idText: /(\d+)/,
  fold: "lower-scope",
};
