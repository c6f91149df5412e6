import { people } from "./0001-people.ts";
import { organizations } from "./0002-organizations.ts";
import { affiliations } from "./0003-affiliations.ts";
import { vaults } from "./0004-vaults.ts";
import { audit } from "./0005-audit.ts";
import { rowSecurity } from "./0006-row-security.ts";
import { organizationSettings } from "./0007-organization-settings.ts";
import { operations } from "./0008-operations.ts";
import { templates } from "./0009-templates.ts";
import { identity } from "./0010-identity.ts";
import { vaultRelease } from "./0011-vault-release.ts";
import { welcomeLinks } from "./0012-welcome-links.ts";
import type { Migration } from "./migration.ts";

/** In the order in which they run. */
export const migrations: readonly Migration[] = [
  people,
  organizations,
  affiliations,
  vaults,
  audit,
  rowSecurity,
  organizationSettings,
  operations,
  templates,
  identity,
  vaultRelease,
  welcomeLinks,
];
