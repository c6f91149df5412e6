import type { Request, RequestHandler } from "express";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Person } from "../http/call.ts";
import { oidcPaths } from "./create-provider.ts";
import { vaultLoginPath } from "./oidc-clients.ts";

/** Where a member's browser goes to be logged in to the vault of an organization; null when there is none for them. */
export type VaultEntrance = (slug: string, personId: string) => Promise<string | null>;

type Row = { url: string; client_keys: readonly string[] | null };

export const vaultEntrance =
  (registry: RegistryDatabase): VaultEntrance =>
  async (slug, personId) => {
    const row = await registry.queryAsPlatform((database) =>
      database("vaults as v")
        .join("organizations as o", "o.id", "v.organization_id")
        .join("organization_members as m", "m.organization_id", "o.id")
        .where({ "o.slug": slug, "m.person_id": personId })
        .whereNull("o.closed_at")
        .whereNotNull("v.url")
        .first<Row | undefined>("v.url", "v.client_keys"),
    );
    if (!row) return null;
    // A vault that does not know this registry has a login of its own on its front page.
    return row.client_keys ? row.url + vaultLoginPath : row.url;
  };

/** Leads into the vault, through a login here when the browser is not known. */
export const vaultEntrancePath = (slug: string): string => `${oidcPaths.vaultEntrance}/${slug}`;

export interface VaultEntranceDeps {
  readonly publicUrl: string;
  readonly vaultEntrance: VaultEntrance;
  readonly personOf: (request: Request) => Promise<Person | null>;
}

export const enterVault =
  ({ publicUrl, vaultEntrance: entranceOf, personOf }: VaultEntranceDeps): RequestHandler =>
  async (request, response) => {
    const slug = String(request.params["slug"]);
    const person = await personOf(request);
    response.set("Cache-Control", "no-store");
    if (!person) {
      const next = encodeURIComponent(vaultEntrancePath(slug));
      response.redirect(303, `${publicUrl}/login?next=${next}`);
      return;
    }
    const entrance = await entranceOf(slug, person.id);
    if (entrance === null) throw notFound("This vault");
    response.redirect(303, entrance);
  };
