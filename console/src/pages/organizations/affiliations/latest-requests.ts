import type { AffiliationRequestView } from "../../../../../control-api/contract/affiliations.ts";

/**
 * A collective's last request to each umbrella, unless that one was approved: what came of those is an affiliation, or
 * history. `requests` is newest first. Pure.
 */
export const latestRequests = (requests: readonly AffiliationRequestView[]): AffiliationRequestView[] => {
  const seen = new Set<string>();
  return requests.filter(({ umbrella: { slug }, status }) => {
    if (seen.has(slug)) return false;
    seen.add(slug);
    return status !== "approved";
  });
};
