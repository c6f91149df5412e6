import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { routes } from "../../control-api/routes.ts";
import { tenantKind } from "../builders/a-control-api.ts";
import { anApiClient, type ApiAnswer } from "../builders/an-api-client.ts";
import { eventually } from "../harness/eventually.ts";
import { countAttempts } from "../isolation/attempts.ts";
import { registryDigest } from "../isolation/registry/registry-digest.ts";
import { setRegistryScene, type RegistryScene } from "../isolation/registry/registry-scene.ts";
import { fillPath, routeName, routeRequests } from "../isolation/registry/route-requests.ts";
import { isRefusal, readWhoMay, type WhoMay } from "../isolation/registry/who-may.ts";
import { suiteControlApi } from "./suite-control-api.ts";

const count = countAttempts("A1", "every route of the control API by everybody who is not let through");
const matrix = readWhoMay();

const api = suiteControlApi({ RATE_LIMITS_FACTOR: "1000" });
let scene: RegistryScene;

beforeAll(async () => {
  scene = await setRegistryScene(api());
  const name = scene.slugs.collective;
  await eventually("the Tenant", async () => (await api().kube.find(tenantKind, { name })) !== undefined);
  await api().kube.patchStatus(tenantKind, { name }, { status: { phase: "Active", url: "http://alto.vaults.test" } });
  await eventually("the vault is live", async () => {
    const { body } = await scene.client("owner").get(`/api/organizations/${name}/provisioning`);
    return body["state"] === "live";
  });
});
afterAll(() => count.finish());

const ask = async (route: string, caller: string, letThrough: boolean): Promise<ApiAnswer> => {
  const [method = "", pattern = ""] = route.split(" ");
  const { path, body } = (await routeRequests[route]?.(scene, letThrough)) ?? {};
  const target = fillPath(pattern, { slug: scene.slugs.collective, ...path });
  return anApiClient(api().url).send(method, target, body, scene.callers.get(caller) ?? {});
};

describe("A1: the table of who may", () => {
  it("has a line and a request for every route there is, and none for others", () => {
    const all = routes.map(({ contract }) => routeName(contract)).sort();
    expect(matrix.map(({ route }) => route).sort()).toEqual(all);
    expect(Object.keys(routeRequests).sort()).toEqual(all);
  });

  it("asks for each caller that the scene has", () => {
    for (const { told } of matrix) expect([...told.keys()]).toEqual([...scene.callers.keys()]);
  });

  it("says of no route but those for anyone that whoever is not logged in may", () => {
    const open = matrix.filter(({ told }) => !isRefusal(told.get("anonymous") ?? 0)).map(({ route }) => route);
    const forAnyone = routes.filter(({ contract }) => contract.allow.who === "anyone");
    expect(open.sort()).toEqual(forAnyone.map(({ contract }) => routeName(contract)).sort());
  });
});

describe("A1: who may, for every route there is", () => {
  it.each(matrix)("$route", async ({ route, told }: WhoMay) => {
    const before = await registryDigest(api().registry);
    const answers: [string, number][] = [];
    const refused = [...told].filter(([, status]) => isRefusal(status));
    for (const [caller, status] of refused) {
      const answer = await ask(route, caller, false);
      count.tried(`${route} by ${caller} was told ${String(answer.status)}`, answer.status === status);
      answers.push([caller, answer.status]);
    }
    expect(answers).toEqual(refused);
    expect(await registryDigest(api().registry)).toBe(before);
    for (const [caller, status] of told) {
      if (isRefusal(status)) continue;
      expect([caller, (await ask(route, caller, true)).status]).toEqual([caller, status]);
      if (route.startsWith("DELETE /api/me/session")) await scene.restoreLogins();
    }
  });
});

/** What an answer says, but for what differs from one request to the next. */
const toldBy = ({ status, body }: ApiAnswer) => [status, { ...body, requestId: "" }];

describe("A1: what belongs to others answers as what is not there", () => {
  const ofOrganizations = routes.map(({ contract }) => contract).filter(({ allow }) => allow.who === "organization");
  const notThere = "0".repeat(32);

  const toPath = async (contract: { method: string; path: string }, places: Record<string, string>) => {
    const request = await routeRequests[routeName(contract)]?.(scene, false);
    const target = fillPath(contract.path, { ...request?.path, ...places });
    return scene.client("other-owner").send(contract.method.toUpperCase(), target, request?.body);
  };

  it.each(ofOrganizations.map((contract) => ({ name: routeName(contract), contract })))(
    "$name",
    async ({ contract }) => {
      const [foreign, missing, closed] = await Promise.all(
        [scene.slugs.collective, "nobody-here", scene.slugs.closed].map((slug) => toPath(contract, { slug })),
      );
      count.tried(`${routeName(contract)} of a foreign organization`, foreign?.status === 404);
      count.tried(`${routeName(contract)} of a closed organization`, closed?.status === 404);
      if (!foreign || !missing || !closed) throw new Error("Three answers were asked for.");
      expect(toldBy(foreign)).toEqual(toldBy(missing));
      expect(toldBy(closed)).toEqual(toldBy(missing));
    },
  );

  it("also an id of another organization under one's own", async () => {
    const { other } = scene.slugs;
    const { ids } = scene;
    const tries = [
      ["PATCH /api/organizations/{slug}/members/{person}", "person", ids.member.own, `per_${notThere}`],
      ["DELETE /api/organizations/{slug}/members/{person}", "person", ids.member.own, `per_${notThere}`],
      ["DELETE /api/organizations/{slug}/invitations/{id}", "id", ids.invitation.own, `inv_${notThere}`],
    ] as const;
    for (const [route, place, foreign, missing] of tries) {
      const contract = routes.map((one) => one.contract).find((one) => routeName(one) === route);
      if (!contract) throw new Error(`There is no ${route}.`);
      const answers = [];
      for (const id of [foreign, missing, "not-an-id", foreign.toUpperCase()])
        answers.push(await toPath(contract, { slug: other, [place]: id }));
      for (const answer of answers) {
        count.tried(`${route} with an id of another organization`, answer.status === 404);
        expect([route, answer.status]).toEqual([route, 404]);
      }
    }
    const { body } = await scene.client("owner").get(`/api/organizations/${scene.slugs.collective}/members`);
    expect(body.items).toContainEqual(expect.objectContaining({ id: ids.member.own, role: "viewer" }));
  });
});
