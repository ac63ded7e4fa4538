// News that come without a change of page: shown for a while, and read out by a live region.
import { useEffect, useState } from "preact/hooks";

let tell: ((text: string) => void) | undefined;

export function announce(text: string): void {
  tell?.(text);
}

const shownFor = 6_000;

export function Announcer() {
  const [text, setText] = useState("");
  useEffect(() => {
    let timer: number | undefined;
    tell = (news) => {
      window.clearTimeout(timer);
      setText(""); // the same text again is news as well
      requestAnimationFrame(() => setText(news));
      timer = window.setTimeout(() => setText(""), shownFor);
    };
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div class={"toast" + (text ? " shown" : "")} role="status" aria-live="polite">
      {text}
    </div>
  );
}
