/** Linear: the address always names the issue. Class names are minified, so labels and titles serve. */

import type { Rule } from "./rule";

const ISSUE_TITLE = [{ css: '[aria-label="Issue title"]', part: "text" }] as const;

export const linear: Rule = {
  tracker: "linear",
  label: "Linear",
  hosts: ["linear.app"],
  pages: [{ path: "/{workspace}/issue/{key:key}/**", id: "{key}", scope: "linear.app/{workspace}" }],
  views: [
    {
      name: "issue",
      container: '[data-view-id="issue-view"]',
      id: [],
      namedByTitle: true,
      title: ISSUE_TITLE,
    },
  ],
  titles: [
    { pattern: /^(?<id>[A-Z][A-Z0-9_]*-\d+)[:\s]\s*(?<title>.+?)(?: [-–|] Linear)?$/, exact: false },
  ],
  drawers: [],
  idText: /([A-Z][A-Z0-9_]*-\d+)/,
  fold: "upper-id",
};
