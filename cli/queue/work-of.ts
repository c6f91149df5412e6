import { listQueue, type QueueRow } from "../../control-api/contract/queue.ts";
import { everyPage } from "../platform/every-page.ts";
import type { Session } from "../session.ts";

export type WorkFilter = { state?: QueueRow["state"]; organization?: string };

/** Every page of the work that is not done. */
export const workOf = ({ platform }: Pick<Session, "platform">, filter: WorkFilter): Promise<QueueRow[]> =>
  everyPage((cursor) => platform().api.call(listQueue, { query: { ...filter, limit: 200, cursor } }));
