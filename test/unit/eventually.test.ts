import { describe, expect, it } from "@jest/globals";
import { eventually } from "../harness/eventually.ts";

describe("waiting in end-to-end tests", () => {
  it("looks again until there is an answer, also after a look that failed", async () => {
    const looks = [() => undefined, () => false as const, () => fail("not yet"), () => "there"];
    const look = () => Promise.resolve().then(() => looks.shift()?.());
    await expect(eventually("an answer", look, { everyMs: 1 })).resolves.toBe("there");
    expect(looks).toEqual([]);
  });

  it("ends with the first look that failed when it is to be strict", async () => {
    const looks = [() => undefined, () => fail("not yet"), () => "there"];
    const look = () => Promise.resolve().then(() => looks.shift()?.());
    await expect(eventually("an answer", look, { everyMs: 1, strict: true })).rejects.toThrow("not yet");
    expect(looks).toHaveLength(1);
  });

  it("gives up with what was waited for and what the last look said", async () => {
    const look = () => Promise.reject(new Error("phase Pending"));
    const waiting = eventually("the vault", look, { withinMs: 20, everyMs: 5 });
    await expect(waiting).rejects.toThrow("the vault: not within 0.02 s (phase Pending)");
  });
});

const fail = (why: string): never => {
  throw new Error(why);
};
