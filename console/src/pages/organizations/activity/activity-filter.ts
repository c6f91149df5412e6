/** What activity may be narrowed to: how the names of the actions begin. */
export const activityAreas = ["organization", "member", "invitation", "affiliation", "vault"] as const;

/** As it stands in the address; "" for what is not narrowed. Dates are days of the reader's own calendar: 2026-11-21. */
export interface ActivityFilter {
  readonly area: string;
  readonly from: string;
  readonly until: string;
}

/** The instant at which a day begins here, `days` after it; undefined for what is no day. */
const startOf = (day: string, days = 0): string | undefined => {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return undefined;
  const start = new Date(year, month - 1, date + days);
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString();
};

/** The filter as the API takes it. `until` is the last day that is shown. Pure but for the reader's time zone. */
export const auditQuery = ({
  area,
  from,
  until,
}: ActivityFilter): { action?: string; from?: string; until?: string } => {
  const [begin, end] = [startOf(from), startOf(until, 1)];
  return {
    ...(activityAreas.some((known) => known === area) ? { action: area } : {}),
    ...(begin === undefined ? {} : { from: begin }),
    ...(end === undefined ? {} : { until: end }),
  };
};

/** An action that this console has no words for, readable all the same: "member.role-changed" → "Member role changed". */
export const wordsOf = (action: string): string => {
  const words = action.replace(/[.-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};
