const year = 365 * 24 * 3600;

/** A wish of this browser that pages without JavaScript keep to as well: `polyphony-language`, `polyphony-scheme`. */
export const readWish = (name: "language" | "scheme"): string | undefined =>
  document.cookie
    .split(/; */)
    .find((pair) => pair.startsWith(`polyphony-${name}=`))
    ?.split("=")[1];

export const keepWish = (name: "language" | "scheme", value: string): void => {
  document.cookie = `polyphony-${name}=${value}; Path=/; Max-Age=${String(year)}; SameSite=Lax`;
};
