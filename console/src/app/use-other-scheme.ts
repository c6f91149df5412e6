import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** The colours that are not shown now, and what changing to them is called. */
export const useOtherScheme = (): { scheme: "light" | "dark"; name: string; wear: () => void } => {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const scheme = shown === "dark" ? "light" : "dark";
  return { scheme, name: t(`${scheme}Scheme`), wear: () => setColorScheme(scheme) };
};
