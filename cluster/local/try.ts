import { createProgress } from "../machine/progress.ts";
import { createLocalProvider } from "../providers/local.ts";
const p = createLocalProvider();
const progress = createProgress();
if (process.argv[2] === "down") await p.down(progress, { force: false });
else await p.up(progress);
console.log((await p.status()).join("\n"));
