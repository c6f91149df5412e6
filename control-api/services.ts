import type { AffiliationInvitationService } from "./affiliations/affiliation-invitation-service.ts";
import type { AffiliationService } from "./affiliations/affiliation-service.ts";
import type { AuditService } from "./audit/audit-service.ts";
import type { LoginService } from "./login/login-service.ts";
import type { SessionService } from "./login/session-service.ts";
import type { FleetHealth } from "./contract/fleet-health.ts";
import type { InvitationService } from "./members/invitation-service.ts";
import type { MemberService } from "./members/member-service.ts";
import type { OrganizationService } from "./organizations/organization-service.ts";
import type { AccountService } from "./people/account-service.ts";
import type { PlatformService } from "./platform/platform-service.ts";
import type { QueueService } from "./jobs/queue-service.ts";
import type { StaffRegistrations } from "./registrations/staff-registrations.ts";
import type { RegistrationService } from "./registrations/registration-service.ts";
import type { SlugService } from "./slugs/slug-service.ts";
import type { TemplateService } from "./templates/template-service.ts";
import type { ProvisioningService } from "./tenants/provisioning-service.ts";
import type { Tokens } from "./tokens.ts";

/** What routes are given. */
export interface Services {
  readonly slugs: SlugService;
  readonly templates: TemplateService;
  readonly registrations: RegistrationService;
  readonly login: LoginService;
  readonly sessions: SessionService;
  readonly accounts: AccountService;
  readonly organizations: OrganizationService;
  readonly provisioning: ProvisioningService;
  readonly affiliations: AffiliationService;
  readonly affiliationInvitations: AffiliationInvitationService;
  readonly members: MemberService;
  readonly invitations: InvitationService;
  readonly platform: PlatformService;
  readonly fleetHealth: () => Promise<FleetHealth>;
  readonly audit: AuditService;
  readonly queue: QueueService;
  readonly staffRegistrations: StaffRegistrations;
  readonly tokens: Tokens;
  /** Of console and API; links in answers begin with it. */
  readonly publicUrl: string;
}
