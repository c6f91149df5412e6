import { createHash } from "node:crypto";
import { type Clock, day, later, minute } from "../clock.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { invalid, problem } from "../errors.ts";

export interface Answer {
  readonly status: number;
  readonly reply: unknown;
}

export interface Idempotency {
  /** Runs `work` once per key and scope; says the first answer again afterwards, for a day. */
  once(scope: string, key: string, request: unknown, work: () => Promise<Answer>): Promise<Answer & { again: boolean }>;
}

type Row = { request_hash: string; status: number | null; reply: Answer["reply"]; created_at: Date };

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** A claim without an answer is of a call that was cut off: after this long the key may be tried again. */
const claimHoldsMs = minute;

/** Keeps what a key was answered. The scope (an account or an address) keeps one caller's keys from another's. */
export const createIdempotency = (registry: RegistryDatabase, clock: Clock): Idempotency => {
  const claim = (scope: string, key: string, hash: string): Promise<Row | undefined> =>
    registry.asPlatform(async (transaction) => {
      const now = clock.now();
      const table = () => transaction<Row & { scope: string; key: string }>("idempotency_keys");
      await table().where({ scope, key }).andWhere("created_at", "<", later(now, -day)).delete();
      await table()
        .where({ scope, key })
        .whereNull("status")
        .andWhere("created_at", "<", later(now, -claimHoldsMs))
        .delete();
      const made = await table()
        .insert({ scope, key, request_hash: hash, created_at: now })
        .onConflict(["scope", "key"])
        .ignore()
        .returning("key");
      return made.length > 0 ? undefined : table().where({ scope, key }).first();
    });
  const forget = (scope: string, key: string) =>
    registry.queryAsPlatform((database) => database("idempotency_keys").where({ scope, key }).delete());
  const keep = (scope: string, key: string, { status, reply }: Answer) =>
    registry.asPlatform((transaction) =>
      transaction("idempotency_keys")
        .where({ scope, key })
        .update({ status, reply: JSON.stringify(reply ?? null) }),
    );

  return {
    once: async (scope, key, request, work) => {
      if (!/^[\x21-\x7e]{1,255}$/.test(key))
        throw problem("invalid-idempotency-key", "Send an Idempotency-Key of 1 to 255 visible ASCII characters.");
      const hash = createHash("sha256").update(canonical(request)).digest("hex");
      const known = await claim(scope, key, hash);
      if (known && known.request_hash !== hash) {
        throw invalid(
          [{ pointer: "Idempotency-Key", detail: "This key was used for another request. Send a new one." }],
          "idempotency-key-reused",
        );
      }
      if (known?.status != null) return { status: known.status, reply: known.reply, again: true };
      if (known) throw problem("in-progress", "A request with this key is under way. Ask again in a moment.");
      try {
        const answer = await work();
        await keep(scope, key, answer);
        return { ...answer, again: false };
      } catch (error) {
        // What was refused may be tried again, once it is mended, with the same key.
        await forget(scope, key).catch(() => undefined);
        throw error;
      }
    },
  };
};
