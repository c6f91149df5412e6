import { useTranslation } from "react-i18next";

/** Names that the API gives to things, in words; one that this console does not know is shown as it is. */
export const useAdminWord = () => {
  const { t } = useTranslation("admin");
  const known = (key: string, name: string): string => t(key, { defaultValue: name });
  const letter = (name: string): string => t("queue.kind.mail", { letter: known(`letter.${name}`, name) });
  return {
    phase: (name: string): string => known(`phase.${name}`, name),
    action: (name: string): string => known(`action.${name.replaceAll(".", "_")}`, name),
    actor: (name: string): string => known(`actor.${name}`, name),
    /** publish-tenant, or a mail such as mail/welcome. */
    work: (name: string): string =>
      name.startsWith("mail/") ? letter(name.slice("mail/".length)) : known(`queue.kind.${name}`, name),
  };
};
