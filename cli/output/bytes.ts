const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** Bytes for people: `9.9 MiB`; empty when not known. */
export const bytesText = (bytes: number | undefined): string => {
  if (bytes === undefined) return "";
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[step] ?? ""}`;
};
