import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { type CatalogColumn, catalogQuery, registryReference } from "../../docs/registry-reference.ts";
import { aRegistry } from "../builders/a-registry.ts";
import { run } from "../contract/real-postgres.ts";
import { started } from "../harness/started.ts";

const file = join(import.meta.dirname, "../../docs/registry.md");

describe("H2: the registry's diagram", () => {
  it("is what the catalog of a migrated database says", async () => {
    const accounts = await aRegistry(started.adminUrl());
    const text = registryReference(await run<CatalogColumn>(accounts.owner, catalogQuery));
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, text);
    expect(text).toContain('organizations ||--o{ invitations : "organization_id"');
    expect(readFileSync(file, "utf8")).toBe(text);
  });
});
