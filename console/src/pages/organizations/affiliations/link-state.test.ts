import { describe, expect, it } from "@jest/globals";
import { linkState } from "./link-state.ts";

const link = { uses: 0, mostUses: 1, expiresAt: "2026-02-01T00:00:00.000Z", revoked: false };
const now = new Date("2026-01-15T00:00:00.000Z");

describe("O3: an umbrella's invitation link", () => {
  it.each([
    { more: {}, state: "open" },
    { more: { uses: 1 }, state: "used" },
    { more: { uses: 5, mostUses: null }, state: "open" },
    { more: { expiresAt: "2026-01-15T00:00:00.000Z" }, state: "expired" },
    { more: { uses: 1, revoked: true }, state: "revoked" },
  ])("is $state with $more", ({ more, state }) => expect(linkState({ ...link, ...more }, now)).toBe(state));
});
