// Forms: values addressed by JSON Pointer as the server addresses its field errors, which stand at the field they are about.
import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext, useEffect, useId, useRef, useState } from "preact/hooks";
import { newKey, Problem } from "../api/http";
import { announce } from "../ui/announce";
import { problemText } from "../ui/problem";
import { t } from "./language";

type Values = Record<string, unknown>;

export function valueAt(values: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((at, step) => (at as Values | undefined)?.[step], values);
}

export function withValue<T>(values: T, pointer: string, value: unknown): T {
  const [, step, ...rest] = pointer.split("/");
  if (step === undefined) return value as T;
  const copy = (Array.isArray(values) ? [...values] : { ...values }) as Values;
  copy[step] = withValue(copy[step], rest.length ? "/" + rest.join("/") : "", value);
  return copy as T;
}

export interface Form<T> {
  values: T;
  set: (pointer: string, value: unknown) => void;
  errors: Record<string, string>;
  /** What is wrong with the whole. */
  problem?: Problem;
  busy: boolean;
  isChanged: boolean;
  submit: (event?: Event) => Promise<void>;
  reset: (values: T) => void;
}

/** Thrown by a submit function for what is wrong before the server needs to be asked. */
export const fieldProblem = (path: string, message: string): Problem =>
  new Problem(422, "invalid", "", [{ path, code: "invalid", message }]);

export function useForm<T>(initial: T, send: (values: T, key: string) => Promise<unknown>): Form<T> {
  const [values, setValues] = useState(initial);
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState(false);
  const [isChanged, setChanged] = useState(false);
  const key = useRef(newKey());

  const submit = async (event?: Event) => {
    event?.preventDefault();
    if (busy) return;
    const form = event?.currentTarget as HTMLFormElement | undefined;
    setBusy(true);
    setProblem(undefined);
    try {
      await send(values, key.current);
      key.current = newKey();
      setChanged(false);
    } catch (failed) {
      const found = failed instanceof Problem ? failed : new Problem(0, "broken", String(failed));
      if (!found.isPassing) key.current = newKey(); // a second try after a lost answer must not do it twice
      setProblem(found);
      const find = (what: string) => form?.querySelector<HTMLElement>(what);
      requestAnimationFrame(() => (find("[aria-invalid=true]") ?? find("[role=alert]"))?.focus());
    } finally {
      setBusy(false);
    }
  };

  const errors: Record<string, string> = {};
  for (const error of problem?.errors ?? []) errors[error.path] ??= t.fieldErrors[error.code as keyof typeof t.fieldErrors] ?? error.message;
  return {
    values,
    errors,
    problem,
    busy,
    isChanged,
    submit,
    set: (pointer, value) => {
      setValues((old) => withValue(old, pointer, value));
      setChanged(true);
    },
    reset: (next) => {
      setValues(next);
      setProblem(undefined);
      setChanged(false);
    },
  };
}

const FormContext = createContext<Form<any> | null>(null);

interface FormProps<T> {
  form: Form<T>;
  children: ComponentChildren;
  class?: string;
  label?: string;
}

/** Shows the problem of the whole, and those of members that no field stands for. */
export function FormView<T>({ form, children, class: className, label }: FormProps<T>) {
  const box = useRef<HTMLFormElement>(null);
  const [orphans, setOrphans] = useState<string[]>([]);
  useEffect(() => {
    const places = [...(box.current?.querySelectorAll<HTMLElement>("[data-path]") ?? [])].map((one) => one.dataset);
    const isShown = (path: string) => places.some((one) => one.path === path || (one.covers && path.startsWith(one.path + "/")));
    setOrphans(Object.entries(form.errors).filter(([path]) => !isShown(path)).map(([path, text]) => (path ? `${path.slice(1)}: ${text}` : text)));
  }, [form.problem]);
  return (
    <FormContext.Provider value={form}>
      <form ref={box} class={"form " + (className ?? "")} aria-label={label} noValidate onSubmit={form.submit}>
        {form.problem && (
          <div class="notice danger" role="alert" tabIndex={-1}>
            <p>{form.problem.errors.length ? t.form.mendFields : problemText(form.problem)}</p>
            {orphans.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </div>
        )}
        {children}
      </form>
    </FormContext.Provider>
  );
}

interface FieldProps {
  path: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** The label is for screen readers alone. */
  quiet?: boolean;
  /** The field stands for all members below its path: a list that is typed as one text. */
  covers?: boolean;
}

/** Label, hint and error around a control; the control is told what describes it. */
function Field(props: FieldProps & { children: (attributes: ControlAttributes) => ComponentChildren }) {
  const form = useContext(FormContext);
  const id = useId();
  const below = props.covers && Object.keys(form?.errors ?? {}).find((path) => path.startsWith(props.path + "/"));
  const error = form?.errors[props.path] ?? (below ? form?.errors[below] : undefined);
  const described = [props.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class={"field" + (error ? " wrong" : "")} data-path={props.path} data-covers={props.covers || undefined}>
      <label for={id} class={props.quiet ? "sr" : undefined}>
        {props.label}
      </label>
      {props.children({ id, "aria-invalid": error ? true : undefined, "aria-describedby": described || undefined })}
      {props.hint && (
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface ControlAttributes {
  id: string;
  "aria-invalid"?: true;
  "aria-describedby"?: string;
}

type InputProps = FieldProps & Omit<JSX.HTMLAttributes<HTMLInputElement>, "label"> & JSX.InputHTMLAttributes<HTMLInputElement>;

const asText = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

export function TextField({ path, label, hint, quiet, covers, ...rest }: InputProps) {
  const form = useContext(FormContext)!;
  return (
    <Field path={path} label={label} hint={hint} quiet={quiet} covers={covers}>
      {(attributes) => (
        <input type="text" {...rest} {...attributes} value={asText(valueAt(form.values, path))} onInput={(e) => form.set(path, e.currentTarget.value)} />
      )}
    </Field>
  );
}

/** Whole numbers; nothing typed is undefined. */
export function NumberField({ path, label, hint, quiet, ...rest }: InputProps) {
  const form = useContext(FormContext)!;
  const typed = (text: string) => form.set(path, text === "" ? undefined : Number(text));
  return (
    <Field path={path} label={label} hint={hint} quiet={quiet}>
      {(attributes) => (
        <input
          type="number"
          inputMode="numeric"
          step={1}
          {...rest}
          {...attributes}
          value={asText(valueAt(form.values, path))}
          onInput={(e) => typed(e.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function AreaField({ path, label, hint, quiet, covers, rows = 4, maxLength }: FieldProps & { rows?: number; maxLength?: number }) {
  const form = useContext(FormContext)!;
  return (
    <Field path={path} label={label} hint={hint} quiet={quiet} covers={covers}>
      {(attributes) => (
        <textarea
          rows={rows}
          maxLength={maxLength}
          {...attributes}
          value={asText(valueAt(form.values, path))}
          onInput={(e) => form.set(path, e.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function SelectField({ path, label, hint, quiet, options }: FieldProps & { options: readonly (readonly [string, string])[] }) {
  const form = useContext(FormContext)!;
  return (
    <Field path={path} label={label} hint={hint} quiet={quiet}>
      {(attributes) => (
        <select {...attributes} value={asText(valueAt(form.values, path))} onChange={(e) => form.set(path, e.currentTarget.value)}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({ path, label, hint }: FieldProps) {
  const form = useContext(FormContext)!;
  const id = useId();
  const error = form.errors[path];
  return (
    <div class={"field check" + (error ? " wrong" : "")} data-path={path}>
      <input
        type="checkbox"
        id={id}
        checked={Boolean(valueAt(form.values, path))}
        aria-describedby={hint || error ? `${id}-hint` : undefined}
        aria-invalid={error ? true : undefined}
        onChange={(e) => form.set(path, e.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {(hint || error) && (
        <p class={error ? "error" : "hint"} id={`${id}-hint`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** The button that sends the form, and what it says meanwhile. */
export function SubmitButton({ children, danger }: { children: ComponentChildren; danger?: boolean }) {
  const form = useContext(FormContext)!;
  return (
    <button type="submit" class={danger ? "button danger" : "button primary"} aria-disabled={form.busy || undefined}>
      {form.busy ? t.form.sending : children}
    </button>
  );
}

/** Says that it is done, to eyes and ears. */
export const saved = (): void => announce(t.form.saved);
