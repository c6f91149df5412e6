import { describe, expect, it } from "@jest/globals";
import type { TenantStatus } from "../../../crds/index.ts";
import { aDatabase, aTenant, aWorld } from "../../../test/builders/a-world.ts";
import { durationMs } from "../../duration.ts";
import { annotations } from "../names.ts";
import { keepsOtherLogin, nextRotation, onRequestOnly, type RotationPolicy } from "./rotation.ts";
import { secretSetLabel, secretSetOf } from "./secret-versions.ts";
import { secretsCurrent } from "./secrets-condition.ts";
import type { World } from "../world.ts";

const now = new Date("2026-06-01T00:00:00Z");
const started = "2026-06-01T00:00:00Z";
const asked = "2026-05-31T23:59:00Z";
const first = { database: 1, databaseLogin: "a" as const, signing: 1 };

type Situation = {
  status?: TenantStatus;
  requests?: Record<string, string>;
  /** Logins as the server has them: version of the password, and whether they may connect. */
  a?: { passwordVersion: number | null; canLogin: boolean; sessions?: number };
  b?: { passwordVersion: number | null; canLogin: boolean; sessions?: number };
  world?: Partial<World>;
};

const aRotatingWorld = ({ status = { secretVersions: first }, requests = {}, a, b, world = {} }: Situation): World =>
  aWorld({
    tenant: aTenant({ status, metadata: { annotations: requests } } as never),
    database: aDatabase({ roles: { ...(a ? { a } : {}), ...(b ? { b } : {}) } }),
    ...world,
  });

/** The same world once every pod runs with the secrets in force. */
const settled = (world: World): World => {
  const label = secretSetLabel(secretSetOf(world));
  return { ...world, secretsInUse: { deployment: label, pods: [label] } };
};

const next = (world: World, policy: RotationPolicy = onRequestOnly) => nextRotation(world, policy, now);
const every = (text: string): RotationPolicy => ({ afterMs: durationMs(text), mayBegin: true });

const rolling: TenantStatus = {
  secretVersions: { database: 2, databaseLogin: "b", signing: 1 },
  rotation: { database: { step: "Switch", startedAt: started, request: asked } },
};
const bothOpen = { a: { passwordVersion: 1, canLogin: true }, b: { passwordVersion: 2, canLogin: true } };

describe("D7: when a rotation begins", () => {
  it("does on request, once for each value of the annotation", () => {
    const begun = next(aRotatingWorld({ requests: { [annotations.rotateDatabase]: asked } }));
    expect(begun.secretVersions).toEqual({ database: 2, databaseLogin: "b", signing: 1 });
    expect(begun.rotation).toEqual({ database: { step: "Switch", startedAt: started, request: asked } });
    const answered: TenantStatus = {
      secretVersions: first,
      rotation: { database: { rotatedAt: started, request: asked } },
    };
    const same = next(aRotatingWorld({ status: answered, requests: { [annotations.rotateDatabase]: asked } }));
    expect(same).toEqual({ secretVersions: first, rotation: answered.rotation });
    const again = next(
      aRotatingWorld({ status: answered, requests: { [annotations.rotateDatabase]: "2026-06-01T00:00:01Z" } }),
    );
    expect(again.secretVersions?.database).toBe(2);
  });

  it("does by the schedule for both secrets at once, up to a tenth early and never late", () => {
    const young = aRotatingWorld({
      world: { tenant: aTenant({ metadata: { creationTimestamp: "2026-05-01T00:00:00Z" } }) },
    });
    expect(next(young, every("2160h")).rotation).toBeUndefined();
    expect(Object.keys(next(aRotatingWorld({}), every("2160h")).rotation ?? {})).toEqual(["database", "signing"]);
    expect(next(aRotatingWorld({}), every("0s")).rotation).toBeUndefined();
  });

  it.each<[string, Partial<World>, RotationPolicy]>([
    ["the vault is not well", { endpointsReady: false }, every("1h")],
    ["enough others rotate already", {}, { ...every("1h"), mayBegin: false }],
  ])("does not by the schedule while %s", (_, world, policy) => {
    expect(next(aRotatingWorld({ world }), policy).rotation).toBeUndefined();
  });

  it("does on request also while the vault is not well, but not without a database", () => {
    const requests = { [annotations.rotateSigning]: asked };
    const ill = aRotatingWorld({ requests, world: { endpointsReady: false } });
    expect(next(ill).rotation?.signing?.step).toBe("Announce");
    expect(next({ ...ill, database: null }).rotation).toBeUndefined();
  });
});

describe("D7: replacing the password", () => {
  it("keeps both logins open until no pod runs with the old one, those that stop included", () => {
    const world = aRotatingWorld({ status: rolling, ...bothOpen });
    const label = secretSetLabel(secretSetOf(world));
    const use = (deployment: string, ...pods: string[]) => ({ ...world, secretsInUse: { deployment, pods } });
    expect(keepsOtherLogin({ ...world, secretsInUse: null })).toBe(true);
    expect(keepsOtherLogin(use("password-a1_key-1", label))).toBe(true);
    expect(keepsOtherLogin(use(label, label, "password-a1_key-1"))).toBe(true);
    expect(keepsOtherLogin({ ...use(label, label), workload: { ...world.workload, rolledOut: false } })).toBe(true);
    expect(keepsOtherLogin(use(label, label, label))).toBe(false);
  });

  it("is done only when the old login is seen to be closed and its sessions ended", () => {
    const open = settled(aRotatingWorld({ status: rolling, ...bothOpen }));
    expect(next(open).rotation).toEqual(rolling.rotation);
    const busy = { passwordVersion: null, canLogin: false, sessions: 1 };
    const ending = settled(aRotatingWorld({ status: rolling, ...bothOpen, a: busy }));
    expect(next(ending).rotation).toEqual(rolling.rotation);
    const closed = settled(aRotatingWorld({ status: rolling, ...bothOpen, a: { ...busy, sessions: 0 } }));
    expect(next(closed)).toEqual({
      secretVersions: rolling.secretVersions,
      rotation: { database: { rotatedAt: started, request: asked } },
    });
  });

  it("never goes back when the status is older than the server (a leader that reads an old list)", () => {
    const stale = aRotatingWorld({ status: { secretVersions: first }, ...bothOpen });
    expect(secretSetOf(stale)).toMatchObject({ database: 2, databaseLogin: "b" });
    expect(keepsOtherLogin(stale)).toBe(true);
    expect(next(stale)).toMatchObject({
      secretVersions: { database: 2, databaseLogin: "b" },
      rotation: { database: { step: "Switch", startedAt: started } },
    });
  });

  it("takes the version from the server when the status is gone (a Tenant that comes back)", () => {
    const back = aRotatingWorld({
      status: {},
      a: { passwordVersion: null, canLogin: false },
      b: { passwordVersion: 6, canLogin: false },
    });
    expect(next(back).secretVersions).toEqual({ database: 6, databaseLogin: "b", signing: 1 });
  });

  it("goes on with a rotation that was under way when the status was lost", () => {
    const back = aRotatingWorld({ status: {}, ...bothOpen });
    expect(keepsOtherLogin(back)).toBe(true);
    expect(next(back)).toMatchObject({
      secretVersions: { database: 2 },
      rotation: { database: { startedAt: started } },
    });
  });

  it("needs no pods when the vault is suspended", () => {
    const tenant = aTenant({ spec: { activity: "Suspended" }, status: rolling } as never);
    const workload = { ...aWorld().workload, available: false, replicas: 0 };
    const world = aRotatingWorld({
      a: { passwordVersion: null, canLogin: false },
      b: { passwordVersion: 2, canLogin: true },
    });
    const label = secretSetLabel(secretSetOf({ ...world, tenant }));
    const asleep = { ...world, tenant, workload, secretsInUse: { deployment: label, pods: [] } };
    expect(next(asleep).rotation?.database).toEqual({ rotatedAt: started, request: asked });
  });
});

describe("D7: replacing the signing key", () => {
  const announced: TenantStatus = {
    secretVersions: { ...first, signing: 4 },
    rotation: {
      signing: {
        step: "Announce",
        startedAt: started,
        accepted: [
          { version: 3, until: "2026-06-20T00:00:00Z" },
          { version: 2, until: "2026-05-20T00:00:00Z" },
        ],
      },
    },
  };

  it("makes the new key known to every pod before any pod signs with it", () => {
    const world = aRotatingWorld({ status: announced });
    expect(secretSetOf(world)).toMatchObject({ signing: 4, accepted: [5, 3, 2] });
    expect(next({ ...world, secretsInUse: { deployment: "x", pods: ["x"] } }).secretVersions?.signing).toBe(4);
    const switched = next(settled(world));
    expect(switched.secretVersions?.signing).toBe(5);
    expect(switched.rotation?.signing?.step).toBe("Switch");
  });

  it("goes on accepting earlier keys for as long as anything signed with them can be good", () => {
    const { secretVersions, rotation } = next(settled(aRotatingWorld({ status: announced })));
    expect(rotation?.signing?.accepted).toEqual([
      { version: 4, until: "2026-07-02T00:00:00Z" },
      { version: 3, until: "2026-06-20T00:00:00Z" },
    ]);
    const after = aRotatingWorld({ status: { secretVersions, rotation } });
    expect(secretSetOf(after)).toMatchObject({ signing: 5, accepted: [4, 3] });
    expect(next(settled(after)).rotation?.signing).toEqual({
      rotatedAt: started,
      accepted: rotation?.signing?.accepted,
    });
  });
});

describe("D7: the condition SecretsCurrent", () => {
  const judge = (world: World, policy: RotationPolicy = onRequestOnly, at = now) =>
    secretsCurrent(world.tenant, next(world, policy), policy, at);

  it.each<[string, string, World, RotationPolicy, Date]>([
    ["nothing is to be done", "SecretsCurrent", aRotatingWorld({}), onRequestOnly, now],
    ["one is under way", "Rotating", aRotatingWorld({ status: rolling, ...bothOpen }), onRequestOnly, now],
    [
      "one does not get on",
      "RotationOverdue",
      aRotatingWorld({ status: rolling, ...bothOpen }),
      onRequestOnly,
      new Date("2026-06-01T02:00:00Z"),
    ],
    [
      "one is asked for and cannot begin",
      "RotationWaiting",
      { ...aRotatingWorld({ requests: { [annotations.rotateSigning]: asked } }), database: null },
      onRequestOnly,
      now,
    ],
    ["one is long due", "RotationOverdue", aRotatingWorld({ world: { endpointsReady: false } }), every("24h"), now],
  ])("says when %s", (_, reason, world, policy, at) => {
    expect(judge(world, policy, at)).toMatchObject({
      type: "SecretsCurrent",
      status: reason === "SecretsCurrent" ? "True" : "False",
      reason,
    });
  });
});
