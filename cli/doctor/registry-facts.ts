import { getTenant, type TenantRow } from "../../control-api/contract/admin.ts";
import { getMe } from "../../control-api/contract/login.ts";
import type { QueueRow } from "../../control-api/contract/queue.ts";
import { listRegistrations, type UnprovenRegistration } from "../../control-api/contract/staff-registrations.ts";
import { ApiError } from "../api/problem.ts";
import { failureOf } from "../failure-of.ts";
import { workOf } from "../queue/work-of.ts";
import type { Session } from "../session.ts";

/** What the registry knows of one slug; or why it could not be asked. */
export type RegistryFacts =
  | { known: false; why: string }
  | {
      known: true;
      unproven: UnprovenRegistration | undefined;
      organization: TenantRow | undefined;
      work: readonly QueueRow[];
    };

const unlessMissing = (error: unknown): undefined => {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
};

/** Asks the platform, as its staff, about one slug. Never throws: without a login the walk begins at the Tenant. */
export const lookUpRegistry = async (session: Session, slug: string): Promise<RegistryFacts> => {
  try {
    const { api, address } = session.platform();
    const { platformRole, email } = await api.call(getMe, {});
    if (platformRole === null)
      return { known: false, why: `${email} is not of the staff of ${address}, who alone see the registry.` };
    const { items } = await api.call(listRegistrations, {});
    return {
      known: true,
      unproven: items.find((one) => one.slug === slug),
      organization: await api.call(getTenant, { params: { slug } }).catch(unlessMissing),
      work: await workOf(session, { organization: slug }),
    };
  } catch (error) {
    const { message, next } = failureOf(error);
    return { known: false, why: `${message}${next === undefined ? "" : ` Next: ${session.program} ${next}`}` };
  }
};
