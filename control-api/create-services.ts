import { createAffiliationInvitationService } from "./affiliations/affiliation-invitation-service.ts";
import { createAffiliationService } from "./affiliations/affiliation-service.ts";
import { createAuditService } from "./audit/audit-service.ts";
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { RegistryDatabase } from "./db/registry-database.ts";
import { createQueueService } from "./jobs/queue-service.ts";
import { createLoginService } from "./login/login-service.ts";
import { createSessionService } from "./login/session-service.ts";
import { createWhoAsks } from "./login/who-asks.ts";
import { createInvitationService } from "./members/invitation-service.ts";
import { createMemberService } from "./members/member-service.ts";
import { foundOrganization } from "./organizations/found-organization.ts";
import { createOrganizationService } from "./organizations/organization-service.ts";
import { createAccountService } from "./people/account-service.ts";
import { readFleetHealth } from "./platform/fleet-health-repository.ts";
import { createPlatformService } from "./platform/platform-service.ts";
import { createRegistrationService } from "./registrations/registration-service.ts";
import { createStaffRegistrations } from "./registrations/staff-registrations.ts";
import type { Services } from "./services.ts";
import { createSlugService } from "./slugs/slug-service.ts";
import { createTemplateService } from "./templates/template-service.ts";
import { createProvisioningService } from "./tenants/provisioning-service.ts";
import type { VaultChanges } from "./tenants/vault-changes.ts";
import { createTokens } from "./tokens.ts";

export interface ServiceParts {
  readonly config: Pick<Config, "publicUrl" | "vaultUrlTemplate" | "tokenKey" | "approval" | "trialDays" | "mostOwned">;
  readonly registry: RegistryDatabase;
  readonly changes: Pick<VaultChanges, "next">;
  readonly reservedSlugs: ReadonlySet<string>;
  readonly clock: Clock;
}

/** The address of a vault. */
export const vaultUrlOf =
  (template: string) =>
  (slug: string): string =>
    template.replaceAll("{slug}", slug).replace(/\/$/, "");

/** Wires the services, once. */
export const createServices = ({ config, registry, changes, reservedSlugs, clock }: ServiceParts): Services => {
  const tokens = createTokens(config.tokenKey);
  const slugs = createSlugService({ registry, clock, reserved: reservedSlugs });
  const sessions = createSessionService({ registry, tokens, clock, whoAsks: createWhoAsks(registry, clock) });
  const { approval, mostOwned, trialDays } = config;
  const templates = createTemplateService(registry);
  const registrations = createRegistrationService({
    registry,
    tokens,
    clock,
    slugs,
    templates,
    sessions,
    found: foundOrganization({ approval, mostOwned, trialDays }),
    vaultUrl: vaultUrlOf(config.vaultUrlTemplate),
  });
  return {
    tokens,
    publicUrl: config.publicUrl,
    affiliations: createAffiliationService(registry, clock),
    affiliationInvitations: createAffiliationInvitationService({ registry, clock, tokens }),
    members: createMemberService({ registry, clock, mostOwned }),
    invitations: createInvitationService({ registry, clock, tokens, sessions, mostOwned }),
    platform: createPlatformService(registry, clock),
    fleetHealth: () => registry.asPlatform(readFleetHealth),
    audit: createAuditService(registry),
    queue: createQueueService(registry, clock),
    staffRegistrations: createStaffRegistrations({ registry, clock, registrations }),
    slugs,
    templates,
    sessions,
    accounts: createAccountService(registry),
    registrations,
    login: createLoginService({ registry, tokens, clock, sessions }),
    organizations: createOrganizationService({ registry, clock, mostOwned }),
    provisioning: createProvisioningService({ registry, changes, clock }),
  };
};
