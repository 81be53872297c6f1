/**
 * Builds dist/chrome and dist/firefox and a zip of each, the same bytes every time.
 *
 * `manifest.json` is the Chromium manifest; what Firefox needs differently is said here.
 */

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, transform } from "esbuild";

import { zip } from "./zip.mjs";

const root = import.meta.dirname;
const dist = join(root, "dist");

const TARGET = ["chrome120", "firefox140"];

const FIREFOX = {
  browser_specific_settings: {
    gecko: {
      id: "heat@heat.example",
      strict_min_version: "140.0",
      data_collection_permissions: { required: ["websiteContent", "authenticationInfo"] },
    },
  },
};

function manifestFor(browser) {
  const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
  if (browser === "chrome") return { ...manifest, minimum_chrome_version: "120" };
  return { ...manifest, ...FIREFOX, background: { scripts: ["background.js"] } };
}

function files(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => relative(folder, join(folder, name)).replaceAll("\\", "/"))
    .sort();
}

/** The panel's style sheet is a text in a script: shrink it as a style sheet. */
const smallStyle = {
  name: "small style",
  setup({ onLoad }) {
    onLoad({ filter: /panel[\\/]style\.ts$/ }, async ({ path }) => {
      const [head, css, tail] = readFileSync(path, "utf8").split("`");
      const { code } = await transform(css, { loader: "css", minify: true, target: TARGET });
      return { contents: `${head}\`${code.trim()}\`${tail}`, loader: "ts" };
    });
  },
};

rmSync(dist, { recursive: true, force: true });
for (const browser of ["chrome", "firefox"]) {
  const folder = join(dist, browser);
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: {
      content: join(root, "src/content/main.ts"),
      background: join(root, "src/background/main.ts"),
      popup: join(root, "src/popup/popup.ts"),
      options: join(root, "src/options/options.ts"),
      welcome: join(root, "src/welcome/welcome.ts"),
    },
    outdir: folder,
    bundle: true,
    format: "iife",
    target: TARGET,
    plugins: [smallStyle],
    charset: "utf8",
    legalComments: "none",
    minify: true,
    logLevel: "warning",
  });
  for (const page of ["popup", "options", "welcome"]) cpSync(join(root, `src/${page}/${page}.html`), join(folder, `${page}.html`));
  cpSync(join(root, "src/pages/page.css"), join(folder, "page.css"));
  cpSync(join(root, "icons"), join(folder, "icons"), { recursive: true });
  writeFileSync(join(folder, "manifest.json"), `${JSON.stringify(manifestFor(browser), null, 2)}\n`);

  const packed = zip(files(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) })));
  writeFileSync(join(dist, `heat-${browser}.zip`), packed);
  const size = (name) => `${(statSync(join(folder, name)).size / 1000).toFixed(1)} kB`;
  const sum = createHash("sha256").update(packed).digest("hex").slice(0, 16);
  console.log(`${browser}: content ${size("content.js")}, background ${size("background.js")}, zip ${sum}`);
}
