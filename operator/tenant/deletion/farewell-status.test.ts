import { describe, expect, it } from "@jest/globals";
import { aTenant } from "../../../test/builders/a-world.ts";
import type { Outcome } from "../../outcome.ts";
import { farewellStatusOf } from "./farewell-status.ts";

const now = new Date("2026-11-21T12:00:00Z");
const at = { kind: "going", step: 3, of: 5, current: "RemoveNamespace" } as const;

const statusAfter = (outcome: Outcome) => farewellStatusOf(aTenant(), { ...at, outcome }, now);
const blocked = (outcome: Outcome) => statusAfter(outcome).conditions?.find(({ type }) => type === "DeletionBlocked");

describe("K4: the status of a Tenant that is being deleted", () => {
  it("says how far the deletion is, step n of m, and what goes on", () => {
    const message = "The namespace vault-1 is being deleted.";
    const status = statusAfter({ kind: "wait", afterMs: 500, reason: "NamespaceTerminating", message });
    expect(status).toMatchObject({
      phase: "Deleting",
      message,
      progress: { step: 3, of: 5, current: "RemoveNamespace" },
    });
  });

  it.each<{ name: string; outcome: Outcome; is: string }>([
    {
      name: "is not blocked while things take their course",
      outcome: { kind: "wait", afterMs: 500, reason: "PodsStopping", message: "…" },
      is: "False",
    },
    {
      name: "is blocked by somebody's finalizer",
      outcome: { kind: "wait", afterMs: 500, reason: "NamespaceStuck", message: "…" },
      is: "True",
    },
    {
      name: "is blocked by a pod that does not stop",
      outcome: { kind: "wait", afterMs: 500, reason: "PodsStuck", message: "…" },
      is: "True",
    },
    {
      name: "is blocked by a database server that is away",
      outcome: { kind: "failed", reason: "DatabaseServerUnreachable", message: "…" },
      is: "True",
    },
    {
      name: "is blocked by doubt",
      outcome: { kind: "stalled", reason: "DeletionInDoubt", message: "…" },
      is: "True",
    },
  ])("$name", ({ outcome, is }) => {
    expect(blocked(outcome)).toMatchObject({ status: is });
  });

  it("keeps what a return needs: the release, and the versions of secrets", () => {
    const secretVersions = { database: 3, databaseLogin: "b" as const, signing: 2 };
    const tenant = aTenant({ status: { secretVersions } });
    const status = farewellStatusOf(tenant, { ...at, outcome: { kind: "done" } }, now);
    expect(status.secretVersions).toEqual(secretVersions);
  });
});
