import { type Command, InvalidArgumentError, Option } from "commander";
import { phases, type Tenant } from "../../crds/index.ts";
import { tenants } from "../names.ts";
import type { Session } from "../session.ts";
import { follow, type Look } from "../wait/follow.ts";
import { parseDuration } from "../wait/duration.ts";
import { conditionOf, isJudged, isReady, lineOf, lookFor, lookForGone } from "./tenant-state.ts";
import { findTenant } from "./find-tenant.ts";

type Goal =
  | { kind: "deleted" }
  | { kind: "ready" }
  | { kind: "phase"; phase: string }
  | { kind: "condition"; type: string; status: string };

const goalHelp =
  "Say ready, deleted, phase=Suspended or condition=ReleaseCurrent (condition=Ready=False for the opposite).";

/** What `--for` says. An option's parser: it throws what commander shows. */
export const parseGoal = (text: string): Goal => {
  const [first, second, third] = text.split("=");
  if (text === "deleted" || text === "delete") return { kind: "deleted" };
  if (text === "ready") return { kind: "ready" };
  if (first === "phase" && phases.some((phase) => phase === second)) return { kind: "phase", phase: second ?? "" };
  if (first === "condition" && second) return { kind: "condition", type: second, status: third ?? "True" };
  throw new InvalidArgumentError(goalHelp);
};

const reached = (tenant: Tenant, goal: Exclude<Goal, { kind: "deleted" }>): boolean => {
  if (goal.kind === "ready") return isReady(tenant);
  if (!isJudged(tenant)) return false;
  if (goal.kind === "phase") return tenant.status?.phase === goal.phase;
  return conditionOf(tenant, goal.type)?.status === goal.status;
};

/** A wait for Failed, or for a condition to be False, is not given up when the tenant fails. */
const lookPatiently =
  (slug: string, goal: Exclude<Goal, { kind: "deleted" | "ready" }>): Look<Tenant> =>
  (tenant) => {
    if (!tenant) return lookFor(slug, () => false)(tenant);
    return reached(tenant, goal) ? { done: true } : { done: false, saying: lineOf(tenant) };
  };

const lookAt = async (session: Session, slug: string, goal: Goal): Promise<Look<Tenant> | undefined> => {
  if (goal.kind === "deleted") {
    const found = await session.cluster().kube.find(tenants, { name: slug });
    return found && lookForGone(found.metadata.uid);
  }
  await findTenant(session, slug);
  return goal.kind === "ready" ? lookFor(slug, isReady) : lookPatiently(slug, goal);
};

/** `tenant wait`: for scripts, and after Ctrl-C. */
export const addTenantWait = (parent: Command, session: Session): void => {
  parent
    .command("wait")
    .description("wait until tenants are as you say")
    .argument("<slug...>", "names of tenants")
    .addOption(
      new Option("--for <what>", "ready, deleted, phase=<phase> or condition=<type>[=<status>]")
        .argParser(parseGoal)
        .default({ kind: "ready" }, "ready"),
    )
    .addOption(new Option("--timeout <duration>", "how long").argParser(parseDuration).default(300_000, "5m"))
    .action(async (slugs: string[], { for: goal, timeout }: { for: Goal; timeout: number }) => {
      for (const slug of slugs) {
        const look = await lookAt(session, slug, goal);
        if (look)
          await follow(session, {
            kind: tenants,
            name: slug,
            look,
            timeoutMs: timeout,
            again: `tenant status ${slug}`,
          });
        session.terminal.err(`The tenant "${slug}" is ${goal.kind === "deleted" ? "gone" : "as you said"}.\n`);
      }
    });
};
