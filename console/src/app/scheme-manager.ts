import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";
import { keepWish, readWish } from "./wishes.ts";

const isScheme = (text: string | undefined): text is "light" | "dark" => text === "light" || text === "dark";

/** Keeps the scheme in a cookie, so that pages without JavaScript wear it too. */
export const cookieSchemeManager = (): MantineColorSchemeManager => ({
  get: (otherwise: MantineColorScheme) => {
    const wish = readWish("scheme");
    return isScheme(wish) ? wish : otherwise;
  },
  set: (scheme) => keepWish("scheme", scheme),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => keepWish("scheme", "auto"),
});
