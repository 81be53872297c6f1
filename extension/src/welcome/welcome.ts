/** The first page a person sees: how to tag in three steps, and exactly what is sent. */

import { browser } from "../browser";
import { make, type Child } from "../panel/element";
import { WORK_TYPES } from "../vocabulary";

const step = (title: string, ...text: Child[]): HTMLElement => make("li", {}, make("strong", {}, title), make("div", {}, ...text));
const items = (...texts: string[]): HTMLElement => make("ul", {}, ...texts.map((text) => make("li", {}, text)));
const types = (): HTMLElement =>
  make("ul", { class: "types-words" }, ...WORK_TYPES.map(({ name, key, says }) => make("li", {}, make("kbd", {}, key), `${name}: ${says}`)));
const bands = (): HTMLElement =>
  make("div", { class: "scale-words" },
    make("span", { class: "routine" }, "1–3 routine"), make("span", { class: "focused" }, "4–6 focused"), make("span", { class: "intense" }, "7–10 intense"));

document.body.append(
  make("main", { class: "page" },
    make("header", {}, make("img", { src: "icons/48.png", width: 48, height: 48, alt: "" }), make("h1", {}, "Say what your work feels like, in five seconds")),
    make("section", {},
      make("h2", {}, "Three steps"),
      make("p", {}, "Tag when you leave a task, or twice a day. No timer runs, and nothing is tagged for you."),
      make("ol", { class: "steps" },
        step("Open the panel", "Click the flame in the corner of a task, or press ", make("kbd", {}, "Alt"), " ", make("kbd", {}, "Shift"), " ", make("kbd", {}, "H"), "."),
        step("Choose the kind of work", types()),
        step("Choose how intense it was", "Press ", make("kbd", {}, "1"), " to ", make("kbd", {}, "9"), ", ", make("kbd", {}, "0"), " for 10, then ", make("kbd", {}, "Enter"), ". It is about strain, not hours.", bands()))),
    make("section", {},
      make("h2", {}, "Exactly what is sent"),
      make("p", {}, "Only when you save, only to the HEAT server that you connect, ten seconds later: until then you can undo."),
      make("div", { class: "two" },
        make("div", {}, make("h3", {}, "With each tag"),
          items("task id, and where it is unique (site, project or repository)", "task title, unless you choose “ids only”", "kind of work and intensity", "moment of the work and your UTC offset", "labels and area, if you give them", "name of the tracker (jira, github …)")),
        make("div", {}, make("h3", {}, "Never"),
          items("the address of a page, or which pages you visit", "descriptions, comments, people, attachments", "code, keystrokes, screenshots, time spent", "anything of pages where you did not save a tag"),
          make("p", { class: "small muted" }, "One extra field per tracker can be switched on in the options; it is off.")))),
    make("section", {},
      make("h2", {}, "Connect"),
      make("p", {}, "The app shows a one-time code under “Connect the extension”. You can tag before: tags wait in this browser until they are sent."),
      make("div", { class: "line" }, make("button", { type: "button", class: "first", click: () => void browser.tabs.create({ url: browser.runtime.getURL("options.html") }) }, "Connect HEAT")))),
);
