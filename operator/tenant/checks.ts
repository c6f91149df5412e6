import { knownReason, type Reason } from "../../crds/reasons.ts";
import { namespaceOf } from "./names.ts";
import { schemaFinding, upgradeFinding } from "./upgrade/upgrade-findings.ts";
import { childKey, isSuspended, type World } from "./world.ts";

export const conditionTypes = [
  "Accepted",
  "DatabaseReady",
  "SchemaCurrent",
  "WorkloadAvailable",
  "RouteReady",
  "ReleaseCurrent",
] as const;
export type ConditionType = (typeof conditionTypes)[number];

/**
 * What a check found wrong. `needs` says who must act: nobody (it is under way) or a person. With `serves` the vault
 * serves all the same, on another release than the wanted one: it is Ready, and only its own condition is False.
 */
export type Finding = { reason: Reason; message: string; needs: "time" | "person"; serves?: boolean };

/** One judgement over the world, pure. Checks stand in the order in which a vault comes into being. */
export type Check = {
  step: string;
  condition: ConditionType;
  /** While a gate fails, nothing is built for the tenant. */
  gate: boolean;
  find: (world: World) => Finding | null;
};

const waits = (reason: Reason, message: string): Finding => ({ reason, message, needs: "time" });
const asks = (reason: Reason, message: string): Finding => ({ reason, message, needs: "person" });

const list = (names: string[]): string => names.sort().join(", ") || "none";

export const accepted: Check = {
  step: "Accept",
  condition: "Accepted",
  gate: true,
  find: ({ tenant, template, plan, rival, vaultId }) => {
    const { template: wanted, plan: planName } = tenant.spec;
    if (!template)
      return asks(
        "TemplateMissing",
        `There is no VaultTemplate "${wanted}": create it, or name another in spec.template.`,
      );
    if (!plan) {
      const known = list(Object.keys(template.spec.plans));
      return asks("PlanUnknown", `The VaultTemplate "${wanted}" has no plan "${planName}". Its plans: ${known}.`);
    }
    if (rival) {
      return asks(
        "VaultIdTaken",
        `The Tenant "${rival}" holds the same vault: remove the annotation polyphony.dev/vault-id from this one, or delete the other.`,
      );
    }
    return vaultId === null ? waits("Claiming", "The vault is being given its identity.") : null;
  },
};

const releaseChosen: Check = {
  step: "ChooseRelease",
  condition: "ReleaseCurrent",
  gate: true,
  find: ({ tenant, template, wanted, release }) => {
    if (!template || release) return null;
    if (wanted.name === null) {
      const known = list(Object.keys(template.spec.channels));
      return asks(
        "ChannelUnknown",
        `The VaultTemplate has no channel "${tenant.spec.release.channel}". Its channels: ${known}.`,
      );
    }
    return asks(
      "ReleaseMissing",
      `There is no VaultRelease "${wanted.name}": publish it, or pin another in spec.release.pin.`,
    );
  },
};

const conditionOf = (world: World, type: string) =>
  world.server?.resource?.status?.conditions?.find((condition) => condition.type === type);

const placed: Check = {
  step: "Place",
  condition: "DatabaseReady",
  gate: true,
  find: (world) => {
    const { server, databaseError } = world;
    if (!server)
      return waits(
        "NoDatabaseServer",
        "No DatabaseServer is ready and has room: add one, or see kubectl get databaseservers.",
      );
    if (!server.resource) {
      return asks(
        "DatabaseServerMissing",
        `There is no DatabaseServer "${server.name}": create it, or name another in spec.databaseServer.`,
      );
    }
    if (databaseError) return asks(databaseError.reason, databaseError.message);
    if (server.handle) return null;
    const ready = conditionOf(world, "Ready");
    const why = ready?.status === "False" ? ready : undefined;
    return why
      ? asks(knownReason(why.reason), why.message)
      : waits("DatabaseServerConnecting", `The operator is connecting to the DatabaseServer "${server.name}".`);
  },
};

const goldenReady: Check = {
  step: "GoldenTemplate",
  condition: "SchemaCurrent",
  gate: true,
  find: ({ release, server, database }) => {
    if (!release || !server || database?.database?.finished) return null;
    const golden = release.status?.goldenTemplates?.find((one) => one.server === server.name);
    if (golden?.state === "Ready") return null;
    if (golden?.state === "Failed") {
      return asks("GoldenTemplateFailed", golden.message ?? `The migrations of ${release.metadata.name} failed.`);
    }
    const why = golden?.message ? ` ${golden.message}` : "";
    return waits(
      "GoldenTemplatePending",
      `The golden template of ${release.metadata.name} is being made on "${server.name}".${why}`,
    );
  },
};

const databaseReady: Check = {
  step: "Database",
  condition: "DatabaseReady",
  gate: false,
  find: ({ database, tenant, release }) => {
    if (database?.lost) {
      return asks(
        "DatabaseLost",
        "The database was there and is gone. No empty one takes its place: restore it under its name, or delete the Tenant.",
      );
    }
    const facts = database?.database;
    if (!facts && !release) return waits("DatabasePending", "There is no database yet: it is made from a release.");
    if (!facts?.finished || !facts.allowConnections) return waits("DatabasePending", "The database is being made.");
    if (facts.oddAttributes.includes("OWNER")) {
      return asks(
        "DatabaseServerRightsMissing",
        `The database belongs to "${facts.owner}" now, and the operator may not take it back. Run as the server's ` +
          `administrator: ALTER DATABASE ${facts.name} OWNER TO <the operator's role>;`,
      );
    }
    const logins = database ? [database.roles.a, database.roles.b] : [];
    const suffix = tenant.spec.access === "ReadOnly" ? "_ro" : "_rw";
    const active = logins.find((login) => login?.canLogin);
    if (!active?.memberOf.some((role) => role.endsWith(suffix))) {
      return waits("DatabaseAccessPending", "The rights of the vault's login are being set.");
    }
    return null;
  },
};

const schemaCurrent: Check = {
  step: "Schema",
  condition: "SchemaCurrent",
  gate: false,
  find: (world) => {
    const { database, release, tenant } = world;
    const behind = schemaFinding(world);
    if (behind) return behind;
    if (tenant.status?.release) return null;
    if (!database?.database?.finished) return waits("DatabasePending", "There is no database yet.");
    if (!release || database.schema) return null;
    return asks(
      "SchemaUnknown",
      "Nothing is recorded of the database's schema, so it is not known to fit the release.",
    );
  },
};

const workloadAvailable: Check = {
  step: "Workload",
  condition: "WorkloadAvailable",
  gate: false,
  find: (world) => {
    const { workload, vaultId, tenant } = world;
    if (!workload.exists || vaultId === null)
      return waits("ResourcesPending", "Namespace and deployment are being made.");
    if (isSuspended(world))
      return asks("Suspended", "The vault is suspended; set spec.activity to Running to bring it back.");
    if (tenant.spec.activity === "Suspended") return waits("Suspending", "The vault is being taken off the air.");
    if (workload.available) return null;
    if (workload.trouble) {
      const look = `See: kubectl -n ${namespaceOf(vaultId)} describe pods`;
      return asks(workload.trouble.reason, `${workload.trouble.message} ${look}`);
    }
    return waits("PodsStarting", "The vault's pods are starting.");
  },
};

const routeReady: Check = {
  step: "Route",
  condition: "RouteReady",
  gate: false,
  find: (world) => {
    const { endpointsReady, hostRival, children } = world;
    if (hostRival) {
      return asks(
        "HostTaken",
        `The host ${hostRival.host} belongs to the Tenant "${hostRival.tenant}": remove it from one of the two.`,
      );
    }
    if (!children.has(childKey("Service", "vault"))) return waits("ServicePending", "The service is being made.");
    if (isSuspended(world)) return asks("Suspended", "The gateway answers in the vault's place: it is suspended.");
    return endpointsReady ? null : waits("EndpointsPending", "No pod of the vault is ready to be reached.");
  },
};

const releaseCurrent: Check = {
  step: "Release",
  condition: "ReleaseCurrent",
  gate: false,
  find: (world) => {
    const { workload, release } = world;
    if (!workload.exists) return waits("ReleasePending", "No release runs yet.");
    const held = upgradeFinding(world);
    if (held) return held;
    if (workload.rolledOut || workload.replicas === 0) return null;
    const name = release?.metadata.name ?? "The release";
    const serves = workload.available && world.tenant.status?.release !== undefined;
    const { trouble } = workload;
    if (serves && trouble && world.vaultId !== null) {
      const look = `The pods before it serve on. See: kubectl -n ${namespaceOf(world.vaultId)} describe pods`;
      return { ...asks(trouble.reason, `${name} does not come up: ${trouble.message} ${look}`), serves };
    }
    return { ...waits("RollingOut", `${name} is being rolled out.`), serves };
  },
};

/** In the order of a vault's coming into being: the first that finds something is what people are told. */
export const checks: readonly Check[] = [
  accepted,
  releaseChosen,
  placed,
  goldenReady,
  databaseReady,
  schemaCurrent,
  workloadAvailable,
  routeReady,
  releaseCurrent,
];

export type Judged = { check: Check; finding: Finding };

/** The first check that finds something that counts, of all or only of the gates. */
export const firstFinding = (
  world: World,
  among: readonly Check[] = checks,
  counts: (finding: Finding) => boolean = () => true,
): Judged | null => {
  for (const check of among) {
    const finding = check.find(world);
    if (finding && counts(finding)) return { check, finding };
  }
  return null;
};

export const gates: readonly Check[] = checks.filter((check) => check.gate);
