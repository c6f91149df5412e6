import { describe, expect, it } from "@jest/globals";
import { contractEnvironment } from "./contract-environment.ts";
import type { ContractGround } from "./vault-target.ts";

const required = [
  "VAULT_ID",
  "VAULT_NAME",
  "PUBLIC_URL",
  "DATABASE_URL",
  "SMTP_URL",
  "MAIL_FROM",
  "SIGNING_KEY",
  "OWNER_EMAIL",
  "OWNER_NAME",
  "ACCESS",
];

const wrong: [string, string][] = [
  ["VAULT_ID", "not-a-uuid"],
  ["VAULT_NAME", "\u0007"],
  ["PUBLIC_URL", "ftp://choir.example"],
  ["DATABASE_URL", "mysql://u:hidden-secret@h/d"],
  ["SMTP_URL", "http://mail"],
  ["MAIL_FROM", "nobody\r\nBcc: all@example.org"],
  ["SIGNING_KEY", "hidden-secret"],
  ["OWNER_EMAIL", "no address"],
  ["ACCESS", "Maybe"],
  ["REGISTRY_URL", "registry.example.org"],
  ["REGISTRY_KEY", '{"kty":"OKP","crv":"Ed25519","d":"hidden-secret"}'],
  ["ACCEPTED_SIGNING_KEYS", "hidden-secret"],
  ["ACCESS_REASON", "x".repeat(301)],
  ["SETTINGS_DIR", "not/absolute"],
];

/** `serve` refuses an environment that is not complete, and says what to do. */
export function environmentContract(ground: () => ContractGround): void {
  describe("V1 environment", () => {
    const complete = () => ({
      PUBLIC_URL: "http://choir.example",
      ...contractEnvironment(ground(), "postgres://u:hidden-secret@127.0.0.1:9/d"),
    });

    it("names every variable that is missing, at once, and ends with a code that is not 0", async () => {
      const { exitCode, stderr } = await ground().target.tryToServe({});
      expect(exitCode).toBeGreaterThan(0);
      for (const name of required) expect(stderr).toContain(name);
    });

    it.each(wrong)("refuses a %s that does not fit, by name and without repeating its value", async (name, value) => {
      const { exitCode, stderr, stdout } = await ground().target.tryToServe({ ...complete(), [name]: value });
      expect(exitCode).toBeGreaterThan(0);
      expect(stderr).toContain(name);
      for (const other of required.filter((one) => one !== name)) expect(stderr).not.toContain(`${other} `);
      expect(stdout + stderr).not.toContain("hidden-secret");
    });
  });
}
