import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

const anchorsOf = (path: string): string[] =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** Links to places of this repository; those to elsewhere, and those within examples, are left alone. */
const linksIn = (path: string): string[] =>
  [
    ...read(path)
      .replaceAll(/^```.*?^```/gms, "")
      .matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g),
  ].map(([, target = ""]) => target);

const leadsSomewhere = (from: string, target: string): boolean => {
  const [path = "", anchor] = target.split("#");
  const to = path === "" ? from : normalize(join(dirname(from), path));
  if (!existsSync(join(root, to))) return false;
  return anchor === undefined || !to.endsWith(".md") || anchorsOf(to).includes(anchor);
};

describe("documents", () => {
  const listed = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" });
  const paths = listed.split("\n").filter((path) => path !== "" && existsSync(join(root, path)));

  it.each(paths.filter((path) => linksIn(path).length > 0))("every link of %s leads somewhere", (path) => {
    expect(linksIn(path).filter((target) => !leadsSomewhere(path, target))).toEqual([]);
  });

  it("knows a link that leads nowhere", () => {
    expect(leadsSomewhere("README.md", "docs/guides/nowhere.md")).toBe(false);
    expect(leadsSomewhere("README.md", "docs/benchmarks.md#nowhere")).toBe(false);
    expect(leadsSomewhere("docs/guides/platform-operator.md", "../benchmarks.md#settle")).toBe(true);
  });
});
