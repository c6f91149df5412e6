import { listQueue, type QueueRow } from "../../control-api/contract/queue.ts";
import type { Session } from "../session.ts";

export type WorkFilter = { state?: QueueRow["state"]; organization?: string };

/** Every page of the work that is not done. */
export const workOf = async ({ platform }: Pick<Session, "platform">, filter: WorkFilter): Promise<QueueRow[]> => {
  const { api } = platform();
  const all: QueueRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call(listQueue, { query: { ...filter, limit: 200, cursor } });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return all;
};
