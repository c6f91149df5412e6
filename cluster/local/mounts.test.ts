import { describe, expect, it } from "@jest/globals";
import { parseMounts } from "./mounts.ts";

describe("reading the kernel's list of mounts", () => {
  it("finds where and what, also with optional fields and spaces in a path", () => {
    const text = [
      "25 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
      "90 25 0:40 / /var/lib/polyphony-cluster/kubelet/a\\040b rw,relatime shared:5 master:2 - tmpfs tmpfs rw",
      "",
    ].join("\n");
    expect(parseMounts(text)).toEqual([
      { at: "/", type: "ext4" },
      { at: "/var/lib/polyphony-cluster/kubelet/a b", type: "tmpfs" },
    ]);
  });
});
