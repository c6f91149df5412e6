import type { Locale } from "../contract/fields.ts";

/** What a mail says, before it is laid out. All of it is text. */
export interface Letter {
  readonly subject: string;
  readonly heading: string;
  readonly lines: readonly string[];
  readonly button: string;
  readonly link: string;
  readonly after: string;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? "");

const orOpen: Record<Locale, string> = { en: "Or open this address:", nb: "Eller åpne denne adressen:" };

/** The letter as plain text. */
export const textOf = ({ heading, lines, button, link, after }: Letter): string =>
  `${[heading, ...lines, `${button}:\n${link}`, after].join("\n\n")}\n`;

const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escaped(text)}</p>`;

/** The letter as HTML that mail programs lay out alike: no images, no scripts, nothing fetched. */
export const htmlOf = ({ heading, lines, button, link, after }: Letter, locale: Locale): string =>
  `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px;background:#f4f5f7;color:#1c2330;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:28px;background:#ffffff;border-radius:14px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3" dir="auto">${escaped(heading)}</h1>
${lines.map(paragraph).join("\n")}
<p style="margin:0 0 20px"><a href="${escaped(link)}" style="display:inline-block;padding:12px 22px;border-radius:9px;background:#1f4e8c;color:#ffffff;font-weight:600;text-decoration:none">${escaped(button)}</a></p>
<p style="margin:0 0 16px;font-size:14px;color:#4b5566">${orOpen[locale]} <a href="${escaped(link)}" style="color:#1f4e8c;word-break:break-all">${escaped(link)}</a></p>
<p style="margin:0;font-size:14px;color:#4b5566">${escaped(after)}</p>
</div>
</body>
</html>
`;
