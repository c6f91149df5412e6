import { Badge, Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  type AffiliationRequestView,
  postAffiliationRequest,
  withdrawAffiliation,
} from "../../../../../control-api/contract/affiliations.ts";
import { isAtLeast } from "../../../../../control-api/contract/route-contract.ts";
import { useApiMutation } from "../../../api/use-api-mutation.ts";
import { OnDate } from "../../../components/on-date.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import classes from "../organizations.module.css";
import { useOrganization } from "../organization-layout.tsx";
import { Row, Rows, RowTitle } from "../../../components/rows.tsx";
import { Section } from "../../../components/section.tsx";
import { latestRequests } from "./latest-requests.ts";

const colours = { pending: "yellow", rejected: "red", withdrawn: "gray" } as const;

const RequestRow = ({ request }: { request: AffiliationRequestView }) => {
  const { t } = useTranslation("organizations");
  const { slug, role } = useOrganization();
  const withdraw = useApiMutation(withdrawAffiliation);
  const again = useApiMutation(postAffiliationRequest);
  const { id, umbrella, status, response, requestedAt, respondedAt } = request;
  if (status === "approved") return null;
  const problem = withdraw.error ?? again.error;
  const isPending = status === "pending";
  return (
    <Row
      side={
        <>
          {isAtLeast(role, "admin") && isPending && (
            <Button
              size="sm"
              variant="default"
              loading={withdraw.isPending}
              onClick={() => withdraw.mutate({ params: { id }, body: {} })}
              aria-label={t("requests.withdrawNamed", { name: umbrella.name })}
            >
              {t("requests.withdraw")}
            </Button>
          )}
          {isAtLeast(role, "admin") && !isPending && (
            <Button
              size="sm"
              variant="default"
              loading={again.isPending}
              onClick={() => again.mutate({ body: { collective: slug, umbrella: umbrella.slug } })}
              aria-label={t("requests.againNamed", { name: umbrella.name })}
            >
              {t("requests.again")}
            </Button>
          )}
        </>
      }
    >
      <RowTitle
        badge={
          <Badge color={colours[status]} variant="light">
            {t(`requests.${status}`)}
          </Badge>
        }
      >
        {umbrella.name}
      </RowTitle>
      <Text size="sm" c="dimmed">
        {t(isPending ? "requests.asked" : "requests.answered")} <OnDate at={respondedAt ?? requestedAt} />
        {isPending && ` · ${t("requests.waits")}`}
      </Text>
      {response !== "" && <blockquote className={classes["quote"]}>{response}</blockquote>}
      {problem && <ProblemNotice problem={problem} />}
    </Row>
  );
};

/** What a collective has asked of umbrellas: waiting, or answered with no, which may be asked again. */
export const OwnRequests = ({ requests }: { requests: readonly AffiliationRequestView[] }) => {
  const { t } = useTranslation("organizations");
  const open = latestRequests(requests);
  if (open.length === 0) return null;
  return (
    <Section title={t("requests.title")}>
      <Rows label={t("requests.title")}>
        {open.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </Rows>
    </Section>
  );
};
