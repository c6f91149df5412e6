const qualityOf = (parameters: string[]): number => {
  const q = parameters.map((parameter) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/i.exec(parameter)?.[1]).find(Boolean);
  return q === undefined ? 1 : Number(q);
};

/** Whether the client asks for a page to look at: text/html by name, and no kind of JSON rather than it. */
export const wantsHtml = (accept: string | undefined): boolean => {
  let html = 0;
  let json = 0;
  for (const range of (accept ?? "").split(",").slice(0, 32)) {
    const [type = "", ...parameters] = range.split(";");
    const name = type.trim().toLowerCase();
    if (name === "text/html" || name === "application/xhtml+xml") html = Math.max(html, qualityOf(parameters));
    if (name === "application/json" || name === "application/problem+json")
      json = Math.max(json, qualityOf(parameters));
  }
  return html > 0 && html >= json;
};
