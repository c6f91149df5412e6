import { describe, expect, it } from "@jest/globals";
import { plainFailure } from "./plain-reasons.ts";

describe("O5: why a vault failed, in plain words", () => {
  it.each([
    { reason: "DatabaseServerFull", code: "no-room" },
    { reason: "DatabaseServerUnreachable", code: "database" },
    { reason: "MigrationFailed", code: "database" },
    { reason: "CrashLoopBackOff", code: "application" },
    { reason: "ErrImagePull", code: "application" },
    { reason: "OrganizationDiffers", code: "address" },
    { reason: "KubernetesUnreachable", code: "platform" },
    { reason: "", code: "platform" },
  ])("$reason is told as $code, and not by its own name", ({ reason, code }) => {
    const failure = plainFailure(reason);
    expect(failure.code).toBe(code);
    expect(failure.message).not.toMatch(/[a-z][A-Z]/);
  });
});
