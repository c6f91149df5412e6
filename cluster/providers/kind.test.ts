import { describe, expect, it } from "@jest/globals";
import { withRewrite } from "./kind.ts";

describe("kind's CoreDNS", () => {
  it("gets the rewrite of public names once, in its server block", () => {
    const corefile = ".:53 {\n    errors\n    kubernetes cluster.local\n}\n";
    const once = withRewrite(corefile);
    expect(once).toMatch(
      /^\.:53 \{\n {4}rewrite stop name regex \^\(\(\.\*\\\.\)\?polyphony\\\.localhost\|console\\\.localhost\)\\\.\$ polyphony-gateway/,
    );
    expect(withRewrite(once)).toBe(once);
  });
});
