import { describe, expect, it } from "@jest/globals";
import { aRelease, aTenant } from "../../../test/builders/a-world.ts";
import { chooseRelease, type Hold, type ReleaseFacts } from "./release-choice.ts";

const digests = { "1.0.0": `sha256:${"a".repeat(64)}`, "1.1.0": `sha256:${"b".repeat(64)}` };
const release = (
  version: "1.0.0" | "1.1.0",
  schemaVersion: number,
  golden: "Ready" | "Failed" | "Migrating" = "Ready",
) =>
  aRelease({
    metadata: { name: `choir-${version}` },
    spec: { version, image: { digest: digests[version] }, schemaVersion },
    status: { goldenTemplates: [{ server: "default", database: "golden", state: golden }] },
  });
const old = release("1.0.0", 1);
const next = release("1.1.0", 2);
const runs = (one: typeof old) => ({
  name: one.metadata.name,
  version: one.spec.version,
  digest: one.spec.image.digest,
  schemaVersion: one.spec.schemaVersion,
});
const window = { days: ["Sat" as const], start: "02:00", duration: "2h", timeZone: "UTC" };
const friday = new Date("2026-01-09T12:00:00Z");
const saturdayNight = new Date("2026-01-10T03:00:00Z");
const asked = "2026-01-09T11:59:00Z";
const goNow = { metadata: { annotations: { "polyphony.dev/upgrade-requested-at": asked } } };

const facts = (changes: Partial<ReleaseFacts>): ReleaseFacts => ({
  tenant: aTenant({ status: { release: runs(old) } }),
  wanted: next,
  running: old,
  schema: { version: 1, oldestSupported: 1 },
  deployed: digests["1.0.0"],
  server: "default",
  now: friday,
  ...changes,
});
const windowed = (changes: Parameters<typeof aTenant>[0] = {}, answered?: string) =>
  aTenant({
    ...changes,
    spec: { maintenanceWindow: window },
    status: { release: runs(old), ...(answered ? { upgradeRequestAnswered: answered } : {}) },
  });

const table: { name: string; facts: Partial<ReleaseFacts>; runs: string | null; why: Hold["why"] | null }[] = [
  {
    name: "a new vault runs what is wanted",
    facts: { tenant: aTenant(), running: null, schema: null, deployed: null },
    runs: "choir-1.1.0",
    why: null,
  },
  { name: "a vault stays while its database is behind", facts: {}, runs: "choir-1.0.0", why: "Migration" },
  {
    name: "and goes over once it is migrated",
    facts: { schema: { version: 2, oldestSupported: 1 } },
    runs: "choir-1.1.0",
    why: null,
  },
  {
    name: "the golden template comes first",
    facts: { wanted: release("1.1.0", 2, "Migrating") },
    runs: "choir-1.0.0",
    why: "GoldenTemplate",
  },
  {
    name: "a release whose golden template failed reaches no vault",
    facts: { wanted: release("1.1.0", 2, "Failed") },
    runs: "choir-1.0.0",
    why: "GoldenTemplate",
  },
  { name: "outside its window nothing begins", facts: { tenant: windowed() }, runs: "choir-1.0.0", why: "Window" },
  { name: "inside it does", facts: { tenant: windowed(), now: saturdayNight }, runs: "choir-1.0.0", why: "Migration" },
  {
    name: "a release of the same schema waits for the window too",
    facts: { tenant: windowed(), wanted: release("1.1.0", 1) },
    runs: "choir-1.0.0",
    why: "Window",
  },
  {
    name: "and rolls without a migration when it is open",
    facts: { tenant: windowed(), wanted: release("1.1.0", 1), now: saturdayNight },
    runs: "choir-1.1.0",
    why: null,
  },
  {
    name: "a request to go now opens the window",
    facts: { tenant: windowed(goNow), schema: { version: 2, oldestSupported: 1 } },
    runs: "choir-1.1.0",
    why: null,
  },
  {
    name: "one that was answered opens nothing",
    facts: { tenant: windowed(goNow, asked), schema: { version: 2, oldestSupported: 1 } },
    runs: "choir-1.0.0",
    why: "Window",
  },
  {
    name: "a roll that has begun is finished when the window closes",
    facts: { tenant: windowed(), schema: { version: 2, oldestSupported: 1 }, deployed: digests["1.1.0"] },
    runs: "choir-1.1.0",
    why: null,
  },
  {
    name: "a window in an unknown zone never opens",
    facts: {
      tenant: aTenant({
        spec: { maintenanceWindow: { ...window, timeZone: "Mars/Olympus" } },
        status: { release: runs(old) },
      }),
    },
    runs: "choir-1.0.0",
    why: "Window",
  },
  {
    name: "an earlier release comes back on a schema that lets it",
    facts: {
      tenant: aTenant({ status: { release: runs(next) } }),
      wanted: old,
      running: next,
      schema: { version: 2, oldestSupported: 1 },
      deployed: digests["1.1.0"],
    },
    runs: "choir-1.0.0",
    why: null,
  },
  {
    name: "and does not on one that has left it behind",
    facts: {
      tenant: aTenant({ status: { release: runs(next) } }),
      wanted: old,
      running: next,
      schema: { version: 2, oldestSupported: 2 },
      deployed: digests["1.1.0"],
    },
    runs: "choir-1.1.0",
    why: "SchemaLeftBehind",
  },
  {
    name: "a wanted release that is missing leaves what runs",
    facts: { wanted: null },
    runs: "choir-1.0.0",
    why: null,
  },
  {
    name: "a database that comes back old is migrated before it first serves",
    facts: { tenant: aTenant(), running: null, deployed: null },
    runs: "choir-1.1.0",
    why: "Migration",
  },
  {
    name: "a database without a record has the schema of what runs on it",
    facts: { schema: null },
    runs: "choir-1.0.0",
    why: "Migration",
  },
];

describe("R1 R3: which release a vault runs", () => {
  it.each(table)("$name", ({ facts: changes, runs: expected, why }) => {
    const choice = chooseRelease(facts(changes));
    expect([choice.release?.metadata.name ?? null, choice.hold?.why ?? null]).toEqual([expected, why]);
  });
});
