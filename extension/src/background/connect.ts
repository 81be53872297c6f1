/** Connecting to one HEAT: by a one-time code from the app, or by a token; trying it; letting go. */

import { FRESH_SYNC, readMeta, writeMeta, type Connection } from "../store/meta";
import { apiOrigin, asker, type Answer } from "../sync/api";

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** A sentence for an answer that is not what was hoped for. */
export function explain(answer: Answer): string {
  switch (answer.kind) {
    case "sign-in":
      return "The server does not accept this code or token. Make a new one in the app.";
    case "busy":
      return "The server is busy. Try again in a minute.";
    case "offline":
      return "The server could not be reached. Is the address right, and is the permission given?";
    case "failed":
      return answer.text;
    case "refused":
      return answer.status === 404 ? "There is no HEAT at this address." : "The server does not accept this code. Make a new one in the app.";
    case "ok":
      return "This is not an answer of HEAT.";
  }
}

async function tokenFor(code: string, url: string): Promise<string> {
  const answer = await asker({ url, token: "" })("POST", "/tokens/exchange", { code });
  const token = answer.kind === "ok" && isRecord(answer.body) ? answer.body.token : null;
  if (typeof token !== "string" || !token) throw new Error(explain(answer));
  return token;
}

/** Connect. Keeps nothing unless the server says who the token speaks for. */
export async function connect(request: { url: string; token: string; code: string }): Promise<Connection> {
  const address = apiOrigin(request.url);
  if ("problem" in address) throw new Error(address.problem);
  const token = request.code.trim() ? await tokenFor(request.code.trim(), address.url) : request.token.trim();
  if (!/^[\x21-\x7e]{8,300}$/.test(token)) throw new Error("Paste a code or a token.");
  const answer = await asker({ url: address.url, token })("GET", "/me");
  const userId = answer.kind === "ok" && isRecord(answer.body) ? answer.body.userId : null;
  if (answer.kind !== "ok" || typeof userId !== "string" || !userId) throw new Error(explain(answer));
  const displayName = isRecord(answer.body) && typeof answer.body.displayName === "string" ? answer.body.displayName : userId;
  const connection: Connection = { url: address.url, token, userId, displayName, isOwn: request.code.trim() !== "" };
  await writeMeta("connection", connection);
  await writeMeta("sync", FRESH_SYNC);
  await writeMeta("server", null);
  return connection;
}

/** Forget the connection; a token of our own is revoked if the server can be reached. Tags stay. */
export async function disconnect(): Promise<void> {
  const connection = await readMeta("connection");
  await writeMeta("connection", null);
  await writeMeta("server", null);
  const prefix = connection?.token.split("_")[1];
  if (connection?.isOwn && prefix) await asker(connection)("DELETE", `/tokens/${encodeURIComponent(prefix)}`);
}

/** Try the connection as it is. */
export async function tryConnection(): Promise<{ text: string; ok: boolean }> {
  const connection = await readMeta("connection");
  if (!connection) return { ok: false, text: "Not connected yet." };
  const answer = await asker(connection)("GET", "/me");
  const ok = answer.kind === "ok" && isRecord(answer.body) && answer.body.userId === connection.userId;
  return { ok, text: ok ? `Connected to ${connection.url} as ${connection.displayName}.` : explain(answer) };
}
