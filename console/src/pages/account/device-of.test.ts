import { describe, expect, it } from "@jest/globals";
import { deviceOf } from "./device-of.ts";

const gecko = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0";
const phone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const android =
  "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

describe("I1: where somebody is logged in", () => {
  it.each([
    { agent: gecko, device: { browser: "Firefox", system: "Windows" } },
    { agent: edge, device: { browser: "Edge", system: "Windows" } },
    { agent: phone, device: { browser: "Safari", system: "iPhone" } },
    { agent: android, device: { browser: "Chrome", system: "Android" } },
    { agent: "curl/8.5.0", device: null },
  ])("$device is read from its User-Agent", ({ agent, device }) => expect(deviceOf(agent)).toEqual(device));
});
