/** Connecting HEAT: address and one-time code, or a token by hand; test; disconnect. */

import { ask, browser } from "../browser";
import { make } from "../panel/element";
import { apiOrigin } from "../sync/api";
import { button, field, labelled, says, section } from "./parts";

/** The permission for an address: match patterns know no ports. */
const patternOf = (url: string): string => `${new URL(url).protocol}//${new URL(url).hostname}/*`;

export function connectionSection(): HTMLElement {
  const line = says();
  const url = field({ placeholder: "https://heat.example.com" });
  const code = field({ placeholder: "one-time code from the app" });
  const token = field({ type: "password", placeholder: "heat_…" });
  const byHand = make("details", {}, make("summary", { class: "small muted" }, "Use a token instead"), make("div", { class: "grid" }, labelled("Token", token, true)));

  const connect = (): void => {
    const address = apiOrigin(url.value);
    if ("problem" in address) return line.bad(address.problem);
    // asked first and inside the click: the browser shows its question only then
    browser.permissions.request({ origins: [patternOf(address.url)] }).then(async (isAllowed) => {
      if (!isAllowed) throw new Error("Without the permission for this address nothing can be sent.");
      const { displayName } = await ask({ type: "connect", url: address.url, token: token.value, code: code.value });
      code.value = token.value = "";
      line.good(`Connected as ${displayName}.`);
    }).catch(line.bad);
  };
  const disconnect = (): void => {
    void ask({ type: "queue" }).then(async ({ unsent }) => {
      if (unsent && !confirm(`${unsent} tags are not sent yet. They stay in this browser. Disconnect?`)) return;
      await ask({ type: "disconnect" });
      line.good("Disconnected. A token made for this browser was revoked.");
    }).catch(line.bad);
  };

  void ask({ type: "queue" }).then(({ connection, sync }) => {
    if (!connection) return;
    url.value = connection.url;
    if (sync.problem?.kind === "sign-in") line.bad(sync.problem.text);
    else line.good(`Connected as ${connection.displayName}. The token stays hidden.`);
  }, line.bad);

  return section("Connection", "Your HEAT server. https, or http on this machine only.",
    make("div", { class: "grid" }, labelled("Address", url), labelled("Code", code)), byHand,
    make("div", { class: "line" },
      button("Connect", connect, "first"),
      button("Test the connection", () => void ask({ type: "test" }).then(({ ok, text }) => (ok ? line.good(text) : line.bad(text)), line.bad)),
      button("Disconnect", disconnect)),
    line.node);
}
