/** The options: connection, trackers, what is sent, data in this browser, self-test. */

import { make } from "../panel/element";
import { connectionSection } from "./connection";
import { dataSection, privacySection } from "./privacy";
import { customSection, selfTestSection, trackersSection } from "./trackers";

document.body.append(
  make("main", { class: "page" },
    make("header", {}, make("img", { src: "icons/48.png", width: 48, height: 48, alt: "" }), make("h1", {}, "HEAT options")),
    connectionSection(), trackersSection(), customSection(), privacySection(), dataSection(), selfTestSection()),
);
