import { describe, expect, it } from "@jest/globals";
import { day, hour, later, minute } from "../clock.ts";
import { keyAnnouncedMs, keyKeptMs, keySignsMs, planKeys, signingKeyOf } from "./key-plan.ts";

const start = new Date("2026-01-01T00:00:00Z");
const first = { id: "first", signsFrom: start };
const announced = later(start, keySignsMs - keyAnnouncedMs);
const second = { id: "second", signsFrom: later(announced, keyAnnouncedMs) };

describe("I6: when signing keys are replaced", () => {
  it("begins with one key that signs at once", () => {
    expect(planKeys([], start)).toEqual({ add: start, remove: [] });
  });

  it("publishes the next key before it signs, once", () => {
    expect(planKeys([first], later(announced, -minute)).add).toBeNull();
    expect(planKeys([first], announced).add).toEqual(second.signsFrom);
    expect(planKeys([first, second], later(announced, minute)).add).toBeNull();
    expect(signingKeyOf([first, second], later(announced, minute))).toBe(first);
    expect(signingKeyOf([second, first], second.signsFrom)).toBe(second);
  });

  it("keeps the old key until its tokens have expired", () => {
    const gone = later(second.signsFrom, keyKeptMs);
    expect(planKeys([first, second], later(gone, -minute)).remove).toEqual([]);
    expect(planKeys([first, second], gone).remove).toEqual(["first"]);
  });

  it("replaces a key before its time when somebody asks, and announces that one too", () => {
    const now = later(start, day);
    expect(planKeys([first], now, true).add).toEqual(later(now, hour));
    expect(planKeys([first, { id: "next", signsFrom: later(now, hour) }], now, true).add).toBeNull();
  });

  it("catches up after a long time without anybody looking", () => {
    const now = later(start, 300 * day);
    expect(planKeys([first], now)).toEqual({ add: later(now, keyAnnouncedMs), remove: [] });
  });
});
