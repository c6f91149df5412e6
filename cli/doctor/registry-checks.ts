import type { Tenant } from "../../crds/index.ts";
import type { QueueRow } from "../../control-api/contract/queue.ts";
import { age } from "../output/age.ts";
import { several } from "../output/several.ts";
import { broken, type Check, ok, type Patient, type Verdict, warning } from "./check.ts";
import type { RegistryFacts } from "./registry-facts.ts";

export type RegistryPatient = Patient & {
  slug: string;
  registry: Extract<RegistryFacts, { known: true }>;
  /** In the cluster; undefined when there is none. */
  tenant: Tenant | undefined;
};

type Link = (patient: RegistryPatient) => Verdict;

/** Work is taken within seconds; what waits longer is taken by nobody. */
const takenWithinMs = 60_000;

const registration: Link = ({ registry: { unproven, organization }, session }) => {
  if (organization) return ok(`The mail is proven; ${organization.organization.name} is there.`);
  if (!unproven) return ok("None: the Tenant was made without the registry.");
  const { contact, createdAt, expiresAt } = unproven;
  return broken(
    `The mail to ${contact.email} was sent ${age(createdAt, session.timer.now())} ago, and its link was not opened yet. The address is held until ${expiresAt}.`,
    `${contact.name} opens the link in it. If no mail came, see the mail server and: ${session.program} queue ls`,
  );
};

const organization: Link = ({ registry, slug, session: { program } }) => {
  const { approval, organization: names } = registry.organization ?? {};
  if (names === undefined) return ok("The registry has none of this name.");
  if (approval === "approved")
    return ok(`${names.name}, a${names.type === "umbrella" ? "n" : ""} ${names.type}, is approved.`);
  if (approval === "rejected")
    return broken("The platform's staff rejected it, so it gets no vault.", "They can only begin anew.");
  return broken("It waits for approval by the platform's staff.", `${program} queue approve ${slug}`);
};

const isLate = ({ state, createdAt }: QueueRow, now: Date): boolean =>
  state === "waiting" && now.getTime() - Date.parse(createdAt) > takenWithinMs;

const outbox: Link = ({ registry: { work }, session: { timer } }) => {
  const late = work.find((one) => isLate(one, timer.now()));
  if (late)
    return broken(
      `${late.what} waits for ${age(late.createdAt, timer.now())}, and no worker takes it.`,
      `See the check of the worker above, and Redis.`,
    );
  const waiting = work.filter(({ state }) => state === "waiting");
  return ok(waiting.length === 0 ? "No work waits." : `${several(waiting.length, "piece")} of work will be taken.`);
};

const job: Link = ({ registry: { work }, session: { program } }) => {
  const dead = work.find(({ state }) => state === "failed");
  if (dead)
    return broken(
      `${dead.what} was given up after ${several(dead.attempts, "try", "tries")}. ${dead.reason ?? ""}`.trim(),
      `${program} queue retry ${dead.id}`,
    );
  const failing = work.find(({ state }) => state === "retrying");
  if (failing)
    return warning(
      `${failing.what} did not succeed, and is tried again by itself. ${failing.reason ?? ""}`.trim(),
      `To try at once: ${program} queue retry ${failing.id}`,
    );
  return ok("All work is done or under way.");
};

const tenantThere: Link = ({ registry, tenant, slug, session: { program } }) => {
  if (tenant) return ok(`${slug} is in the cluster.`);
  return registry.organization?.approval === "approved"
    ? broken(
        "The cluster has no Tenant for it.",
        `To write it again: ${program} vault retry ${slug}; and see whether this is the platform's cluster.`,
      )
    : ok("None yet, as it is not approved.");
};

const toldBack: Link = ({ registry: { organization: row }, tenant, session: { program } }) => {
  const phase = tenant?.status?.phase ?? "Pending";
  if (!row || !tenant || row.phase === phase) return ok("The registry says of the vault what the cluster says.");
  return warning(
    `The registry says ${row.phase}, the Tenant ${phase}.`,
    `It follows within seconds; if it does not, see the worker's logs. ${program} vault get shows what people see.`,
  );
};

const link = (name: string, judge: Link): Check<RegistryPatient> => ({
  name,
  look: (patient) => Promise.resolve(judge(patient)),
});

/** From the registration to the Tenant, link by link. */
export const registryChecks: readonly Check<RegistryPatient>[] = [
  link("registration", registration),
  link("organization", organization),
  link("outbox", outbox),
  link("job", job),
];

/** Where registry and cluster meet; only with a cluster that answers. */
export const meetingChecks: readonly Check<RegistryPatient>[] = [
  link("Tenant", tenantThere),
  link("told back", toldBack),
];
