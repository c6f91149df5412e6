import { describe, expect, it } from "@jest/globals";
import { spendLoginLink } from "../contract/login.ts";
import { patchOrganization } from "../contract/organizations.ts";
import type { RouteContract } from "../contract/route-contract.ts";
import { openApiDocument } from "./openapi.ts";

type Answers = Record<string, { description: string }>;
type Described = { parameters?: { name: string }[]; responses: Answers };

const described = (contract: RouteContract): Described => {
  const { paths } = openApiDocument([contract], "https://console.example.org");
  return paths?.[contract.path]?.[contract.method] as unknown as Described;
};

describe("the OpenAPI document", () => {
  it("tells each of a route's problems with the status that it is answered with", () => {
    const { responses } = described(spendLoginLink);
    expect(responses["409"]?.description).toContain("`link-spent`");
    expect(responses["410"]?.description).toContain("`link-expired`");
    expect(responses["422"]?.description).toMatch(/`code-needed`.*`wrong-code`.*`invalid-input`/);
  });

  it("tells of If-Match where a change may be refused because somebody else was quicker", () => {
    const { parameters, responses } = described(patchOrganization);
    expect(parameters?.map(({ name }) => name)).toContain("If-Match");
    expect(responses["412"]?.description).toContain("`version-changed`");
  });
});
