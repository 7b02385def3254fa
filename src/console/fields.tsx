import type { ComponentChildren, JSX } from "preact";

/** Fields that a browser fills in and that have no length. */
const unbounded: ReadonlySet<string> = new Set(["date", "time", "datetime-local", "number"]);

/** A labelled line of text; `name` where another field of the page has the id. */
export function TextField(given: {
  readonly id: string;
  readonly name?: string;
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
  readonly type?: "text" | "date" | "time" | "number" | "search" | "email" | "datetime-local";
  readonly required?: boolean;
  readonly most?: number;
  readonly autocomplete?: string;
}): JSX.Element {
  const {
    id,
    name = id,
    label,
    value,
    hint,
    type = "text",
    required = false,
    most = 200,
    autocomplete = "off",
  } = given;
  return (
    <>
      <label for={id}>{label}</label>
      {hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <input
        id={id}
        name={name}
        type={type}
        value={value}
        required={required}
        maxLength={unbounded.has(type) ? undefined : most}
        autocomplete={autocomplete}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
    </>
  );
}

/** A labelled choice of one; `name` where another field of the page has the id. */
export function SelectField(given: {
  readonly id: string;
  readonly name?: string;
  readonly label: string;
  readonly value?: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}): JSX.Element {
  const { id, name = id, label, value, options } = given;
  return (
    <>
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </>
  );
}

/** A form that posts to the console: carries the session's token. */
export function Form(given: {
  readonly action: string;
  readonly csrf: string;
  readonly plain?: boolean;
  /** It carries a file. */
  readonly files?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { action, csrf, plain = false, files = false, children } = given;
  const encType = files ? "multipart/form-data" : undefined;
  return (
    <form method="post" action={action} class={plain ? undefined : "stack"} encType={encType}>
      <input type="hidden" name="csrf" value={csrf} />
      {children}
    </form>
  );
}
