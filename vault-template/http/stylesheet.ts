/** The one stylesheet. Colours meet WCAG AA in both schemes; a test in a real browser measures it. */
export const stylesheet = `
:root { color-scheme: light dark;
  --ground: #f7f4ef; --surface: #ffffff; --ink: #231a2e; --soft: #5d5269; --line: #ddd4e2; --field: #8a7d97;
  --accent: #6a2a8c; --on-accent: #ffffff; --accent-deep: #4f1c6b; --tint: #f3e9f8;
  --warn-ground: #fdf1d6; --warn-ink: #5c3d00; --warn-line: #e2bd68; --bad: #a3173a; --good-ground: #e3f4e8; --good-ink: #12512b; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #16111c; --surface: #201928; --ink: #f2ecf7; --soft: #bcb0c8; --line: #3b3147; --field: #8c7f9b;
  --accent: #d7aef0; --on-accent: #2a1039; --accent-deep: #e8cef8; --tint: #2d2138;
  --warn-ground: #3a2c0c; --warn-ink: #f8dc9c; --warn-line: #7a5f1f; --bad: #ff9db2; --good-ground: #12301d; --good-ink: #b5ecc8; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .2em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
.skip { position: absolute; inset-inline-start: -100vw; } .skip:focus { inset-inline-start: 1rem; top: .5rem; background: var(--surface); padding: .5rem 1rem; z-index: 1; }
.wide { width: 100%; max-width: 62rem; margin-inline: auto; padding-inline: 1.25rem; }
header { background: var(--surface); border-bottom: 1px solid var(--line); }
header .wide { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding-block: .75rem; }
.brand { display: flex; align-items: center; gap: .7rem; font-weight: 650; font-size: 1.05rem; color: var(--ink); text-decoration: none; margin-inline-end: auto; min-width: 0; }
.brand svg { flex: none; width: 2rem; height: 2rem; color: var(--accent); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; margin: 0; padding: 0; align-items: center; }
nav a, nav button { display: inline-block; padding: .55rem .8rem; border-radius: .5rem; text-decoration: none; color: var(--soft); font: inherit; background: none; border: 0; cursor: pointer; }
nav a:hover, nav button:hover { background: var(--tint); color: var(--ink); }
nav a[aria-current] { color: var(--accent); font-weight: 600; }
main { flex: 1; padding-block: 1.75rem 3rem; }
.narrow { max-width: 28rem; margin-inline: auto; }
h1 { font-size: clamp(1.55rem, 1.2rem + 1.8vw, 2.2rem); line-height: 1.2; margin: 0 0 .6rem; letter-spacing: -.01em; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
p { margin: 0 0 1rem; } .soft { color: var(--soft); } .lead { font-size: 1.08rem; color: var(--soft); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: .9rem; padding: 1.25rem; margin-block: 0 1.25rem; box-shadow: 0 1px 2px rgb(35 26 46 / .05); }
.card > :last-child { margin-bottom: 0; }
.welcome { text-align: center; padding-block: 1.5rem .5rem; } .welcome svg { width: 4.5rem; height: 4.5rem; color: var(--accent); }
.columns { display: grid; gap: 0 1.25rem; }
@media (min-width: 48rem) { .columns { grid-template-columns: minmax(0, 1fr) 20rem; align-items: start; } main { padding-block-start: 2.5rem; } }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 0 0 1.25rem; }
.figures div { background: var(--surface); border: 1px solid var(--line); border-radius: .9rem; padding: 1rem 1.25rem; }
.figures dt { color: var(--soft); font-size: .92rem; } .figures dd { margin: 0; font-size: 1.6rem; font-weight: 650; line-height: 1.3; }
label { display: block; font-weight: 600; margin-bottom: .35rem; }
.hint { font-weight: 400; color: var(--soft); font-size: .92rem; margin: -.15rem 0 .4rem; }
input, select { width: 100%; font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--field); border-radius: .55rem; padding: .65rem .75rem; margin-bottom: 1rem; min-height: 2.75rem; }
.button { display: inline-block; font: inherit; font-weight: 600; background: var(--accent); color: var(--on-accent); border: 1px solid var(--accent); border-radius: .55rem; padding: .65rem 1.2rem; min-height: 2.75rem; cursor: pointer; text-decoration: none; }
.button:hover { background: var(--accent-deep); border-color: var(--accent-deep); } .button.whole { width: 100%; text-align: center; }
.button.quiet { background: none; color: var(--accent); border-color: var(--line); padding: .45rem .8rem; font-weight: 500; font-size: .95rem; } .button.quiet:hover { background: var(--tint); }
.people { list-style: none; margin: 0; padding: 0; } .people li { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .9rem; padding-block: .8rem; border-top: 1px solid var(--line); } .people li:first-child { border-top: 0; padding-top: 0; } .people li:last-child { padding-bottom: 0; }
.person { flex: 1 1 12rem; min-width: 0; } .person b { font-weight: 600; display: block; } .person span { color: var(--soft); font-size: .92rem; }
.tag { font-size: .85rem; font-weight: 600; padding: .12rem .65rem; border-radius: 1rem; background: var(--tint); color: var(--accent); }
.acts { display: flex; gap: .5rem; } .acts form { margin: 0; }
.banner { background: var(--warn-ground); color: var(--warn-ink); border-bottom: 1px solid var(--warn-line); } .banner p { margin-block: 0; padding-block: .7rem; }
.notice { background: var(--good-ground); color: var(--good-ink); border-radius: .7rem; padding: .8rem 1.1rem; margin-bottom: 1.25rem; } .notice.warn { background: var(--warn-ground); color: var(--warn-ink); }
.wrong { color: var(--bad); font-weight: 600; }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: .92rem; } footer p { margin-block: 0; padding-block: 1rem; }
@media (prefers-reduced-motion: no-preference) { .button, nav a { transition: background-color .12s; } }
@media (forced-colors: active) { .tag, .card { border: 1px solid; } }
`;

/** Three voices crossing: the mark of every choir's vault until it has a logo of its own. */
export const iconSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#6a2a8c"/><g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"><path d="M6 11c5-5 8 5 13 0 3-3 5-2 7 0"/><path d="M6 17c4 4 7-4 11 0s6 3 9-1"/><path d="M6 23c6-4 9 3 14-1 2-1.600 4-1 6 0"/></g></svg>`;
