// The small parts that every page is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../api/http";
import type { BookingStatus, Instant, PaymentStatus } from "../generated/records";
import * as format from "../lib/format";
import { t } from "../lib/language";
import type { Pages, Resource } from "../lib/resource";
import { useZone } from "../lib/session";
import { offsetText } from "../lib/time";
import { announce } from "./announce";
import { ProblemView, problemText } from "./problem";

/** The heading of a page; it takes the focus when the page is come to, so that readers begin there. */
export function PageHead({ title, children, lead }: { title: string; children?: ComponentChildren; lead?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Visavis`;
  }, [title]);
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1} id="title">
          {title}
        </h1>
        {lead && <p class="lead">{lead}</p>}
      </div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

function Waiting() {
  return (
    <div class="waiting" role="status">
      <span class="sr">{t.common.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}

/** Waiting, trouble or the thing itself. What is known stays on the page while it is read again. */
export function Loaded<T>({ of, children }: { of: Resource<T>; children: (data: T) => ComponentChildren }) {
  if (of.data !== undefined)
    return (
      <>
        {of.problem && <ProblemView problem={of.problem} retry={of.reload} />}
        {children(of.data)}
      </>
    );
  return of.problem ? <ProblemView problem={of.problem} retry={of.reload} /> : <Waiting />;
}

/** A list: its rows, or why there are none, and the way to more. */
export function Listed<T>({ of, empty, children }: { of: Pages<T>; empty: ComponentChildren; children: (items: T[]) => ComponentChildren }) {
  return (
    <Loaded of={of}>
      {(items) => (
        <>
          {items.length ? children(items) : empty}
          {of.more && (
            <button type="button" class="button more" onClick={of.more} aria-disabled={of.loading || undefined}>
              {of.loading ? t.common.loading : t.common.more}
            </button>
          )}
        </>
      )}
    </Loaded>
  );
}

const tones: Record<string, string> = {
  pending: "warn",
  confirmed: "ok",
  completed: "calm",
  cancelled: "off",
  "no-show": "bad",
  succeeded: "ok",
  failed: "bad",
  refunded: "calm",
  chargeback: "bad",
};

export function BookingBadge({ status }: { status: BookingStatus }) {
  return <span class={`badge ${tones[status]}`}>{t.bookingStatus[status]}</span>;
}
export function PaymentBadge({ status }: { status: PaymentStatus }) {
  return <span class={`badge ${tones[status]}`}>{t.paymentStatus[status]}</span>;
}

/** An instant in the viewer's zone, with the offset, for machines too. */
export function When({ at, to, zone: given, day = true, offset = true }: { at: Instant; to?: Instant; zone?: string; day?: boolean; offset?: boolean }) {
  const own = useZone();
  const zone = given ?? own;
  return (
    <time dateTime={at}>
      {day && format.date(at, zone)}
      {day && ", "}
      <span class="whole">{to ? format.span(at, to, zone) : format.time(at, zone)}</span>
      {offset && <span class="offset"> {offsetText(zone, at)}</span>}
    </time>
  );
}

/** The half of the pair that the viewer is not in, if their clocks differ. */
export function OtherZone({ at, to, zone, whose }: { at: Instant; to: Instant; zone?: string; whose: string }) {
  const own = useZone();
  if (!zone || offsetText(zone, at) === offsetText(own, at)) return null;
  return (
    <span class="muted">
      {t.common.forThem(whose)} <When at={at} to={to} zone={zone} />
    </span>
  );
}

const hues = ["a", "b", "c", "d", "e"];

export function Face({ name, image, large }: { name: string; image?: string; large?: boolean }) {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const hue = hues[[...name].reduce((sum, letter) => sum + letter.codePointAt(0)!, 0) % hues.length];
  const classes = `face ${hue}` + (large ? " large" : "");
  const isOurs = image?.startsWith("/images/") || image?.startsWith(location.origin + "/images/");
  return isOurs ? <img class={classes} src={image} alt="" loading="lazy" /> : <span class={classes} aria-hidden="true">{initials}</span>;
}

export function Stars({ rating }: { rating: number }) {
  const full = Math.round(rating);
  return (
    <span class="stars" role="img" aria-label={t.reviews.stars(format.number(rating, rating % 1 ? 1 : 0))}>
      {"★★★★★".slice(0, full)}
      <span class="unlit">{"★★★★★".slice(full)}</span>
    </span>
  );
}

interface DialogProps {
  title: string;
  close: () => void;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus in it and Escape closes it. */
export function Dialog({ title, close, children }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const dialog = box.current;
    dialog?.showModal();
    return () => {
      dialog?.close(); // else what is behind it cannot take the focus
      const back = before?.isConnected ? before : document.getElementById("title");
      back?.focus();
    };
  }, []);
  return (
    <dialog ref={box} aria-labelledby="dialog-title" onClose={close} onClick={(e) => e.target === box.current && close()}>
      <div class="dialog">
        <header>
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="icon-button" aria-label={t.common.close} onClick={close}>
            <span aria-hidden="true">×</span>
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** The end of a form in a dialog: what it does, and the way out without that. */
export function DialogButtons({ close, out = t.common.cancel, children }: { close: () => void; out?: string; children: ComponentChildren }) {
  return (
    <div class="buttons">
      {children}
      <button type="button" class="button" onClick={close}>
        {out}
      </button>
    </div>
  );
}

/** A button whose press is one request: busy meanwhile, trouble is said. */
export function Action({ run, done, children, kind = "", label }: { run: () => Promise<unknown>; done?: string; children: ComponentChildren; kind?: string; label?: string }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await run();
      if (done) announce(done);
    } catch (failed) {
      announce(problemText(failed as Problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class={`button ${kind}`} aria-label={label} aria-disabled={busy || undefined} onClick={press}>
      {children}
    </button>
  );
}

/** One of several views of a list, kept in the address. */
export function Choices({ label, value, options, choose }: { label: string; value: string; options: readonly (readonly [string, string])[]; choose: (value: string) => void }) {
  return (
    <div class="choices" role="group" aria-label={label}>
      {options.map(([one, text]) => (
        <button key={one} type="button" aria-pressed={one === value} onClick={() => choose(one)}>
          {text}
        </button>
      ))}
    </div>
  );
}

export function Facts({ rows }: { rows: (readonly [string, ComponentChildren] | false | undefined | null | "")[] }) {
  return (
    <dl class="facts">
      {rows.filter((row): row is readonly [string, ComponentChildren] => Boolean(row)).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Follows a media query. */
export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const list = window.matchMedia(query);
    const listener = () => setMatches(list.matches);
    list.addEventListener("change", listener);
    return () => list.removeEventListener("change", listener);
  }, [query]);
  return matches;
}
