/**
 * One question to the API and what its answer means. Knows HTTP, knows no queue.
 *
 * Bearer token only: no cookies, no redirects, no cache, 15 seconds.
 */

import type { Connection } from "../store/meta";

export type Answer =
  | { readonly kind: "ok"; readonly status: number; readonly body: unknown }
  /** 400, 404, 409, 410, 413, 422 … : the server understood and refuses. */
  | { readonly kind: "refused"; readonly status: number; readonly body: unknown }
  | { readonly kind: "sign-in"; readonly status: number }
  | { readonly kind: "busy"; readonly status: number; readonly waitMs: number | null }
  | { readonly kind: "failed"; readonly status: number; readonly text: string }
  | { readonly kind: "offline"; readonly text: string };

export type Ask = (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) => Promise<Answer>;

const TIMEOUT_MS = 15_000;
const ANSWER_MAX = 4_000_000;

/** `Retry-After`: seconds or a date. */
export function retryAfter(header: string | null, now: number): number | null {
  if (!header) return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 3_600_000) : null;
}

function meaning(response: Response, text: string, now: number): Answer {
  const { status } = response;
  if (status === 401 || status === 403) return { kind: "sign-in", status };
  if (status === 429 || status === 503) return { kind: "busy", status, waitMs: retryAfter(response.headers.get("Retry-After"), now) };
  let body: unknown = null;
  try {
    body = text === "" ? null : JSON.parse(text);
  } catch {
    // half an answer, or a page of somebody in between (a hotel's network, a proxy)
    return { kind: "failed", status, text: "The answer was not complete, or not HEAT's." };
  }
  if (status >= 200 && status < 300) return { kind: "ok", status, body };
  if (status >= 400 && status < 500) return { kind: "refused", status, body };
  return { kind: "failed", status, text: `The server answered ${status}.` };
}

/** A way to ask one HEAT. */
export function asker(connection: Pick<Connection, "url" | "token">, fetcher: typeof fetch = fetch, now: () => number = Date.now): Ask {
  return async (method, path, body) => {
    try {
      const response = await fetcher(`${connection.url}/api/v1${path}`, {
        method,
        headers: {
          Accept: "application/json",
          ...(connection.token ? { Authorization: `Bearer ${connection.token}` } : {}),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        credentials: "omit",
        redirect: "error",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      if (text.length > ANSWER_MAX) return { kind: "failed", status: response.status, text: "The answer was too long." };
      return meaning(response, text, now());
    } catch {
      return { kind: "offline", text: "The server could not be reached." };
    }
  };
}

/** Check an address of the API: https, or http on this machine only. Gives its origin, or a sentence. */
export function apiOrigin(text: string): { readonly url: string } | { readonly problem: string } {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return { problem: "An address such as https://heat.example.com." };
  }
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
    return { problem: "Use https; http is for this machine only (127.0.0.1, localhost)." };
  }
  if (url.username || url.password) return { problem: "Leave user name and password out of the address." };
  if (url.hash || url.search) return { problem: "Leave everything from ? or # out of the address." };
  if (!/^\/?$|^\/api(?:\/v1)?\/?$/.test(url.pathname)) return { problem: "Only the server's address, without a path." };
  return { url: url.origin };
}
