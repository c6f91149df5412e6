import type { Page, PageAsked } from "../db/keyset-page.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import type { Membership } from "../http/call.ts";
import { exportHead, type ExportFormat, exportLine } from "./audit-export.ts";
import { type AuditFilter, auditRepository, type ChainedEntry } from "./audit-repository.ts";
import { type AuditVerification, verifyAudit } from "./verify-audit.ts";

export interface AuditService {
  /** Of one organization when a membership is given, of all otherwise. */
  page(whose: Membership | null, filter: AuditFilter, asked: PageAsked): Promise<Page<ChainedEntry>>;
  /** The same as a file, line by line; read in small transactions, so that it holds nothing up. */
  export(whose: Membership | null, filter: AuditFilter, format: ExportFormat): AsyncIterable<string>;
  verify(): Promise<AuditVerification>;
}

/** Entries read at once for a file. */
const batch = 500;

export const createAuditService = (registry: RegistryDatabase): AuditService => {
  const read = <T>(whose: Membership | null, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
    whose === null ? registry.asPlatform(work) : registry.within({ organizationId: whose.organizationId }, work);

  const page: AuditService["page"] = (whose, filter, asked) =>
    read(whose, (transaction) =>
      auditRepository(transaction).page(
        whose === null ? filter : { ...filter, organizationId: whose.organizationId },
        asked,
      ),
    );

  return {
    page,
    export: async function* (whose, filter, format) {
      yield exportHead(format);
      let cursor: string | undefined;
      do {
        const { items, next } = await page(whose, filter, { limit: batch, cursor });
        yield items.map((entry) => exportLine(entry, format)).join("");
        cursor = next ?? undefined;
      } while (cursor !== undefined);
    },
    verify: () => verifyAudit(registry),
  };
};
