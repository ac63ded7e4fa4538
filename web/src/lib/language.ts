// Which language the page speaks: the one chosen here, else the browser's. Messages are loaded for that one alone.
import type { Messages } from "../messages/en";

const known = ["en", "de"] as const;
export type Language = (typeof known)[number];

const cookie = "lang";
let spoken: Language = "en";
let region = "en";

/** The messages of the page, set before anything is drawn. */
export let t: Messages;

function chosen(): Language {
  const kept = document.cookie.split("; ").find((pair) => pair.startsWith(cookie + "="))?.slice(cookie.length + 1);
  const wanted = [kept, ...navigator.languages].map((word) => (word ?? "").slice(0, 2).toLowerCase());
  return wanted.map((word) => known.find((one) => one === word)).find(Boolean) ?? "en";
}

export const language = (): Language => spoken;

/** For dates and money: the language with the region that the browser names for it. */
export const locale = (): string => region;

export async function loadLanguage(): Promise<void> {
  spoken = chosen();
  t = spoken === "de" ? (await import("../messages/de")).de : (await import("../messages/en")).en;
  region = navigator.languages.find((tag) => tag === spoken || tag.startsWith(spoken + "-")) ?? spoken;
  document.documentElement.lang = spoken;
}

/** The public pages read the same cookie. */
export function choose(wanted: Language): void {
  document.cookie = `${cookie}=${wanted}; path=/; max-age=31536000; SameSite=Lax`;
  location.reload();
}
