import { afterAll, describe, expect, it } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOfInputs } from "./build-images.ts";
import { parseLdd } from "./copy-programs.ts";
import { archiveDigest, packImage } from "./oci-archive.ts";

const folder = mkdtempSync(join(tmpdir(), "polyphony-images-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("images", () => {
  it("have the same digest for the same files, whenever those were written", async () => {
    const source = join(folder, "source");
    mkdirSync(join(source, "etc"), { recursive: true });
    writeFileSync(join(source, "etc", "motd"), "hello");
    const first = await packImage(source, { Cmd: ["x"] }, join(folder, "a.tar"));
    utimesSync(join(source, "etc", "motd"), 1, 1);
    const second = await packImage(source, { Cmd: ["x"] }, join(folder, "b.tar"));
    expect(second).toBe(first);
    expect(await archiveDigest(join(folder, "a.tar"))).toBe(first);
    writeFileSync(join(source, "etc", "motd"), "changed");
    expect(await packImage(source, { Cmd: ["x"] }, join(folder, "c.tar"))).not.toBe(first);
  });

  it("are built again when a file changed, not when only the compile cache's bytes did", async () => {
    const dist = join(folder, "dist");
    mkdirSync(join(dist, "compile-cache"), { recursive: true });
    writeFileSync(join(dist, "vault.cjs"), "1");
    writeFileSync(join(dist, "compile-cache", "x"), "1");
    const first = await hashOfInputs(dist, "Dockerfile");
    writeFileSync(join(dist, "compile-cache", "x"), "2");
    expect(await hashOfInputs(dist, "Dockerfile")).toBe(first);
    expect(await hashOfInputs(dist, "another Dockerfile")).not.toBe(first);
    writeFileSync(join(dist, "vault.cjs"), "2");
    expect(await hashOfInputs(dist, "Dockerfile")).not.toBe(first);
  });

  it("take the libraries that the linker names, and itself", () => {
    const text =
      "\tlinux-vdso.so.1 (0x00007f)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n";
    expect(parseLdd(text)).toEqual(["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"]);
    expect(parseLdd("\tstatically linked\n")).toEqual([]);
  });
});
