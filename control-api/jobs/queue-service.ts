import { audit, by } from "../audit/audit.ts";
import type { Clock } from "../clock.ts";
import type { QueueRow } from "../contract/queue.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { notFound } from "../errors.ts";
import type { Actor } from "../http/call.ts";
import { nudgeWorker } from "./outbox.ts";
import { type QueueQuery, queueRepository } from "./queue-repository.ts";

type Repository = ReturnType<typeof queueRepository>;

export interface QueueService {
  page(query: QueueQuery): ReturnType<Repository["page"]>;
  /** UUID. Throws 404 for what is done or was never there. */
  retry(staff: Actor, id: string): Promise<QueueRow>;
  drop(staff: Actor, id: string): Promise<void>;
}

export const createQueueService = (registry: RegistryDatabase, clock: Clock): QueueService => {
  const act = async (
    transaction: Transaction,
    staff: Actor,
    { id, action, change }: { id: string; action: string; change: (queue: Repository, at: Date) => Promise<void> },
  ): Promise<QueueRow> => {
    const queue = queueRepository(transaction);
    const at = clock.now();
    const found = await queue.byId(id);
    if (!found) throw notFound("This piece of work, among those not done,");
    await change(queue, at);
    await audit(transaction, {
      ...by(staff, at),
      organizationId: found.row.organization === null ? null : found.subject,
      action,
      subject: `work:${id}`,
      detail: { what: found.row.what, state: found.row.state },
    });
    return (await queue.byId(id))?.row ?? found.row;
  };
  return {
    page: (query) => registry.queryAsPlatform((database) => queueRepository(database).page(query)),
    retry: (staff, id) =>
      registry.asPlatform(async (transaction) => {
        const change = (queue: Repository, at: Date) => queue.makeDue(id, at);
        const row = await act(transaction, staff, { id, action: "work.retried", change });
        await nudgeWorker(transaction);
        return row;
      }),
    drop: async (staff, id) => {
      const change = (queue: Repository, at: Date) => queue.drop(id, at);
      await registry.asPlatform((transaction) => act(transaction, staff, { id, action: "work.dropped", change }));
    },
  };
};
