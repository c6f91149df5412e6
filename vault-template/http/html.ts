/** Markup that is safe to send as it is. Only `html` makes it. */
export interface Html {
  readonly markup: string;
}

export type Fragment = Html | string | number | null | undefined | false | readonly Fragment[];

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand between tags and inside quoted attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? "");

// A private key, so that no object from outside (JSON, a form) can pass as markup.
const made = new WeakSet<Html>();

const markupOf = (value: Fragment): string => {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return escaped(value);
  if (typeof value === "number") return String(value);
  if ("markup" in value) return made.has(value) ? value.markup : escaped(value.markup);
  return value.map(markupOf).join("");
};

/** Tagged template: whatever is put in is escaped unless `html` made it. Attributes must be quoted. */
export function html(strings: TemplateStringsArray, ...values: Fragment[]): Html {
  const markup = strings.reduce((all, part, index) => all + markupOf(values[index - 1]) + part);
  const result: Html = Object.freeze({ markup });
  made.add(result);
  return result;
}
