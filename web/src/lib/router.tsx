// Addresses below /app: the current one, links that change it without a load, and the table of pages.
import { type ComponentChildren, type ComponentType, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const root = "/app";

export interface Location {
  path: string;
  query: URLSearchParams;
}

const read = (): Location => ({
  path: window.location.pathname.slice(root.length).replace(/\/+$/, "") || "/",
  query: new URLSearchParams(window.location.search),
});

let current = read();
const listeners = new Set<() => void>();

function moved(): void {
  current = read();
  for (const listener of listeners) listener();
}
window.addEventListener("popstate", moved);

export const hrefOf = (path: string): string => root + path;

export function navigate(path: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", hrefOf(path));
  moved();
  if (!replace) window.scrollTo(0, 0);
}

/** Changes the query of the address: state of a page that a reload and a shared link keep. */
export function setQuery(changes: Record<string, string | undefined>): void {
  const query = new URLSearchParams(current.query);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  const text = query.toString();
  navigate(current.path + (text ? "?" + text : ""), true);
}

export function useLocation(): Location {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((n) => n + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

type LinkProps = Omit<JSX.HTMLAttributes<HTMLAnchorElement>, "href"> & { to: string; children: ComponentChildren };

export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: JSX.TargetedMouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={hrefOf(to)} onClick={follow} {...rest} />;
}

export interface PageRow {
  /** "/bookings/:id" */
  path: string;
  page: ComponentType<{ id: string }>;
}

/** The row of a path and what its capture holds. */
export function match(rows: PageRow[], path: string): { row: PageRow; id: string } | undefined {
  for (const row of rows) {
    const expression = new RegExp("^" + row.path.replace(/:id/, "([^/]+)") + "$");
    const found = expression.exec(path);
    if (found) return { row, id: decodeURIComponent(found[1] ?? "") };
  }
  return undefined;
}
