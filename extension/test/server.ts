/** A server that keeps what it is sent, and can be told to misbehave. */

import type { Answer, Ask } from "../src/sync/api";

interface Sent {
  readonly tagId: string;
  readonly intensity: number;
  readonly [field: string]: unknown;
}

type Trouble = (method: string, path: string, tags: readonly Sent[]) => Answer | "lost" | null;

export class Server {
  readonly first = new Map<string, string>();
  readonly held = new Map<string, Sent>();
  readonly asked: string[] = [];
  /** Called before each answer: an answer of its own, "lost" (stored, but not answered), or nothing. */
  trouble: Trouble = () => null;

  readonly ask: Ask = async (method, path, body) => {
    this.asked.push(`${method} ${path}`);
    const tags = ((body as { tags?: Sent[] } | undefined)?.tags ?? []) as Sent[];
    const trouble = this.trouble(method, path, tags);
    if (trouble && trouble !== "lost") return trouble;
    const answer = method === "POST" ? this.store(tags) : this.change(method, path, body as Sent);
    return trouble === "lost" ? { kind: "offline", text: "lost" } : answer;
  };

  private store(tags: readonly Sent[]): Answer {
    if (tags.length > 100) return { kind: "refused", status: 413, body: {} };
    const results = tags.map((tag, index) => {
      const { tagId } = tag;
      if (tag.intensity > 10) return { index, tagId, status: "rejected", errors: [{ field: "intensity", reason: "must be a whole number from 1 to 10" }] };
      const content = JSON.stringify(tag);
      const known = this.first.get(tagId);
      if (known !== undefined) return { index, tagId, status: known === content ? "duplicate" : "conflict" };
      this.first.set(tagId, content);
      this.held.set(tagId, tag);
      return { index, tagId, status: "stored" };
    });
    const isBad = results.length > 0 && results.every(({ status }) => status === "rejected");
    return isBad ? { kind: "refused", status: 400, body: { error: "No valid tags", results } } : { kind: "ok", status: 200, body: { results } };
  }

  private change(method: string, path: string, body: Sent): Answer {
    const tagId = path.split("/").at(-1) as string;
    const held = this.held.get(tagId);
    if (!held) return { kind: "refused", status: 404, body: {} };
    if (method === "DELETE") this.held.delete(tagId);
    else this.held.set(tagId, { ...held, ...body, tagId });
    return { kind: "ok", status: 200, body: {} };
  }
}
