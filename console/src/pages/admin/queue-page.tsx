import { Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageTitle } from "../../components/page-title.tsx";
import { DoneNotice } from "./done-notice.tsx";
import { FailedVault } from "./failed-vault.tsx";
import { FleetSection } from "./fleet-section.tsx";
import { WaitingOrganization } from "./waiting-organization.tsx";
import { WorkSection } from "./work-section.tsx";

/** What waits for staff: approvals, vaults that failed, work that does not succeed. */
export const QueuePage = () => {
  const { t } = useTranslation("admin");
  const [done, setDone] = useState("");
  return (
    <>
      <PageTitle title={t("queue.title")} about={t("queue.lead")} />
      <DoneNotice words={done} />
      <Stack gap="xl">
        <FleetSection name="approvals" filter={{ approval: "pending" }}>
          {(row) => <WaitingOrganization row={row} onDone={setDone} />}
        </FleetSection>
        <FleetSection name="failed" filter={{ phase: "Failed" }}>
          {(row) => <FailedVault row={row} onDone={setDone} />}
        </FleetSection>
        <WorkSection onDone={setDone} />
      </Stack>
    </>
  );
};
