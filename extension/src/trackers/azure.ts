/** Azure DevOps: the Boards hub, dialogs over boards, sprints and queries, the old form, the server. */

import type { Rule } from "./rule";

const links = [
  { css: 'a[href*="/_workitems/edit/"]', part: "href" },
  { css: ":scope > .body-xl, .work-item-form-id span, .work-item-form-id", part: "text" },
] as const;

export const azure: Rule = {
  tracker: "azure-devops",
  label: "Azure DevOps",
  hosts: ["dev.azure.com", "*.visualstudio.com"],
  pages: [
    // numbers are unique per organisation only
    { host: "dev.azure.com", path: "/{org}/{project}/_workitems/edit/{n:number}", id: "#{n}", scope: "{org}/{project}" },
    { host: "dev.azure.com", path: "/{org}/{project}/**", query: { name: "workitem", value: "{n:number}" }, id: "#{n}", scope: "{org}/{project}" },
    { host: "{org}.visualstudio.com", path: "/{project}/_workitems/edit/{n:number}", id: "#{n}", scope: "{org}/{project}" },
    { host: "{org}.visualstudio.com", path: "/{project}/**", query: { name: "workitem", value: "{n:number}" }, id: "#{n}", scope: "{org}/{project}" },
    { path: "/{org...}/{project}/_workitems/edit/{n:number}", id: "#{n}", scope: "{site}{org}/{project}" },
    { path: "/{org}/{project}/**", query: { name: "workitem", value: "{n:number}" }, id: "#{n}", scope: "{site}{org}/{project}" },
  ],
  views: [
    {
      name: "hub",
      // earlier forms stay in the page, hidden; stacked dialogs too: the last visible one counts
      container: ".work-item-form-header",
      id: links,
      title: [
        { css: ".work-item-title-textfield input", part: "value" },
        { css: "input", part: "value" },
      ],
    },
    {
      name: "old form",
      container: ".work-item-form, .work-item-form-main-header, .workitem-info-bar, body",
      id: [{ css: ".work-item-form-id span, .work-item-form-id", part: "text" }, { css: '.workitem-info-bar a[href*="/_workitems/edit/"]', part: "href" }],
      title: [{ css: ".work-item-form-title input", part: "value" }],
    },
    {
      name: "form without class names",
      container: '[role="dialog"], [role="main"], main',
      id: [{ css: '[role="heading"] a[href*="/_workitems/edit/"], header a[href*="/_workitems/edit/"]', part: "href" }],
      title: [{ css: 'input[aria-label="Title field" i], header input', part: "value" }],
    },
  ],
  titles: [
    { pattern: /^(?:[^\d\s]+ ){1,4}(?<id>\d+):? (?<title>.+?)(?: - (?:Boards|Azure DevOps.*|Overview))*$/, exact: false },
  ],
  drawers: [],
  idText: /(\d+)/,
  fold: "lower-scope",
};
