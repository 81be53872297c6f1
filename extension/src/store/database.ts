/**
 * The one database of the extension, in its own origin: only the background opens it.
 *
 * A transaction is done when it is complete, not when its last request answered. Nothing awaits
 * anything but requests inside one: it would commit by itself.
 */

const NAME = "heat";
const VERSION = 1;

export type StoreName = "tags" | "tasks" | "meta";

let handle: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      const database = request.result;
      const tags = database.createObjectStore("tags", { keyPath: "tagId" });
      // a string, never a boolean: a boolean is no key, such rows would be in no index
      tags.createIndex("state", "state");
      tags.createIndex("day", "day");
      tags.createIndex("createdAt", "createdAt");
      database.createObjectStore("tasks", { keyPath: "key" }).createIndex("expiresAt", "expiresAt");
      database.createObjectStore("meta", { keyPath: "key" });
    };
    request.onsuccess = () => {
      const database = request.result;
      const drop = (): void => {
        handle = null;
        database.close();
      };
      database.onversionchange = drop;
      database.onclose = drop;
      resolve(database);
    };
    request.onerror = () => reject(request.error ?? new Error("the database did not open"));
    request.onblocked = () => reject(new Error("the database is blocked by an older version; restart the browser"));
  });
}

async function begin(stores: readonly StoreName[], mode: IDBTransactionMode): Promise<IDBTransaction> {
  for (let attempt = 0; ; attempt++) {
    handle ??= open();
    const mine = handle;
    try {
      // strict: on disk before "saved" is said
      return (await mine).transaction(stores, mode, { durability: "strict" });
    } catch (error) {
      // a connection can be closed under a worker that slept: open it again, once
      if (handle === mine) handle = null;
      if (attempt > 0) throw error;
    }
  }
}

/** The result of one request. */
export const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the database refused a request"));
  });

/**
 * Run `work` in one transaction and resolve once it is on disk.
 *
 * @throws the error of `work`, with everything it wrote undone.
 */
export async function transact<T>(
  stores: readonly StoreName[],
  mode: IDBTransactionMode,
  work: (store: (name: StoreName) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  const transaction = await begin(stores, mode);
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the database undid the change"));
  });
  done.catch(() => undefined);
  let result: T;
  try {
    result = await work((name) => transaction.objectStore(name));
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // already finished
    }
    throw error;
  }
  await done;
  return result;
}

/** Close and delete everything that is stored. */
export async function deleteDatabase(): Promise<void> {
  const open_ = handle;
  handle = null;
  (await open_?.catch(() => null))?.close();
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error("the database was not deleted"));
  });
}
