import { Badge, Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useOutletContext, useParams } from "react-router";
import { getOrganization, type OrganizationView } from "../../../../control-api/contract/organizations.ts";
import { useApiQuery } from "../../api/use-api-query.ts";
import { PageSkeleton } from "../../components/page-skeleton.tsx";
import { PageTitle } from "../../components/page-title.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import classes from "./organizations.module.css";

/** The organization of the page that is shown within `OrganizationLayout`. */
export const useOrganization = (): OrganizationView => useOutletContext<OrganizationView>();

const tabs = ["", "members", "settings", "activity"] as const;

const Tabs = ({ slug }: { slug: string }) => {
  const { t } = useTranslation("organizations");
  return (
    <nav className={classes["tabs"]} aria-label={t("tabs.label")}>
      {tabs.map((tab) => (
        <NavLink key={tab} end to={`/dashboard/org/${slug}${tab && `/${tab}`}`} className={classes["tab"] ?? ""}>
          {t(`tabs.${tab || "overview"}`)}
        </NavLink>
      ))}
    </nav>
  );
};

const NotYours = () => {
  const { t } = useTranslation("organizations");
  return (
    <>
      <PageTitle title={t("notYours.title")} about={t("notYours.text")} />
      <Button component={Link} to="/dashboard">
        {t("notYours.act")}
      </Button>
    </>
  );
};

/** Name, kind and parts of one organization, around the part that is shown. */
export const OrganizationLayout = () => {
  const { t } = useTranslation("organizations");
  const { slug = "" } = useParams();
  const { data: organization, error, refetch } = useApiQuery(getOrganization, { params: { slug } });
  if (error?.status === 404) return <NotYours />;
  if (error) return <ProblemNotice problem={error} onRetry={() => void refetch()} />;
  if (!organization) return <PageSkeleton />;
  return (
    <>
      <PageTitle
        title={organization.name}
        about={
          <Group component="span" gap="xs">
            <Badge component="span" variant="light" color={organization.type === "umbrella" ? "clay" : "voice"}>
              {t(`type.${organization.type}`)}
            </Badge>
            <Text span size="sm">
              {t("youAre", { role: t(`role.${organization.role}`) })}
            </Text>
          </Group>
        }
      />
      <Tabs slug={slug} />
      {/* A fresh page for each organization: nothing half filled in goes along to another one. */}
      <Outlet key={organization.id} context={organization} />
    </>
  );
};
