import type { Locale } from "../contract/fields.ts";

export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A whole page around `body`, which is HTML. */
export const pageOf = ({ locale, title, body }: { locale: Locale; title: string; body: string }): string =>
  `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} - Polyphony</title></head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>
`;
