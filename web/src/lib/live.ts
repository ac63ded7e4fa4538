// Live updates: the server's events mark what has changed, and whoever shows it reads it again. A lost stream resumes by itself.
import { useEffect, useState } from "preact/hooks";

import { getAuthMe } from "../generated/client";
import { changed, everythingChanged } from "./resource";

const touches: Record<string, string[]> = {
  booking: ["bookings", "booking", "messages", "slots", "customers"],
  payment: ["payments", "payment", "earnings", "refunds", "connections", "bookings", "booking"],
  notification: ["notifications", "unread", "requests", "reviews", "messages"],
};

const retryAfter = 5_000;

/** Keeps a stream open while the page is; says whether it is. */
export function useLive(): boolean {
  const [open, setOpen] = useState(true);
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: number | undefined;
    let wasLost = false;
    const connect = () => {
      source = new EventSource("/api/v1/events");
      source.onopen = () => {
        setOpen(true);
        if (wasLost) everythingChanged();
        wasLost = false;
      };
      source.onerror = () => {
        setOpen(false);
        if (source?.readyState !== EventSource.CLOSED) return; // the browser comes back by itself, with Last-Event-ID
        wasLost = true;
        timer = window.setTimeout(connect, retryAfter);
        void getAuthMe().catch(() => undefined); // leads to the log-in when that has ended
      };
      for (const [kind, keys] of Object.entries(touches)) source.addEventListener(kind, () => changed(...keys));
      source.addEventListener("reset", everythingChanged);
    };
    const leave = () => source?.close();
    connect();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      window.clearTimeout(timer);
      leave();
    };
  }, []);
  return open;
}
