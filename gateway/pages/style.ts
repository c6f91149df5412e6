import { createHash } from "node:crypto";

/** The one style sheet of all pages; inline, so that a page needs nothing else. Colours keep AA contrast in both schemes. */
export const style = `
:root{color-scheme:light dark;--ground:#f5f3ee;--card:#fff;--ink:#1d2330;--soft:#545b69;--line:#dedad0;--voice:#2a5b8c;--voice2:#b0563a;--bar:#e6e2d8}
@media(prefers-color-scheme:dark){:root{--ground:#12151c;--card:#1b202a;--ink:#eceef3;--soft:#a9b1c0;--line:#2f3644;--voice:#86b7e8;--voice2:#e79a7e;--bar:#2c3340}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100svh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:1.25rem;background:var(--ground);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{width:100%;max-width:34rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;padding:2rem 1.5rem;box-shadow:0 1px 2px rgb(0 0 0/.04),0 12px 32px rgb(0 0 0/.06)}
svg{display:block;width:4.5rem;height:3rem;margin:0 0 1.25rem;fill:none;stroke-width:3;stroke-linecap:round;stroke:var(--voice)}
svg path:nth-child(even){stroke:var(--voice2)}
.about{margin:0 0 .25rem;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:clamp(1.5rem,1.25rem + 1.4vw,2rem);line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
p{margin:0 0 1rem;text-wrap:pretty}
.next{color:var(--soft)}
progress{display:block;width:100%;height:.625rem;margin:1.25rem 0 .5rem;border:0;border-radius:1rem;overflow:hidden;background:var(--bar);appearance:none;-webkit-appearance:none}
progress::-webkit-progress-bar{background:var(--bar)}
progress::-webkit-progress-value{background:var(--voice);border-radius:1rem}
progress::-moz-progress-bar{background:var(--voice);border-radius:1rem}
.step{color:var(--soft);font-size:.9375rem}
.report{margin:0 0 1rem;padding:.75rem 1rem;border-left:3px solid var(--voice2);background:var(--ground);border-radius:0 .5rem .5rem 0;overflow-wrap:anywhere}
a{color:var(--voice);text-underline-offset:.2em;font-weight:600}
a:focus-visible{outline:3px solid var(--voice);outline-offset:3px;border-radius:.25rem}
.act{display:inline-block;margin:.25rem 0 0;padding:.625rem 1.125rem;min-height:2.75rem;border:1.5px solid var(--voice);border-radius:.625rem;text-decoration:none}
.act:hover{background:var(--ground)}
small{display:block;line-height:1.7;margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
@media(min-width:40rem){main{padding:2.75rem 3rem}}
@media(prefers-reduced-motion:no-preference){.working svg path{animation:sing 2.4s ease-in-out infinite alternate}.working svg path:nth-child(2){animation-delay:-.6s}.working svg path:nth-child(3){animation-delay:-1.2s}.working svg path:nth-child(4){animation-delay:-1.8s}}
@keyframes sing{from{transform:translateX(-3px)}to{transform:translateX(3px)}}
@media print{body{background:#fff}main{border:0;box-shadow:none}.act{display:none}}
`;

const hash = createHash("sha256").update(style).digest("base64");

/** Nothing may load, run, be framed or be posted to; only this very style sheet applies. */
export const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
