import { createHash } from "node:crypto";
import { paletteStyles } from "../../console/src/theme/tokens/css-variables.ts";
import { fonts, radii } from "../../console/src/theme/tokens/type-and-space.ts";

/** The one style sheet of pages without JavaScript, in the console's own colours and type. */
export const stylesheet = `${paletteStyles}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100svh;display:flex;flex-direction:column;background:var(--ground);color:var(--ink);font:1rem/1.55 ${fonts.text};overflow-wrap:anywhere}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:${radii.xs}}
header{background:var(--surface);border-bottom:1px solid var(--line)}
.bar{max-width:72rem;min-height:3.75rem;margin-inline:auto;padding:.5rem clamp(1rem,3vw,2rem);display:flex;align-items:center;justify-content:space-between;gap:1rem}
.brand{display:inline-flex;align-items:center;gap:.625rem;min-height:2.75rem;color:var(--ink);font-weight:650;font-size:1.0625rem;letter-spacing:-.01em;text-decoration:none}
.brand svg{flex:none;width:36px;height:24px;fill:none;stroke-width:4;stroke-linecap:round;stroke:var(--accent)}
.brand path:nth-child(even){stroke:var(--clay)}
.language{padding:.6rem .25rem;font-weight:600;font-size:.9375rem;text-decoration:none}
.language:hover{text-decoration:underline}
main{flex:1;width:100%;max-width:34rem;margin-inline:auto;padding:clamp(1.25rem,4vw,3.5rem) 1rem 4rem}
.card{background:var(--surface);border:1px solid var(--line);border-radius:${radii.lg};padding:clamp(1.25rem,5vw,2.25rem)}
h1{margin:0 0 .5rem;font-size:clamp(1.5rem,1.25rem + 1.4vw,2rem);line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
h2{margin:1.75rem 0 .5rem;font-size:1.0625rem}
p{margin:0 0 1rem;text-wrap:pretty}
.soft{color:var(--soft)}
.small{font-size:.9375rem}
label{display:block;margin:1.25rem 0 .35rem;font-weight:600}
input:not([type=hidden]){width:100%;min-height:2.75rem;padding:.6rem .75rem;font:inherit;color:inherit;background:var(--surface);border:1px solid var(--field);border-radius:${radii.md}}
input[aria-invalid=true]{border-color:var(--bad)}
.code{font-family:${fonts.code};font-size:1.5rem;letter-spacing:.3em}
.button{display:inline-block;min-height:2.75rem;margin-top:1.25rem;padding:.6rem 1.25rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:var(--on-accent);background:var(--accent-filled);border:1px solid transparent;border-radius:${radii.md};cursor:pointer}
.button:hover{background:var(--accent-pressed)}
.button.quiet{color:var(--ink);background:var(--surface);border-color:var(--field)}
.button.quiet:hover{background:var(--sunken)}
form+p{margin:1.5rem 0 0}
.acts{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:center}
.acts form{margin:0}
.wrong,.told{margin:1rem 0 0;padding:.75rem 1rem;border-radius:${radii.md}}
.wrong{color:var(--bad);background:var(--bad-tint);font-weight:600}
.told{color:var(--ink);background:var(--accent-tint)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.35rem 1.25rem;margin:1.25rem 0}
dt{color:var(--soft)}
dd{margin:0;font-weight:600}
.digits{display:block;margin:1rem 0;font:600 clamp(1.75rem,8vw,2.5rem)/1.2 ${fonts.code};letter-spacing:.18em}
.steps{list-style:none;margin:1.25rem 0;padding:0}
.steps li{display:flex;align-items:baseline;gap:.75rem;padding:.5rem 0;color:var(--soft)}
.steps .done{color:var(--good)}
.steps .active{color:var(--ink);font-weight:600}
.steps .failed{color:var(--bad);font-weight:600}
.steps b{flex:none;width:1.25rem;text-align:center}
.steps small{margin-inline-start:auto;font-size:.875rem;font-weight:400;white-space:nowrap}
@media(max-width:26rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}.button{width:100%}.acts,.acts form{width:100%}}
@media(forced-colors:active){.card,.button{border:1px solid}}
`;

const hash = createHash("sha256").update(stylesheet).digest("base64");

/** Nothing may run, and nothing be loaded but the mark; only this very style sheet applies; forms go to ourselves. */
export const pagePolicy = `default-src 'none'; img-src 'self'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
