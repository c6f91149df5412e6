import { sleep } from "../../kube/clock.ts";
import { getProvisioning, type Provisioning } from "../../control-api/contract/organizations.ts";
import { ApiError } from "../api/problem.ts";
import { failed, interrupted, tooLate } from "../cli-error.ts";
import type { Session } from "../session.ts";
import { tellSteps } from "../wait/tell-steps.ts";

/** What is going on, in one line. */
const lineOf = ({ state, message, steps }: Provisioning): string => {
  const at = steps.findIndex((step) => step.state === "active" || step.state === "failed");
  const step = steps[at];
  return step === undefined ? `${state} · ${message}` : `${state} · step ${at + 1} of ${steps.length} · ${step.title}`;
};

/** States that end the waiting for a vault; the others still come to one of these. */
const settled: readonly Provisioning["state"][] = ["live", "failed", "rejected", "read-only", "suspended", "closing"];

const againMs = 2_000;

export type FollowVault = {
  slug: string;
  timeoutMs: number;
  /** Whether what is seen is the end of the waiting; else it goes on. */
  isEnd?: (seen: Provisioning) => boolean;
};

/** A refusal ends the waiting; an API that is away for a moment does not. */
const isFinal = (error: unknown): boolean => error instanceof ApiError && error.status < 500 && error.status !== 429;

/**
 * Tells each step of a vault until it has come to rest, over streams that may break off.
 * @throws CliError after the timeout (6), at Ctrl-C (130), and what the API refuses
 */
export const followVault = async (
  session: Session,
  { slug, timeoutMs, isEnd = ({ state }) => settled.includes(state) }: FollowVault,
): Promise<Provisioning> => {
  const { timer, interrupt } = session;
  const { api } = session.platform();
  const steps = tellSteps(session);
  const late = new AbortController();
  const cancel = Number.isFinite(timeoutMs) ? timer.after(timeoutMs, () => late.abort()) : () => undefined;
  const signal = AbortSignal.any([interrupt, late.signal]);
  const ended = () => signal.aborted;
  const next = `vault status ${slug}`;
  try {
    for (;;) {
      try {
        for await (const seen of api.follow(getProvisioning, { params: { slug } }, signal)) {
          if (isEnd(seen)) return seen;
          steps.tell(lineOf(seen));
        }
      } catch (error) {
        if (isFinal(error)) throw error;
        if (!ended()) steps.tell("The control API does not answer at the moment; it is asked again.");
      }
      await sleep(timer, againMs, signal);
      if (ended()) break;
    }
    if (interrupt.aborted) throw interrupted("Interrupted. The work goes on.", { next });
    const hints = steps.last() === "" ? [] : [`Last seen: ${steps.last()}`];
    throw tooLate(
      `The vault of "${slug}" is not there yet after ${Math.round(timeoutMs / 1000)} s. The work goes on.`,
      {
        hints,
        next,
      },
    );
  } finally {
    cancel();
    late.abort();
  }
};

/** The vault that was waited for. @throws CliError (1) when it came to rest in another way than live */
export const expectLive = (slug: string, { state, message, failure, url }: Provisioning): string => {
  if ((state === "live" || state === "read-only") && url !== null) return url;
  throw failed(`The vault of "${slug}" is ${state}. ${failure?.message ?? message}`, {
    next: state === "failed" ? `vault retry ${slug}` : `vault status ${slug}`,
  });
};
