import { Alert, Anchor, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { useMe } from "../../api/use-me.ts";
import { NotFound } from "../../components/not-found.tsx";
import classes from "./admin.module.css";
import { useWaiting } from "./use-waiting.ts";

/** Where staff can go, and what else is marked as being there. */
const places: readonly { to: string; name: string; within: readonly string[] }[] = [
  { to: "/admin", name: "fleet", within: ["/admin/tenants/"] },
  { to: "/admin/queue", name: "queue", within: [] },
  { to: "/admin/audit", name: "audit", within: [] },
  { to: "/admin/new", name: "found", within: [] },
];

/** What staff are told wherever they are: what failed, and what waits for them. */
const Waiting = () => {
  const { t } = useTranslation("admin");
  const { failed, approvals, work } = useWaiting();
  const { pathname } = useLocation();
  if (pathname === "/admin/queue") return null;
  if (failed + approvals + work === 0) return null;
  return (
    <Alert color={failed + work > 0 ? "red" : "yellow"} title={t("alert.title")} mb="lg">
      <Text size="sm" c="var(--ink)">
        {failed > 0 && `${t("alert.failed", { count: failed })} `}
        {work > 0 && `${t("alert.work", { count: work })} `}
        {approvals > 0 && `${t("alert.approvals", { count: approvals })} `}
        <Anchor component={Link} to="/admin/queue" inherit>
          {t("alert.look")}
        </Anchor>
      </Text>
    </Alert>
  );
};

/** Around all pages of the platform's staff. Who is none is told that there is no such page. */
export const AdminFrame = () => {
  const { t } = useTranslation("admin");
  const { data: me } = useMe();
  const { pathname } = useLocation();
  if (me?.platformRole == null) return <NotFound />;
  return (
    <>
      <nav aria-label={t("nav.label")} className={classes["nav"]}>
        <Group gap={0} wrap="nowrap">
          {places.map(({ to, name, within }) => (
            <Link
              key={to}
              to={to}
              className={classes["place"] ?? ""}
              aria-current={within.some((begin) => pathname.startsWith(begin)) || pathname === to ? "page" : undefined}
            >
              {t(`nav.${name}`)}
            </Link>
          ))}
        </Group>
      </nav>
      <Waiting />
      <Outlet />
    </>
  );
};
