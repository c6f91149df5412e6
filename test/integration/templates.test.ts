import { randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { templateRepository } from "../../control-api/templates/template-repository.ts";
import type { VaultTemplate } from "../../crds/index.ts";
import { kinds, typed } from "../../kube/kinds.ts";
import { aRegistration } from "../builders/a-registered-organization.ts";
import { anApiClient } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const suffix = randomBytes(3).toString("hex");
const name = `band-${suffix}`;
const templateKind = typed<VaultTemplate>(kinds.vaultTemplate);
const api = suiteControlApi();

const resources = { cpu: "100m", memory: "128Mi" };
const band = {
  apiVersion: "polyphony.dev/v1alpha1",
  kind: "VaultTemplate",
  metadata: { name },
  spec: {
    displayName: "Band workspace",
    image: { repository: "registry.example.org/band" },
    channels: { stable: "1.0.0" },
    plans: { producer: { requests: resources, limits: resources, quota: { cpu: "1", memory: "1Gi", pods: 4 } } },
  },
} as unknown as VaultTemplate;

describe("O1, O13: a registration chooses among the published templates", () => {
  const offered = async () =>
    (await anApiClient(api().url).get("/api/templates")).body.items as readonly { name: string }[];
  const register = (template: string) =>
    anApiClient(api().url).send(
      "POST",
      "/api/registrations",
      aRegistration(`x${randomBytes(4).toString("hex")}`, `x-${suffix}@band.example`, { template }),
    );

  it("refuses one that is not there, takes it once it is published, and refuses it again when it is withdrawn", async () => {
    const refused = await register(name);
    expect([refused.status, refused.body.errors[0]?.pointer]).toEqual([422, "/template"]);
    expect(refused.body.errors[0]?.detail).toContain("choir");
    await api().kube.apply(templateKind, band, { fieldManager: "test" });
    await eventually("it is offered", async () => (await offered()).some((one) => one.name === name));
    expect(await offered()).toContainEqual({ name, displayName: "Band workspace", plans: ["producer"] });
    expect((await register(name)).status).toBe(202);
    await api().kube.delete(templateKind, { name });
    await eventually("it is withdrawn", async () => !(await offered()).some((one) => one.name === name));
    expect((await register(name)).status).toBe(422);
  });

  it("no longer offers one that went while no worker looked", async () => {
    const gone = `gone-${suffix}`;
    await api().worker.stop();
    await api().registry.asPlatform((transaction) =>
      templateRepository(transaction).replace([{ name: gone, displayName: "Gone", plans: [] }], new Date()),
    );
    expect((await offered()).map((one) => one.name)).toEqual([gone]);
    api().worker.start();
    await eventually("what there is now is offered", async () => (await offered()).some((one) => one.name === "choir"));
    expect((await offered()).map((one) => one.name)).not.toContain(gone);
    expect((await register(gone)).status).toBe(422);
  });

  it("refuses all once nothing is offered any more, and says so", async () => {
    await api().worker.stop();
    await api().registry.asPlatform((transaction) => templateRepository(transaction).replace([], new Date()));
    const refused = await register("choir");
    expect([refused.status, refused.body.errors[0]?.detail]).toEqual([
      422,
      'Nothing called "choir" can be registered for. At present there is nothing to choose.',
    ]);
  });
});
