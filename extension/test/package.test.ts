/** The package itself: permissions, policy, and that nothing parses markup or reaches out. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { zip } from "../zip.mjs";

const ROOT = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(ROOT, "manifest.json"), "utf8"));
const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => [name.replaceAll("\\", "/"), readFileSync(join(ROOT, "src", name), "utf8")] as const);

test("the permissions are the two that are explained to the stores, and no wide host", () => {
  expect(manifest.permissions).toEqual(["alarms", "scripting"]);
  expect(manifest.host_permissions).toEqual(manifest.content_scripts[0].matches);
  expect(JSON.stringify(manifest.host_permissions)).not.toContain("<all_urls>");
  expect(manifest).not.toHaveProperty("web_accessible_resources");
  expect(manifest).not.toHaveProperty("externally_connectable");
});

test("the pages' policy allows own scripts and nothing inline", () => {
  const policy = manifest.content_security_policy.extension_pages;
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*(?!\s|;|$)[^:]/);
});

test("the store is opened in one place, the network reached in one place", () => {
  const opens = sources.filter(([, text]) => text.includes("indexedDB.open")).map(([name]) => name);
  const fetches = sources.filter(([, text]) => /\bfetch\b\(|typeof fetch/.test(text)).map(([name]) => name);
  expect(opens).toEqual(["store/database.ts"]);
  expect(fetches).toEqual(["sync/api.ts"]);
});

test("no source file parses markup or runs text as code", () => {
  for (const [name, text] of sources) {
    expect(text, name).not.toMatch(/\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage/);
  }
});

test("the same files make the same zip", () => {
  const files = [{ name: "a.txt", bytes: Buffer.from("a") }, { name: "b/ü.txt", bytes: Buffer.from("b".repeat(1000)) }];
  expect(zip(files).equals(zip(files))).toBe(true);
  expect(zip(files).subarray(0, 2).toString()).toBe("PK");
});
