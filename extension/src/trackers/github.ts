/** GitHub: issues, pull requests, the side panel of project boards, Enterprise Server. */

import type { Rule } from "./rule";

export const github: Rule = {
  tracker: "github",
  label: "GitHub",
  hosts: ["github.com"],
  pages: [
    { path: "/{owner}/{repo}/issues/{n:number}", id: "#{n}", scope: "{site}{owner}/{repo}" },
    { path: "/{owner}/{repo}/pull/{n:number}/**", id: "#{n}", scope: "{site}{owner}/{repo}" },
    // a project board names its open panel in the query
    { path: "/**", query: { name: "issue", value: "{owner}|{repo}|{n:number}" }, id: "#{n}", scope: "{site}{owner}/{repo}" },
  ],
  views: [
    {
      name: "side panel",
      container: '[data-testid="side-panel-focus-target"], [class*="SidePanel-module"]',
      id: [{ css: '[data-testid="issue-header"] a[href*="/issues/"], [data-testid="issue-header"] a[href*="/pull/"]', part: "href" }],
      title: [{ css: '[data-testid="issue-title"]', part: "text" }, { css: "bdi", part: "text" }],
    },
    {
      name: "issue",
      container: '[data-testid="issue-header"]',
      id: [
        { css: 'h1 [data-testid="issue-title"] + span', part: "text" },
        { css: 'h1[data-component="PH_Title"] span', part: "text" },
        { css: "h1 span", part: "text" },
      ],
      title: [{ css: '[data-testid="issue-title"]', part: "text" }, { css: "h1 bdi", part: "text" }],
    },
    {
      name: "pull request",
      container: 'h1[data-component="PH_Title"]',
      id: [{ css: "span:not(.markdown-title)", part: "text" }],
      title: [{ css: ".markdown-title", part: "text" }, { css: "bdi", part: "text" }],
    },
    {
      name: "heading",
      container: "main h1, [role='dialog'] h1, [data-turbo-body] h1",
      id: [{ css: "span", part: "text" }],
      title: [{ css: "bdi", part: "text" }],
    },
    {
      name: "old page",
      container: ".gh-header-show, #partial-discussion-header, .js-issue-title-container, body",
      id: [{ css: ".gh-header-number", part: "text" }, { css: ".js-issue-title + span", part: "text" }],
      title: [{ css: ".js-issue-title", part: "text" }],
    },
  ],
  titles: [
    { pattern: /^(?<title>.+) by \S+ · Pull Request #(?<id>\d+) · (?<scope>[^\s·]+\/[^\s·]+)/, exact: true },
    { pattern: /^(?<title>.+) · (?:Issue|Pull Request) #(?<id>\d+) · (?<scope>[^\s·]+\/[^\s·]+)/, exact: true },
  ],
  drawers: ["/orgs/{org}/projects/{n:number}/**", "/users/{user}/projects/{n:number}/**", "/{owner}/{repo}/projects/**"],
  // the whole text: a label such as "v12" beside the title is not an id
  idText: /^\s*#(\d+)\s*$/,
  fold: "lower-scope",
};
