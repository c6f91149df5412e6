import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { grants, type Grant, type Permission } from "./permissions.ts";
import { permissionTemplates } from "./rules.ts";

const all: Grant[] = Object.values(grants);
const permissions: Permission[] = all.flatMap((grant) => grant.permissions);

describe("what the accounts may do", () => {
  it("holds no wildcard", () => {
    const words = permissions.flatMap(({ apiGroup, resources, verbs }) => [apiGroup, ...resources, ...verbs]);
    expect(words.filter((word) => word.includes("*"))).toEqual([]);
  });

  it("has no way to more rights", () => {
    const groups = permissions.map(({ apiGroup }) => apiGroup);
    expect(groups).not.toContain("rbac.authorization.k8s.io");
    expect(groups).not.toContain("admissionregistration.k8s.io");
    const verbs = permissions.flatMap((permission) => permission.verbs);
    for (const verb of ["escalate", "bind", "impersonate", "deletecollection"]) expect(verbs).not.toContain(verb);
    const resources = permissions.flatMap((permission) => permission.resources);
    for (const resource of ["pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token", "nodes"])
      expect(resources).not.toContain(resource);
  });

  it("lets the gateway read Tenants and nothing else", () => {
    expect(grants.gateway.permissions).toHaveLength(1);
    expect(grants.gateway.permissions[0]).toMatchObject({ resources: ["tenants"], verbs: ["get", "list", "watch"] });
  });

  it("stands in the chart as it is here", () => {
    const file = join(import.meta.dirname, "../../charts/polyphony/templates/_permissions.tpl");
    expect(readFileSync(file, "utf8")).toBe(permissionTemplates(all));
  });
});
