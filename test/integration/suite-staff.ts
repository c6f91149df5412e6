import { randomBytes } from "node:crypto";
import { beforeAll } from "@jest/globals";
import type { Tenant } from "../../crds/index.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { registerAndProve } from "../builders/a-registered-organization.ts";
import { anApiClient, type ApiBody, type ApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { logInStaff, suiteControlApi } from "./suite-control-api.ts";

/** A registry where staff must approve, one of them logged in, and what happens around them. Call it outside of tests. */
export const suiteStaff = () => {
  const suffix = randomBytes(3).toString("hex");
  const staffMail = `staff-${suffix}@polyphony.example`;
  const api = suiteControlApi({ APPROVAL: "staff" });
  let staff: ApiClient;
  beforeAll(async () => {
    staff = await logInStaff(api(), staffMail);
  });

  const register = async (name: string, more: object = {}) => {
    const [slug, email] = [`${name}-${suffix}`, `${name}-${suffix}@alto.example`];
    const client = anApiClient(api().url);
    await registerAndProve(api(), client, slug, email, more);
    return { client, slug, email };
  };
  const tenantOf = (slug: string) => api().kube.find(tenantKind, { name: slug });
  const published = async (slug: string, holds: (spec: Tenant["spec"]) => boolean = () => true): Promise<void> => {
    await eventually(`the Tenant ${slug}`, async () => {
      const tenant = await tenantOf(slug);
      return tenant !== undefined && holds(tenant.spec);
    });
  };
  const operatorSays = (slug: string, phase: "Failed" | "Active", reason: string, message = "") => {
    const [status, lastTransitionTime] = [phase === "Active" ? "True" : "False", new Date().toISOString()];
    const ready = { type: "Ready", status, reason, message, lastTransitionTime };
    return api().kube.patchStatus(tenantKind, { name: slug }, { status: { phase, message, conditions: [ready] } });
  };
  const stateOf = async (client: ApiClient, slug: string): Promise<ApiBody> =>
    (await client.get(`/api/organizations/${slug}/provisioning`)).body;
  return {
    suffix,
    staffMail,
    api,
    staff: () => staff,
    register,
    approve: (slug: string) => staff.send("POST", `/api/admin/organizations/${slug}/approve`),
    tenantOf,
    published,
    operatorSays,
    stateOf,
    untilState: (client: ApiClient, slug: string, state: string) =>
      eventually(`${slug} is ${state}`, async () => (await stateOf(client, slug))["state"] === state),
    subjectsTo: (email: string): string[] =>
      api()
        .mails.list(email)
        .map(({ subject }) => subject),
  };
};
