import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createFakeWorld } from "./testing/fake-world.ts";
import { putInstallation } from "./testing/a-cluster.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "polyphony-completion-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("completion in bash", () => {
  it("offers what the program says, without descriptions, and passes on every word typed", async () => {
    const world = createFakeWorld();
    await putInstallation(world.kube);
    const script = (await world.polyphony(["completion", "bash"])).out;
    const { out } = await world.polyphony(["__complete", "tenant", "status", "al"]);
    const answers = join(folder, "answers");
    writeFileSync(answers, out);
    const session = [
      `polyphony() { printf '%s|' "$@" > ${join(folder, "asked")}; cat ${answers}; }`,
      script,
      "COMP_WORDS=(polyphony tenant status al) COMP_CWORD=3",
      "_polyphony",
      'printf "%s\\n" "${COMPREPLY[@]}"',
      `cat ${join(folder, "asked")}`,
    ].join("\n");
    const said = execFileSync("bash", ["-c", session], { encoding: "utf8" });
    expect(said).toBe("alto-ensemble\n__complete|tenant|status|al|");
  });
});
