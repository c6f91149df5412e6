import { describe, expect, it } from "@jest/globals";
import { apiError } from "./api-error.ts";

const call = { verb: "apply", kind: "Tenant", name: "alto" };

describe("apiError", () => {
  it.each([
    { code: 401, body: {}, error: { name: "UnauthorizedError" } },
    { code: 403, body: { message: "no" }, error: { name: "ForbiddenError", call } },
    { code: 404, body: { details: { name: "alto" } }, error: { name: "NotFoundError", kindMissing: false } },
    { code: 404, body: "404 page not found", error: { name: "NotFoundError", kindMissing: true } },
    { code: 409, body: { reason: "AlreadyExists" }, error: { name: "AlreadyExistsError" } },
    { code: 409, body: { reason: "Conflict" }, error: { name: "ConflictError", managers: [] } },
    { code: 410, body: {}, error: { name: "GoneError" } },
    {
      code: 429,
      body: { details: { retryAfterSeconds: 3 } },
      error: { name: "TooManyRequestsError", retryAfterMs: 3000 },
    },
    { code: 429, body: "busy", retryAfter: "7", error: { name: "TooManyRequestsError", retryAfterMs: 7000 } },
    { code: 429, body: {}, retryAfter: "soon", error: { name: "TooManyRequestsError", retryAfterMs: 1000 } },
    { code: 503, body: {}, retryAfter: "2", error: { name: "ServerError", retryAfterMs: 2000 } },
    { code: 418, body: {}, error: { name: "KubeError", status: 418 } },
  ])("$code with $body is $error.name", ({ code, body, retryAfter, error }) => {
    expect(apiError(call, code, body, retryAfter)).toMatchObject(error);
  });

  it("K2: names the managers and fields of an apply conflict", () => {
    const causes = [
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl" using v1', field: ".spec.plan" },
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl" using v1', field: ".spec.slug" },
      { reason: "FieldManagerConflict", message: 'conflict with "flux" with subresource "status"', field: ".status" },
    ];
    expect(apiError(call, 409, { reason: "Conflict", details: { causes } })).toMatchObject({
      managers: ["kubectl", "flux"],
      fields: [".spec.plan", ".spec.slug", ".status"],
    });
  });

  it("names the fields that were refused, and says whose call it was", () => {
    const causes = [{ reason: "FieldValueInvalid", message: "is reserved", field: "metadata.name" }];
    const error = apiError(call, 422, { message: "Tenant is invalid", details: { causes } });
    expect(error).toMatchObject({ name: "InvalidError", causes });
    expect(error.message).toBe("apply Tenant alto: Tenant is invalid");
  });
});
