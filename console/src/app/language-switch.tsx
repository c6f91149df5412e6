import { Button } from "@mantine/core";
import { useOtherLanguage } from "./use-other-language.ts";

export const LanguageSwitch = () => {
  const { lang, name, speak } = useOtherLanguage();
  return (
    <Button variant="subtle" size="sm" px="xs" lang={lang} style={{ flexShrink: 0 }} onClick={speak}>
      {name}
    </Button>
  );
};
