import type { Transaction } from "../db/registry-database.ts";

export interface LoginLink {
  readonly id: string;
  readonly emailKey: string;
  /** The browser that asked for it, and the code for any other; null when it came with a mail that nobody asked for. */
  readonly boundTo: { readonly browserHash: string; readonly codeHash: string } | null;
  /** Of who asked for it; "" when nobody did. */
  readonly address: string;
  readonly wrongCodes: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly spentAt: Date | null;
}

type Row = {
  id: string;
  email_key: string;
  token_hash: string;
  browser_hash: string | null;
  code_hash: string | null;
  address: string;
  wrong_codes: number;
  created_at: Date;
  expires_at: Date;
  spent_at: Date | null;
};

const linkOf = (row: Row): LoginLink => ({
  id: row.id,
  emailKey: row.email_key,
  boundTo:
    row.browser_hash === null || row.code_hash === null
      ? null
      : { browserHash: row.browser_hash, codeHash: row.code_hash },
  address: row.address,
  wrongCodes: row.wrong_codes,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  spentAt: row.spent_at,
});

export const loginLinkRepository = (transaction: Transaction) => {
  const table = () => transaction<Row>("login_links");
  return {
    add: async (link: Omit<LoginLink, "wrongCodes" | "spentAt">, tokenHash: string): Promise<void> => {
      await table().insert({
        id: link.id,
        email_key: link.emailKey,
        token_hash: tokenHash,
        browser_hash: link.boundTo?.browserHash ?? null,
        code_hash: link.boundTo?.codeHash ?? null,
        address: link.address,
        created_at: link.createdAt,
        expires_at: link.expiresAt,
      });
    },
    /** How many were asked for, by whomever, and how many of them from one address. */
    countSince: async (emailKey: string, address: string, since: Date): Promise<{ all: number; here: number }> => {
      const [row] = await table()
        .where({ email_key: emailKey })
        .andWhere("created_at", ">", since)
        .select<{ all: number; here: number }[]>(
          transaction.raw('count(*)::int AS "all"'),
          transaction.raw("count(*) FILTER (WHERE address = ?)::int AS here", [address]),
        );
      return row ?? { all: 0, here: 0 };
    },
    /** Whether this browser has logged in with this address before. */
    hasSpentFrom: async (emailKey: string, browserHash: string): Promise<boolean> => {
      const where = { email_key: emailKey, browser_hash: browserHash };
      return (await table().where(where).whereNotNull("spent_at").first("id")) !== undefined;
    },
    byToken: async (tokenHash: string): Promise<LoginLink | null> => {
      const row = await table().where({ token_hash: tokenHash }).forUpdate().first();
      return row ? linkOf(row) : null;
    },
    spend: async (id: string, at: Date): Promise<void> => {
      await table().where({ id }).update({ spent_at: at });
    },
    countWrongCode: async (id: string): Promise<void> => {
      await table().where({ id }).increment("wrong_codes", 1);
    },
  };
};
