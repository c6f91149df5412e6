import { audit } from "../audit/audit.ts";
import type { Transaction } from "../db/registry-database.ts";
import { problem } from "../errors.ts";
import { newId } from "../ids.ts";
import { leaveWork } from "../jobs/outbox.ts";
import { type AffiliationAct, type AffiliationEvent, nextStep, type Side } from "./affiliation-machine.ts";
import { affiliationRepository, type Pair } from "./affiliation-repository.ts";

export interface Doing {
  readonly pair: Pair;
  readonly act: AffiliationAct;
  readonly by: Side;
  /** UUID. */
  readonly personId: string;
  readonly at: Date;
  readonly requestId: string;
  /** What the one says to the other. */
  readonly words?: string | undefined;
}

type Repository = ReturnType<typeof affiliationRepository>;

/** What is written for each event; the states it leads to follow from that. */
const effects: Record<AffiliationEvent, (rows: Repository, doing: Doing, id: string) => Promise<void>> = {
  requested: (rows, { pair, words = "", personId, at }, id) =>
    rows.addRequest(pair, { id, message: words, by: personId, at }),
  withdrawn: (rows, doing) => rows.answer(doing.pair, answerOf("withdrawn", doing)),
  rejected: (rows, doing) => rows.answer(doing.pair, answerOf("rejected", doing)),
  approved: async (rows, doing) => {
    await rows.answer(doing.pair, answerOf("approved", doing));
    await rows.affiliate(doing.pair, doing.at);
  },
  joined: async (rows, doing) => {
    await rows.answer(doing.pair, answerOf("approved", doing));
    await rows.affiliate(doing.pair, doing.at);
  },
  left: (rows, { pair }) => rows.end(pair),
  removed: (rows, { pair }) => rows.end(pair),
};

const answerOf = (status: "approved" | "rejected" | "withdrawn", { personId, at, words = "" }: Doing) => ({
  status,
  by: personId,
  at,
  response: words,
});

/** Whom each event is mailed to: always the other side. A withdrawn request bothers nobody. */
const mailed: Partial<Record<AffiliationEvent, Side>> = {
  requested: "umbrella",
  approved: "collective",
  rejected: "collective",
  joined: "umbrella",
  left: "umbrella",
  removed: "collective",
};

const tell = async (transaction: Transaction, doing: Doing, event: AffiliationEvent): Promise<void> => {
  const { pair, personId, at, requestId } = doing;
  await affiliationRepository(transaction).remember(pair, event, personId, at);
  const entry = { at, actor: `person:${personId}`, action: `affiliation.${event}`, requestId };
  const subject = `affiliation:${pair.umbrellaId}/${pair.collectiveId}`;
  for (const organizationId of [pair.umbrellaId, pair.collectiveId]) {
    await audit(transaction, { ...entry, subject, organizationId });
  }
  const to = mailed[event];
  if (!to) return;
  const payload = { letter: "affiliation", event, to, umbrella: pair.umbrellaId, collective: pair.collectiveId };
  await leaveWork(transaction, { kind: "mail", subject: pair.collectiveId, payload, at });
};

/**
 * One step between a collective and an umbrella: written, remembered on both sides, and mailed to the other one. Part of
 * the caller's transaction, which must see both. Throws 409 when the step is not open now. Returns the request's UUID
 * where it makes one.
 */
export const takeStep = async (transaction: Transaction, doing: Doing): Promise<string> => {
  const rows = affiliationRepository(transaction);
  const step = nextStep(await rows.stateOf(doing.pair), doing.act, doing.by);
  if (!step.allowed) throw problem("affiliation-state", `${step.why} Reload to see how it stands.`);
  const id = newId();
  await effects[step.event](rows, doing, id);
  await tell(transaction, doing, step.event);
  return id;
};
