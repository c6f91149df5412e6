import { describe, expect, it } from "@jest/globals";
import { DatabaseError, ForeignObjectError } from "./errors.ts";
import { translateError } from "./pg-errors.ts";

const said = (code: string, message = "something about 10.0.0.7 at 12:01"): Error =>
  Object.assign(new Error(message), { code });

describe("what a server says, in our words", () => {
  it.each([
    ["28P01", "DatabaseServerAuthFailed"],
    ["53300", "DatabaseServerFull"],
    ["53100", "DatabaseServerFull"],
    ["42501", "DatabaseServerRightsMissing"],
    ["55006", "DatabaseInUse"],
    ["3D000", "DatabaseServerMisconfigured"],
    ["57P01", "DatabaseServerUnreachable"],
    ["57P03", "DatabaseServerUnreachable"],
    ["08006", "DatabaseServerUnreachable"],
    ["ECONNREFUSED", "DatabaseServerUnreachable"],
    ["ENOTFOUND", "DatabaseServerUnreachable"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "DatabaseServerUnreachable"],
    ["PV001", "DatabaseServerFull"],
    ["PV002", "GoldenTemplateMissing"],
    ["42601", "DatabaseQueryFailed"],
  ])("%s is %s", (code, reason) => expect(translateError(said(code), "main")).toMatchObject({ reason }));

  it("is stable: no address or time of the moment, and it says what to do", () => {
    const { message } = translateError(said("ECONNREFUSED"), "main");
    expect(message).toBe(
      'Database server "main" cannot be reached. Check that it runs and that its address and network rules are right.',
    );
  });

  it("keeps what came as the cause, and leaves our own errors as they are", () => {
    const cause = said("28P01");
    expect(translateError(cause, "main").cause).toBe(cause);
    const own = new DatabaseError("DatabaseInUse", "x");
    expect(translateError(own, "main")).toBe(own);
    const foreign = new ForeignObjectError("role", "r", "main");
    expect(translateError(foreign, "main")).toBe(foreign);
  });

  it("knows a connection that took too long, which has no code", () => {
    const late = new Error("Connection terminated due to connection timeout");
    expect(translateError(late, "main")).toMatchObject({ reason: "DatabaseServerUnreachable" });
  });
});
