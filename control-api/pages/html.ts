const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is safe to send as it is; only `html` makes it. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[];

const markupOf = (value: Fragment): string => {
  if (value === null || value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return Array.isArray(value) ? value.map(markupOf).join("") : "";
  return String(value).replace(/[&<>"']/g, (letter) => entities[letter] ?? "");
};

/** Tagged template: whatever is put in is escaped unless `html` made it. Attributes must be quoted. */
export const html = (strings: TemplateStringsArray, ...values: Fragment[]): Html =>
  new Html(strings.reduce((all, part, index) => all + markupOf(values[index - 1]) + part));
