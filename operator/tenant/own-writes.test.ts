import { describe, expect, it } from "@jest/globals";
import { aTenant } from "../../test/builders/a-world.ts";
import { createOwnWrites } from "./own-writes.ts";

const at = (resourceVersion: string, uid = "1") => aTenant({ metadata: { resourceVersion, uid } });

describe("our own writes", () => {
  it("are what is so until the cache has seen them, and never longer", () => {
    const own = createOwnWrites();
    const answer = at("1000");
    own.wrote(answer);
    expect(own.newest(at("999"))).toBe(answer);
    const echo = at("1000");
    expect(own.newest(echo)).toBe(echo);
    const old = at("999");
    expect(own.newest(old)).toBe(old);
  });

  it("say nothing of another Tenant of the same name", () => {
    const own = createOwnWrites();
    own.wrote(at("1000", "1"));
    const successor = at("900", "2");
    expect(own.newest(successor)).toBe(successor);
  });

  it("are forgotten, the oldest first, when there are many", () => {
    const own = createOwnWrites();
    for (let uid = 0; uid < 1000; uid += 1) own.wrote(at("2", String(uid)));
    expect(own.newest(at("1", "0")).metadata.resourceVersion).toBe("1");
    expect(own.newest(at("1", "999")).metadata.resourceVersion).toBe("2");
  });
});
