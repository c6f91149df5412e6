import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe } from "../api/use-me.ts";
import { Mark } from "../components/mark.tsx";
import { AccountMenu } from "./account-menu.tsx";
import classes from "./frame.module.css";
import { LanguageSwitch } from "./language-switch.tsx";
import { OrganizationSwitcher } from "./organization-switcher.tsx";
import { SchemeToggle } from "./scheme-toggle.tsx";

export const Header = () => {
  const { t } = useTranslation();
  const { data: me } = useMe();
  return (
    <header className={classes["header"]}>
      <div className={classes["bar"]}>
        <Link to="/" className={classes["brand"] ?? ""} aria-label={t("home")}>
          <Mark width={36} />
          <span className={classes["word"]}>Polyphony</span>
        </Link>
        {me && <OrganizationSwitcher me={me} />}
        <span className={classes["spring"]} />
        {/* Where it is narrow they are in the account's menu, so that the organization's name has room. */}
        <Group gap="xs" wrap="nowrap" {...(me ? { visibleFrom: "sm" } : {})}>
          <LanguageSwitch />
          <SchemeToggle />
        </Group>
        {me && <AccountMenu me={me} />}
        {me === null && (
          <Button component="a" href="/login" variant="default" size="sm">
            {t("logIn")}
          </Button>
        )}
      </div>
    </header>
  );
};
