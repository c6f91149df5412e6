type Environment = Readonly<Record<string, string | undefined>>;

/** The program that opens an address on this machine, if there is a screen for it. */
export const browserOf = (env: Environment, platform: NodeJS.Platform): string | undefined => {
  if (env["BROWSER"]) return env["BROWSER"];
  if (platform === "darwin") return "open";
  return (env["DISPLAY"] ?? env["WAYLAND_DISPLAY"]) ? "xdg-open" : undefined;
};
