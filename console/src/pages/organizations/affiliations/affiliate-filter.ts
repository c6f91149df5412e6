import type { Affiliations } from "../../../../../control-api/contract/affiliations.ts";
import { type VaultState, vaultStateOf } from "../vault/vault-state.ts";

type Affiliate = Affiliations["affiliated"][number];

/** What the list of affiliates may be narrowed to. */
export const affiliateStates = ["live", "preparing", "attention"] as const;
export type AffiliateState = (typeof affiliateStates)[number];

export interface AffiliateFilter {
  /** Part of a name or an address; "" for all. */
  readonly search: string;
  readonly state: AffiliateState | null;
}

const groups: Record<VaultState, AffiliateState> = {
  live: "live",
  waiting: "preparing",
  preparing: "preparing",
  closing: "attention",
  failed: "attention",
  "read-only": "attention",
  suspended: "attention",
};

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

/** The affiliates that fit. Accents and case do not matter: "elverum" finds Élverum. Pure. */
export const filterAffiliates = (all: readonly Affiliate[], { search, state }: AffiliateFilter): Affiliate[] => {
  const wanted = folded(search.trim());
  return all.filter(({ with: { name, slug }, vault }) => {
    if (state !== null && groups[vaultStateOf(vault?.phase ?? "")] !== state) return false;
    return folded(name).includes(wanted) || slug.includes(wanted);
  });
};
