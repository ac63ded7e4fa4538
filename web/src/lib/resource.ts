// What pages read from the API: kept by key, shown at once when it is known, and read anew when something is told to have changed.
import { useCallback, useEffect, useState } from "preact/hooks";
import { type Page, Problem } from "../api/http";

interface Entry {
  data?: unknown;
  problem?: Problem;
  loading: boolean;
  stale: boolean;
  listeners: Set<() => void>;
}

const entries = new Map<string, Entry>();

function entryOf(key: string): Entry {
  let entry = entries.get(key);
  if (!entry) {
    entry = { loading: false, stale: true, listeners: new Set() };
    entries.set(key, entry);
  }
  return entry;
}

/** Everything whose key begins with one of these words has changed. */
export function changed(...prefixes: string[]): void {
  for (const [key, entry] of entries) {
    if (!prefixes.some((prefix) => key === prefix || key.startsWith(prefix + ":"))) continue;
    entry.stale = true;
    if (entry.listeners.size === 0) entries.delete(key);
    for (const listener of entry.listeners) listener();
  }
}

export const everythingChanged = (): void => changed(...[...entries.keys()].map((key) => key.split(":")[0]!));

export interface Resource<T> {
  data?: T;
  problem?: Problem;
  loading: boolean;
  reload: () => void;
}

export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const [, draw] = useState(0);
  const entry = entryOf(key);

  const refresh = useCallback(() => {
    const mine = entryOf(key);
    if (mine.loading) return;
    mine.loading = true;
    mine.stale = false;
    const tell = () => mine.listeners.forEach((listener) => listener());
    load()
      .then(
        (data) => {
          mine.data = data;
          mine.problem = undefined;
        },
        (failed) => {
          mine.problem = failed instanceof Problem ? failed : new Problem(0, "broken", String(failed));
        },
      )
      .then(() => {
        mine.loading = false;
        tell();
      });
    tell();
  }, [key]);

  useEffect(() => {
    const mine = entryOf(key);
    const listener = () => {
      draw((n) => n + 1);
      if (mine.stale && !mine.loading) refresh();
    };
    mine.listeners.add(listener);
    if (mine.stale || mine.data === undefined) refresh();
    return () => {
      mine.listeners.delete(listener);
      mine.stale = true; // known things are shown at once the next time, and read again
    };
  }, [key]);

  const reload = () => {
    entry.stale = true;
    if (!entry.loading) refresh();
  };
  return { data: entry.data as T | undefined, problem: entry.problem, loading: entry.loading, reload };
}

export interface Pages<T> extends Resource<T[]> {
  /** Reads the next page; absent on the last. */
  more?: () => void;
}

/** A list that grows by its cursor. What has been read is read again as a whole when it has changed. */
export function usePages<T>(key: string, load: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const [pages, setPages] = useState({ key, count: 1 });
  const count = pages.key === key ? pages.count : 1;
  const list = useResource(`${key}:${count}`, async () => {
    const items: T[] = [];
    let cursor: string | undefined;
    for (let i = 0; i < count; ++i) {
      const page: Page<T> = await load(cursor);
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
      if (!cursor) break;
    }
    return { items, cursor };
  });
  const before = entries.get(`${key}:${count - 1}`)?.data as { items: T[] } | undefined;
  return {
    data: list.data?.items ?? before?.items,
    problem: list.problem,
    loading: list.loading,
    reload: list.reload,
    more: list.data?.cursor ? () => setPages({ key, count: count + 1 }) : undefined,
  };
}

/** All of a list, up to `most` pages. */
export async function everyPage<T>(load: (cursor: string | undefined) => Promise<Page<T>>, most = 20): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let i = 0; i < most; ++i) {
    const page = await load(cursor);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
    if (!cursor) break;
  }
  return items;
}
