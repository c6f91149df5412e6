import { Avatar, Menu, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Me } from "../../../control-api/contract/login.ts";
import { useOtherLanguage } from "./use-other-language.ts";
import { useOtherScheme } from "./use-other-scheme.ts";

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => /^./u.exec(word)?.[0] ?? "")
    .filter((_letter, index, all) => index === 0 || index === all.length - 1)
    .join("")
    .toUpperCase();

export const AccountMenu = ({ me }: { me: Me }) => {
  const { t } = useTranslation();
  const language = useOtherLanguage();
  const colours = useOtherScheme();
  return (
    <Menu position="bottom-end" width={260} shadow="md">
      <Menu.Target>
        <UnstyledButton
          aria-label={t("accountOf", { name: me.name })}
          miw={44}
          mih={44}
          display="grid"
          style={{ placeItems: "center" }}
        >
          <Avatar color="voice" size={38} aria-hidden="true">
            {initials(me.name)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--ink)" truncate>
            {me.name}
          </Text>
          <Text size="xs" truncate>
            {me.email}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account">
          {t("account")}
        </Menu.Item>
        {me.platformRole !== null && (
          <Menu.Item component={Link} to="/admin">
            {t("administration")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item hiddenFrom="sm" lang={language.lang} onClick={language.speak}>
          {language.name}
        </Menu.Item>
        <Menu.Item hiddenFrom="sm" onClick={colours.wear}>
          {colours.name}
        </Menu.Item>
        <Menu.Divider hiddenFrom="sm" />
        <Menu.Item component="a" href="/logout">
          {t("logOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
