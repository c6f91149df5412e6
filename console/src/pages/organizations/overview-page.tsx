import { Skeleton, Stack } from "@mantine/core";
import { getAffiliations } from "../../../../control-api/contract/affiliations.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { Affiliates } from "./affiliations/affiliates.tsx";
import { AffiliationHistory } from "./affiliations/affiliation-history.tsx";
import { AskUmbrella } from "./affiliations/ask-umbrella.tsx";
import { InvitationLinks } from "./affiliations/invitation-links.tsx";
import { IncomingRequests } from "./affiliations/incoming-requests.tsx";
import { OwnRequests } from "./affiliations/own-requests.tsx";
import { Umbrellas } from "./affiliations/umbrellas.tsx";
import { useOrganization } from "./organization-layout.tsx";
import { VaultPanel } from "./vault/vault-panel.tsx";

/** Who else changes something is seen within this time. */
const lookEveryMs = 15_000;

/** The vault, and who the organization belongs with: an umbrella sees its collectives, a collective its umbrellas. */
export const OverviewPage = () => {
  const organization = useOrganization();
  const { slug, type } = organization;
  const { data, error, refetch } = useApiQuery(getAffiliations, { params: { slug } }, { refetchInterval: lookEveryMs });
  return (
    <Stack gap="lg">
      <VaultPanel organization={organization} />
      {error && !data && <ProblemNotice problem={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={180} radius="lg" />}
      {data && type === "umbrella" && (
        <>
          <IncomingRequests requests={data.requests} />
          <Affiliates affiliated={data.affiliated} />
          <InvitationLinks invitations={data.invitations} />
        </>
      )}
      {data && type === "collective" && (
        <>
          <Umbrellas affiliated={data.affiliated} />
          <OwnRequests requests={data.requests} />
          <AskUmbrella affiliations={data} />
        </>
      )}
      {data && data.history.length > 0 && <AffiliationHistory history={data.history} />}
    </Stack>
  );
};
