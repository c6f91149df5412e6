/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return --
   objects of the API are looked at as they come */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { connectApiServer, type ApiServer } from "./api-server.ts";
import { badObjects } from "./bad-objects.ts";
import { installCrds } from "./install-crds.ts";
import { set, without, type Spoil } from "./mistake.ts";
import { aDigest, collection, fullObjects, goodObjects, type Draft, type OurKind } from "./good-objects.ts";

let api: ApiServer;
beforeAll(async () => {
  api = await connectApiServer();
  await installCrds(api);
});
afterAll(() => {
  api.close();
});

const dryRun = (object: Draft) =>
  api.call("POST", `${collection(object.kind)}?dryRun=All&fieldValidation=Strict`, { body: object });
const kinds = Object.keys(goodObjects) as OurKind[];

describe("K1: a bad object is refused with the field and the way out", () => {
  it("tries at least 60 mistakes", () => {
    expect(badObjects.length).toBeGreaterThanOrEqual(60);
  });

  it.each(badObjects)("$kind: $name", async ({ object, field, wayOut }) => {
    const answer = await dryRun(object);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.message).toContain(field);
    expect(answer.message).toContain(wayOut);
  });
});

describe("K1: good objects are accepted", () => {
  it.each(kinds)("the smallest %s", async (kind) => {
    expect(await dryRun(goodObjects[kind]())).toMatchObject({ status: 201 });
  });

  it.each(kinds)("a %s with every field, which comes back as it was sent", async (kind) => {
    const sent = fullObjects[kind]();
    const answer = await dryRun(sent);
    expect(answer).toMatchObject({ status: 201, body: { spec: sent.spec as object } });
  });

  it("fills in a Tenant's defaults", async () => {
    const { body } = await dryRun(goodObjects.Tenant());
    expect(body.spec).toMatchObject({
      isolation: "Shared",
      access: "ReadWrite",
      activity: "Running",
      protected: false,
      retention: "720h",
      release: { channel: "stable" },
    });
  });

  it("fills in the other kinds' defaults", async () => {
    const template = (await dryRun(goodObjects.VaultTemplate())).body;
    expect(template.spec).toMatchObject({ port: 8080, internalPort: 9090, contract: "v1" });
    expect(template.spec.plans.free).toMatchObject({ replicas: 1, databaseConnections: 20 });
    const release = (await dryRun(goodObjects.VaultRelease())).body;
    expect(release.spec.commands).toEqual({ serve: ["serve"], migrate: ["migrate"] });
    const server = (await dryRun(goodObjects.DatabaseServer())).body;
    expect(server.spec).toMatchObject({ capacity: 1000, class: "shared" });
    expect(server.spec.connection).toMatchObject({ sslMode: "disable", secretRef: { key: "url" } });
  });
});

describe("K1: what cannot change is refused on update, with the reason", () => {
  const changes: {
    kind: OurKind;
    name: string;
    from: () => Draft;
    change: Spoil;
    says: string;
  }[] = [
    {
      kind: "Tenant",
      name: "template",
      from: goodObjects.Tenant,
      change: set("spec.template", "orchestra"),
      says: "template cannot change: another application is another vault",
    },
    {
      kind: "Tenant",
      name: "organization.id",
      from: goodObjects.Tenant,
      change: set("spec.organization.id", "other"),
      says: "organization.id cannot change",
    },
    {
      kind: "Tenant",
      name: "restoreFrom added",
      from: goodObjects.Tenant,
      change: set("spec.restoreFrom", "x"),
      says: "restoreFrom cannot change",
    },
    {
      kind: "Tenant",
      name: "restoreFrom removed",
      from: fullObjects.Tenant,
      change: without("spec.restoreFrom"),
      says: "restoreFrom cannot change",
    },
    {
      kind: "Tenant",
      name: "databaseServer",
      from: fullObjects.Tenant,
      change: set("spec.databaseServer", "other"),
      says: "databaseServer cannot change once set",
    },
    {
      kind: "Tenant",
      name: "databaseServer removed",
      from: fullObjects.Tenant,
      change: without("spec.databaseServer"),
      says: "databaseServer cannot change once set",
    },
    {
      kind: "VaultRelease",
      name: "digest",
      from: goodObjects.VaultRelease,
      change: set("spec.image.digest", aDigest.replaceAll("0", "9")),
      says: "publish a new version instead",
    },
    {
      kind: "RetainedVault",
      name: "database",
      from: goodObjects.RetainedVault,
      change: set("spec.database", "vault_other"),
      says: "only keepUntil can change",
    },
    {
      kind: "RetainedVault",
      name: "organization",
      from: goodObjects.RetainedVault,
      change: set("spec.organization.id", "other"),
      says: "only keepUntil can change",
    },
  ];

  it.each(changes)("$kind: $name", async ({ kind, name, from, change, says }) => {
    const object = from();
    if (kind === "Tenant") object.metadata.name = `immutable-${name.replaceAll(/[^a-z]/gi, "").toLowerCase()}`;
    const created = await api.call("POST", collection(kind), { body: object });
    expect(created.message).toBe("");
    try {
      change(created.body);
      const path = `${collection(kind)}/${object.metadata.name}`;
      const updated = await api.call("PUT", path, { body: created.body });
      expect(updated.status).toBe(422);
      expect(updated.message).toContain(says);
    } finally {
      await api.call("DELETE", `${collection(kind)}/${object.metadata.name}`);
    }
  });

  it("lets an optional database server be chosen later, and keepUntil be moved", async () => {
    const tenant = goodObjects.Tenant();
    tenant.metadata.name = "placed-later";
    const created = await api.call("POST", collection("Tenant"), { body: tenant });
    created.body.spec.databaseServer = "default";
    const path = `${collection("Tenant")}/placed-later`;
    expect(await api.call("PUT", path, { body: created.body })).toMatchObject({ status: 200 });
    await api.call("DELETE", path);

    const retained = await api.call("POST", collection("RetainedVault"), { body: goodObjects.RetainedVault() });
    retained.body.spec.keepUntil = "2031-01-01T00:00:00Z";
    const at = `${collection("RetainedVault")}/${retained.body.metadata.name as string}`;
    expect(await api.call("PUT", at, { body: retained.body })).toMatchObject({ status: 200 });
    await api.call("DELETE", at);
  });
});

describe("what kubectl shows", () => {
  type Schema = {
    description?: string;
    properties?: Record<string, Schema>;
    items?: Schema;
    additionalProperties?: Schema | boolean;
  };
  const folder = join(import.meta.dirname, "../../charts/polyphony/crds");
  const crds = readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), "utf8")));

  const fieldsWithoutWriter = (schema: Schema, path: string): string[] => {
    const inside = [
      ...Object.entries(schema.properties ?? {}).map(([name, child]) => [`${path}.${name}`, child] as const),
      ...(schema.items ? [[`${path}[]`, schema.items] as const] : []),
      ...(typeof schema.additionalProperties === "object" ? [[`${path}{}`, schema.additionalProperties] as const] : []),
    ];
    const named = !/(\[\]|\{\})$/.test(path);
    const missing = named && !/Written (by|once)/.test(schema.description ?? "") ? [path] : [];
    return [...missing, ...inside.flatMap(([at, child]) => fieldsWithoutWriter(child, at))];
  };

  it.each(crds.map((crd) => [crd.spec.names.kind as string, crd]))(
    "`kubectl explain` names the writer of every field of %s",
    (_, crd) => {
      const { spec, status } = crd.spec.versions[0].schema.openAPIV3Schema.properties;
      expect([...fieldsWithoutWriter(spec, "spec"), ...fieldsWithoutWriter(status, "status")]).toEqual([]);
    },
  );

  it("serves that text to `kubectl explain`", async () => {
    const { body } = await api.call("GET", "/openapi/v3/apis/polyphony.dev/v1alpha1");
    const tenant = body.components.schemas["dev.polyphony.v1alpha1.Tenant"];
    expect(tenant.properties.spec.properties.protected.description).toBe(
      "While true, deleting this Tenant is refused. Written by the control API for organizations it knows, else by kubectl, GitOps or the CLI.",
    );
  });

  it.each([
    ["Tenant", ["Name", "Plan", "Phase", "Ready", "Release", "URL", "Age"], ["Database", "Bytes", "Message"]],
    ["VaultTemplate", ["Name", "Image", "Stable", "Tenants", "Age"], []],
    ["VaultRelease", ["Name", "Template", "Version", "Schema", "Ready", "Reason", "Tenants", "Age"], []],
    ["DatabaseServer", ["Name", "Version", "Ready", "Reason", "Databases", "Capacity", "Age"], ["Bytes"]],
    ["RetainedVault", ["Name", "Slug", "Phase", "KeepUntil", "Age"], ["Message"]],
  ])("K1: `kubectl get` of a %s has its columns", async (kind, columns, wide) => {
    const { body } = await api.call("GET", collection(kind), {
      accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    });
    const shown = body.columnDefinitions as { name: string; priority: number }[];
    expect(shown.filter((column) => column.priority === 0).map((column) => column.name)).toEqual(columns);
    expect(shown.filter((column) => column.priority > 0).map((column) => column.name)).toEqual(wide);
  });

  it("answers to short names and to the category", async () => {
    const { body } = await api.call("GET", "/apis/polyphony.dev/v1alpha1");
    const resources = (body.resources as { name: string; shortNames?: string[]; categories?: string[] }[]).filter(
      ({ name }) => !name.includes("/"),
    );
    expect(Object.fromEntries(resources.map(({ name, shortNames }) => [name, shortNames]))).toEqual({
      tenants: ["tn"],
      vaulttemplates: ["vt"],
      vaultreleases: ["vr"],
      databaseservers: ["dbs"],
      retainedvaults: ["rv"],
    });
    expect(resources.every(({ categories }) => categories?.includes("polyphony"))).toBe(true);
  });
});
