// The picture of oneself: shown, replaced, removed. The server checks what it is; the size is checked before it is sent.
import { useRef, useState } from "preact/hooks";
import type { Problem } from "../api/http";
import type { ImageView } from "../generated/records";
import { t } from "../lib/language";
import { announce } from "../ui/announce";
import { Action, Face } from "../ui/parts";
import { problemText } from "../ui/problem";

const mostBytes = 1024 * 1024;

interface Props {
  name: string;
  image?: string;
  put: (picture: Blob) => Promise<ImageView>;
  remove: () => Promise<unknown>;
  changed: () => void;
}

export function Picture({ name, image, put, remove, changed }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [trouble, setTrouble] = useState<string>();
  const send = async (file: File | undefined) => {
    if (!file) return;
    setTrouble(undefined);
    if (file.size > mostBytes) return setTrouble(t.picture.tooLarge);
    try {
      await put(file);
      changed();
      announce(t.picture.changed);
    } catch (failed) {
      setTrouble(problemText(failed as Problem));
    } finally {
      if (input.current) input.current.value = "";
    }
  };
  return (
    <div class="picture">
      <Face name={name} image={image} large />
      <div>
        <label class="button" for="picture">
          {image ? t.picture.replace : t.picture.add}
        </label>
        <input
          ref={input}
          class="sr"
          id="picture"
          type="file"
          accept="image/png,image/jpeg,image/webp"
          aria-describedby="picture-hint"
          onChange={(e) => void send(e.currentTarget.files?.[0])}
        />
        {image && (
          <Action kind="quiet" done={t.picture.removed} run={() => remove().then(changed)}>
            {t.picture.remove}
          </Action>
        )}
        <p class="hint" id="picture-hint">
          {t.picture.hint}
        </p>
        {trouble && (
          <p class="error" role="alert">
            {trouble}
          </p>
        )}
      </div>
    </div>
  );
}
