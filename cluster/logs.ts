import { parseArgs } from "node:util";
import { chooseProvider } from "./choose-provider.ts";
import { runMain } from "./machine/run-main.ts";

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      follow: { type: "boolean", short: "f", default: false },
      lines: { type: "string", short: "n", default: "20" },
    },
  });
  await runMain(async () => {
    const provider = await chooseProvider();
    await provider.logs(positionals[0], { follow: values.follow, lines: Number(values.lines) });
  });
}
