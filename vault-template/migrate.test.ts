import { describe, expect, it } from "@jest/globals";
import { migrateList, type MigrateDeps, type MigrationResult } from "./migrate.ts";

async function* lines(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

const line = (id: string) => JSON.stringify({ id, url: `postgres://h/${id}` });

const run = async (source: AsyncIterable<string>, deps: Partial<MigrateDeps> = {}) => {
  const results: MigrationResult[] = [];
  const ok = await migrateList(source, {
    migrate: () => Promise.resolve({ from: 0, to: 1 }),
    explain: (error) => (error as Error).message,
    gaveWay: (error) => (error as Error).message === "locked",
    pause: () => Promise.resolve(),
    print: (text) => results.push(JSON.parse(text) as MigrationResult),
    clock: { now: () => new Date(0) },
    stopping: () => false,
    ...deps,
  });
  return { ok, results };
};

describe("R3: migrateList", () => {
  it("is done with an empty list", async () => expect(await run(lines("", "  "))).toEqual({ ok: true, results: [] }));

  it("works on eight databases at a time, no more", async () => {
    let atOnce = 0;
    let most = 0;
    const migrate = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      atOnce -= 1;
      return { from: 0, to: 1 };
    };
    const { results } = await run(lines(...Array.from({ length: 30 }, (_, index) => line(String(index)))), { migrate });
    expect(results).toHaveLength(30);
    expect(most).toBe(8);
  });

  it("goes on after one that fails, and says so in the end", async () => {
    const migrate = ({ url }: { url: string }) =>
      url.endsWith("b") ? Promise.reject(new Error("broken")) : Promise.resolve({ from: 0, to: 1 });
    const { ok, results } = await run(lines(line("a"), line("b"), line("c")), { migrate });
    expect(ok).toBe(false);
    expect(results.find(({ id }) => id === "b")).toEqual({ id: "b", ok: false, ms: 0, error: "broken" });
    expect(results.filter((result) => result.ok).map(({ id }) => id)).toEqual(["a", "c"]);
  });

  it("hands on the receipt that is asked for, and takes no other text for one", async () => {
    const asked: (string | undefined)[] = [];
    const migrate = ({ receipt }: { receipt?: string | undefined }) => {
      asked.push(receipt);
      return Promise.resolve({ from: 0, to: 1 });
    };
    const of = (receipt: string) => JSON.stringify({ id: receipt, url: "postgres://h/a", receipt });
    const { results } = await run(lines(line("a"), of("fleet-1"), of("a' b")), { migrate });
    expect(asked).toEqual([undefined, "fleet-1"]);
    expect(results.find(({ id }) => id === "a' b")?.ok).toBe(false);
  });

  it("tries one that is locked again after all others, five times in all", async () => {
    const others = ["c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    const asked: string[] = [];
    const migrate = ({ url }: { url: string }) => {
      asked.push(url.at(-1) ?? "");
      const locked = url.endsWith("a") || (url.endsWith("b") && asked.filter((id) => id === "b").length < 3);
      return locked ? Promise.reject(new Error("locked")) : Promise.resolve({ from: 0, to: 1 });
    };
    const { ok, results } = await run(lines(line("a"), line("b"), ...others.map(line)), { migrate });
    expect(ok).toBe(false);
    expect(results.slice(0, 10).map(({ id }) => id)).toEqual(others);
    expect(results.slice(10)).toMatchObject([
      { id: "b", ok: true },
      { id: "a", ok: false, error: "locked" },
    ]);
    expect(asked.filter((id) => id === "a")).toHaveLength(5);
  });

  it("names a line that is none by its id or its number", async () => {
    const { results } = await run(lines("{", '{"id":"known"}', '{"id":"x","url":"mysql://h"}'));
    expect(results.map(({ id, ok }) => [id, ok])).toEqual([
      ["line 1", false],
      ["known", false],
      ["x", false],
    ]);
  });

  it("starts no more databases when asked to stop, and reports them as not started", async () => {
    const { ok, results } = await run(lines(line("a")), { stopping: () => true });
    expect(ok).toBe(false);
    expect(results[0]?.error).toMatch(/Run the list again/);
  });
});
