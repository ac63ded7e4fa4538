// The way to the API: what every generated function calls, and the problem that it throws (RFC 9457, docs of the HTTP contract).
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** A PATCH: absent is unchanged, null unsets, objects merge and lists replace. */
export type Merge<T> = {
  [K in keyof T]?: NonNullable<T[K]> extends unknown[]
    ? T[K]
    : NonNullable<T[K]> extends object
      ? Merge<NonNullable<T[K]>> | null
      : T[K] | null;
};

export interface Options {
  signal?: AbortSignal;
  /** Idempotency-Key of a POST: the same key again gives the first answer again. */
  key?: string;
}

export interface FieldError {
  path: string;
  code: string;
  message: string;
}

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: FieldError[] = [],
    readonly requestId = "",
    readonly retryAfter = 0,
  ) {
    super(detail);
  }
  /** The server did not decide: the same request may be sent again. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const base = "/api/v1";

let clockSkew = 0;

/** The server's time, whatever this machine's clock says. */
export const now = (): number => Date.now() + clockSkew;

function readClock(response: Response): void {
  const said = Date.parse(response.headers.get("Date") ?? "");
  const skew = said - Date.now();
  if (!Number.isNaN(skew)) clockSkew = Math.abs(skew) > 5_000 ? skew : 0;
}

type Given = { query?: object; body?: unknown; bytes?: Blob };

export const uploaded = (picture: Blob): Given => ({ bytes: picture });

export function addressOf(path: string, query: object = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") words.set(name, String(value));
  const text = words.toString();
  return base + path + (text ? "?" + text : "");
}

let wasLoggedIn = false;

/** Where to log in, and back to this page afterwards. The log-in says so when one has ended. */
export function toLogIn(): void {
  location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search) + (wasLoggedIn ? "&expired=1" : ""));
}

async function problemOf(response: Response): Promise<Problem> {
  const retryAfter = Number(response.headers.get("Retry-After") ?? 0);
  const said = await response.json().catch(() => ({}));
  return new Problem(
    response.status,
    said.code ?? "unavailable",
    said.detail ?? response.statusText,
    said.errors ?? [],
    said.requestId ?? response.headers.get("X-Request-Id") ?? "",
    retryAfter,
  );
}

async function send(method: string, address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { method, credentials: "same-origin", ...init });
  } catch (failed) {
    if (failed instanceof DOMException && failed.name === "AbortError") throw failed;
    throw new Problem(0, "offline", "");
  }
  readClock(response);
  if (response.ok) {
    wasLoggedIn = true;
    return response;
  }
  const problem = await problemOf(response);
  if (problem.code === "unauthenticated") toLogIn();
  throw problem;
}

export async function request<T>(method: string, path: string, given: Given, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  let body: BodyInit | undefined;
  if (given.bytes) {
    headers["Content-Type"] = given.bytes.type;
    body = given.bytes;
  } else if (given.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(given.body);
  }
  if (options.key) headers["Idempotency-Key"] = options.key;
  const keepalive = method === "PUT" && body === undefined; // what is noted on the way to another page arrives
  const response = await send(method, addressOf(path, given.query), { headers, body, keepalive, signal: options.signal });
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json") ?? false;
  return (isJson ? await response.json() : await response.text()) as T;
}

/** Saves a list that the API also gives as a table: all of its pages, under the first one's heading. */
export async function downloadCsv(path: string, query: object, filename: string): Promise<void> {
  const parts: string[] = [];
  let cursor: string | null = null;
  do {
    const response = await send("GET", addressOf(path, { ...query, cursor }), { headers: { Accept: "text/csv" } });
    const text = await response.text();
    parts.push(parts.length ? text.slice(text.indexOf("\n") + 1) : text);
    cursor = response.headers.get("X-Next-Cursor");
  } while (cursor);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
  link.download = filename;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** A fresh Idempotency-Key; crypto.randomUUID is missing on plain http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
