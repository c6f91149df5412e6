import { describe, expect, it } from "@jest/globals";
import { goldenName, templateRoles, vaultDatabaseName, vaultIdOfName, vaultLoginName } from "./names.ts";

const vaultId = "0b0e2a5e-6c1d-4b38-9a51-0d6a0f2f4e11";
const digest = `sha256:${"3f".repeat(32)}`;

describe("names on a database server", () => {
  it("come from the vault id alone, and lead back to it", () => {
    expect(vaultDatabaseName(vaultId)).toBe("vault_0b0e2a5e6c1d4b389a510d6a0f2f4e11");
    expect(vaultLoginName(vaultId, "b")).toBe("vault_0b0e2a5e6c1d4b389a510d6a0f2f4e11_b");
    expect(vaultIdOfName(vaultDatabaseName(vaultId))).toBe(vaultId);
    expect(vaultIdOfName(vaultLoginName(vaultId, "a"))).toBe(vaultId);
    expect(vaultIdOfName("vault_of_somebody")).toBeNull();
  });

  it.each(["", "nordic-choirs", vaultId.toUpperCase(), `${vaultId}"; DROP DATABASE postgres; --`])(
    "I1s: are never built from anything but a UUID: %s",
    (text) => expect(() => vaultDatabaseName(text)).toThrow("is not a vault id"),
  );

  it("tell releases and digests apart, and fit PostgreSQL's 63 bytes", () => {
    expect(goldenName("choir-1.4.0", digest)).toBe("golden_choir_1_4_0_3f3f3f3f");
    const long = "a".repeat(20) + "-" + "1".repeat(40);
    expect(goldenName(long, digest).length).toBeLessThanOrEqual(63);
    expect(goldenName(`${long}1`, digest)).not.toBe(goldenName(`${long}2`, digest));
    expect(() => goldenName("choir-1.4.0", "latest")).toThrow("is not an image digest");
  });

  it("never begin with pg_, which PostgreSQL keeps for itself", () => {
    expect(templateRoles("pg-choir").owner).toBe("t_pg_choir_owner");
    expect(templateRoles("choir-vault")).toEqual({
      owner: "choir_vault_owner",
      rw: "choir_vault_rw",
      ro: "choir_vault_ro",
      migrator: "choir_vault_migrator",
    });
  });
});
