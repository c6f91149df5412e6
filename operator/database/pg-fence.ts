import { FencedError } from "./errors.ts";
import type { PgLink } from "./pg-link.ts";
import { applicationPattern } from "./pg-session.ts";

/**
 * Puts our epoch on record and ends every session of an older one. A session that connects later verifies its epoch
 * before its first effect, and one that connected earlier is seen here by its application_name; so nothing of an older
 * leader has an effect after this returns. Only sessions of the operator's own role are looked at: an application_name
 * is anybody's to choose.
 */
export const raiseFence = async (link: PgLink, holder: string): Promise<void> => {
  const { epoch, instance } = link.owner;
  await link.unfenced(async (session) => {
    const { rows } = await session.query<{ epoch: string; holder: string }>(
      `WITH raised AS (
         INSERT INTO polyphony.fence AS f (instance, epoch, holder) VALUES ($1, $2, $3)
         ON CONFLICT (instance) DO UPDATE SET epoch = EXCLUDED.epoch, holder = EXCLUDED.holder, raised_at = now()
           WHERE f.epoch < EXCLUDED.epoch
         RETURNING epoch, holder)
       SELECT epoch, holder FROM raised
       UNION ALL SELECT epoch, holder FROM polyphony.fence WHERE instance = $1 AND NOT EXISTS (SELECT FROM raised)`,
      [instance, epoch, holder],
    );
    const row = rows[0];
    if (!row || Number(row.epoch) !== epoch || row.holder !== holder)
      throw new FencedError(link.name, Number(row?.epoch ?? 0));
    await session.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE usename = current_user AND pid <> pg_backend_pid()
          AND substring(application_name FROM $1)::bigint < $2`,
      [applicationPattern(instance), epoch],
    );
  });
};
