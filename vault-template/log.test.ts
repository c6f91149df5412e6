import { describe, expect, it } from "@jest/globals";
import { jsonLog } from "./log.ts";

describe("V5: jsonLog", () => {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    () => new Date("2026-01-01T00:00:00Z"),
    { vaultId: "v" },
  );
  const last = () => JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;

  it("writes one JSON object per line", () => {
    log.info("two\nlines", { count: 1 });
    expect(lines.at(-1)).toMatch(/^[^\n]+\n$/);
    expect(last()).toEqual({
      time: "2026-01-01T00:00:00.000Z",
      level: "info",
      msg: "two\nlines",
      vaultId: "v",
      count: 1,
    });
  });

  it("tells errors with code and causes, without addresses and credentials that libraries quote", () => {
    const cause = Object.assign(new Error("550 <kari@choir.example> unknown"), { code: "EENVELOPE" });
    log.error("mail failed", { error: new Error("at postgres://user:secret@db.example:5432/x", { cause }) });
    expect(last()["error"]).toMatchObject({
      message: expect.stringMatching(/^at postgres:\/\//),
      cause: { message: "550 <<address>> unknown", code: "EENVELOPE" },
    });
    expect(lines.at(-1)).not.toMatch(/secret|kari/);
  });
});
