import type { TenantRow } from "../../control-api/contract/admin.ts";
import type { Affiliations, AffiliationRequestView } from "../../control-api/contract/affiliations.ts";
import type { InvitationView, MemberView } from "../../control-api/contract/members.ts";
import type { OrganizationView, Provisioning } from "../../control-api/contract/organizations.ts";
import type { QueueRow } from "../../control-api/contract/queue.ts";
import type { UnprovenRegistration } from "../../control-api/contract/staff-registrations.ts";
import { Refused } from "./fake-route.ts";

export const vaultUrlOf = (slug: string): string => `http://${slug}.polyphony.localhost:8080`;
export const since = "2026-01-01T00:00:00Z";
const hex = (number: number): string => String(number).padStart(32, "0");
export const idOf = (kind: string, number: number): string => `${kind}_${hex(number)}`;

export type FakePerson = { id: string; name: string; email: string; platformRole: "admin" | "support" | null };

/** What the registry of a platform knows, in memory. */
export type FakeRegistry = {
  people: FakePerson[];
  organizations: OrganizationView[];
  members: Record<string, MemberView[]>;
  invitations: Record<string, InvitationView[]>;
  requests: AffiliationRequestView[];
  affiliated: { umbrella: string; collective: string }[];
  links: Affiliations["invitations"];
  vaults: Record<string, Provisioning>;
  fleet: TenantRow[];
  work: QueueRow[];
  unproven: UnprovenRegistration[];
  brokenAudit: { chain: string; number: number }[];
};

export const kari: FakePerson = {
  id: idOf("per", 1),
  name: "Kari Nordmann",
  email: "kari@alto-ensemble.example",
  platformRole: null,
};
export const staff: FakePerson = {
  id: idOf("per", 2),
  name: "Sigrid Staff",
  email: "sigrid@polyphony.example",
  platformRole: "admin",
};

const steps = ["Approval", "Finding a place for it", "Making its database", "Starting the application"];

/** A vault's way so far: `done` steps are behind it. */
export const aVault = (state: Provisioning["state"], done: number, url: string | null): Provisioning => ({
  state,
  message: state === "live" ? "The vault is there." : "The vault is being prepared. It takes a moment.",
  failure:
    state === "failed" ? { code: "database", message: "Its database could not be made. It is tried again." } : null,
  steps: steps.map((title, index) => ({
    name: title.toLowerCase(),
    title,
    state: index < done ? "done" : index > done ? "waiting" : state === "failed" ? "failed" : "active",
  })),
  url,
  requestedAt: since,
  liveAt: state === "live" ? since : null,
});

export const anOrganization = (slug: string, name: string, type: OrganizationView["type"]): OrganizationView => ({
  id: idOf("org", slug.length),
  slug,
  type,
  name,
  legalName: null,
  timeZone: "Europe/Oslo",
  contactEmail: kari.email,
  locale: "en",
  category: null,
  currency: null,
  template: "choir",
  approval: "approved",
  role: "owner",
  plan: type === "umbrella" ? "umbrella" : "free",
  subscription: "trialing",
  trialEndsAt: "2026-01-31T00:00:00Z",
  vault: { phase: "Active", url: vaultUrlOf(slug), message: "The vault is there." },
  createdAt: since,
  version: 1,
});

export const aTenantRow = (slug: string, name: string, change: Partial<TenantRow> = {}): TenantRow => ({
  organization: { id: idOf("org", slug.length), slug, name, type: "collective" },
  approval: "approved",
  template: "choir",
  plan: "free",
  phase: "Active",
  reason: "",
  message: "The vault answers.",
  url: vaultUrlOf(slug),
  ready: true,
  release: "1.4.0",
  activity: "Running",
  activityReason: "",
  step: null,
  observedAt: since,
  createdAt: since,
  ...change,
});

const someWork = (): QueueRow[] => [
  {
    id: idOf("wrk", 1),
    what: "publish-tenant",
    organization: { slug: "song-club", name: "Song Club" },
    state: "failed",
    attempts: 12,
    reason: "The cluster refuses the Tenant.",
    createdAt: since,
    dueAt: null,
  },
  {
    id: idOf("wrk", 2),
    what: "mail/welcome",
    organization: null,
    state: "waiting",
    attempts: 0,
    reason: null,
    createdAt: since,
    dueAt: since,
  },
];

/** A platform with an umbrella, a collective of Kari's, and a vault that failed. */
export const aFakeRegistry = (): FakeRegistry => ({
  people: [kari, staff],
  organizations: [
    anOrganization("alto-ensemble", "Alto Ensemble", "collective"),
    anOrganization("nordic-choirs", "Nordic Choirs", "umbrella"),
  ],
  members: {
    "alto-ensemble": [
      { id: kari.id, name: kari.name, email: kari.email, role: "owner", since },
      { id: idOf("per", 3), name: "Ola Nilsen", email: "ola@alto-ensemble.example", role: "member", since },
    ],
  },
  invitations: {
    "alto-ensemble": [
      {
        id: idOf("inv", 1),
        email: "liv@alto-ensemble.example",
        role: "member",
        invitedBy: kari.name,
        createdAt: since,
        expiresAt: "2026-01-15T00:00:00Z",
        state: "open",
      },
    ],
  },
  requests: [
    {
      id: idOf("afr", 1),
      umbrella: { slug: "nordic-choirs", name: "Nordic Choirs" },
      collective: { slug: "song-club", name: "Song Club" },
      status: "pending",
      message: "We sing too.",
      requestedAt: since,
      respondedAt: null,
      response: "",
    },
  ],
  affiliated: [{ umbrella: "nordic-choirs", collective: "alto-ensemble" }],
  links: [],
  vaults: {
    "alto-ensemble": aVault("live", 4, vaultUrlOf("alto-ensemble")),
    "nordic-choirs": aVault("preparing", 2, null),
  },
  fleet: [
    aTenantRow("alto-ensemble", "Alto Ensemble"),
    aTenantRow("song-club", "Song Club", {
      phase: "Failed",
      reason: "PlanUnknown",
      message: 'There is no plan "gold".',
      url: null,
      ready: false,
      release: null,
      step: "template and plan",
    }),
    aTenantRow("bass-club", "Bass Club", {
      approval: "pending",
      phase: "Pending",
      url: null,
      ready: false,
      release: null,
      observedAt: null,
    }),
  ],
  work: someWork(),
  unproven: [],
  brokenAudit: [],
});

export const organizationIn = (registry: FakeRegistry, slug: string): OrganizationView => {
  const found = registry.organizations.find((one) => one.slug === slug);
  if (found) return found;
  throw new Refused(
    404,
    "not-found",
    "This organization does not exist, or you may not see it. Check the address, or log in with another account.",
  );
};
