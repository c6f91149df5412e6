import { describe, expect, it } from "@jest/globals";
import { assignment } from "./env.ts";

describe("what `make -s env` prints", () => {
  it.each([
    ["GATEWAY_URL", "http://polyphony.localhost:8080", "GATEWAY_URL=http://polyphony.localhost:8080"],
    ["KUBECONFIG", "/home/a b/it's", "KUBECONFIG='/home/a b/it'\\''s'"],
  ])("is a safe assignment of %s", (name, value, line) => expect(assignment(name, value)).toBe(line));
});
