import { describe, expect, it } from "@jest/globals";
import { type MaintenanceWindow, windowAt, type WindowState } from "./maintenance-window.ts";

const nightly: MaintenanceWindow = {
  days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  start: "02:30",
  duration: "1h",
  timeZone: "Europe/Oslo",
};

const said = (state: WindowState): string => {
  if (state.state === "invalid") return `invalid ${state.timeZone}`;
  const at = state.state === "open" ? state.until : state.opensAt;
  return `${state.state} ${at.toISOString().replace(":00.000Z", "Z")}`;
};

const table: { name: string; window?: Partial<MaintenanceWindow>; now: string; says: string }[] = [
  { name: "before it opens, winter time", now: "2026-01-10T01:29:59Z", says: "closed 2026-01-10T01:30Z" },
  { name: "the moment it opens", now: "2026-01-10T01:30:00Z", says: "open 2026-01-10T02:30Z" },
  { name: "the moment it closes", now: "2026-01-10T02:30:00Z", says: "closed 2026-01-11T01:30Z" },
  { name: "summer time is an hour earlier in UTC", now: "2026-07-10T00:45:00Z", says: "open 2026-07-10T01:30Z" },
  {
    name: "the hour that is skipped in spring counts as an hour later on the wall",
    now: "2026-03-29T01:00:00Z",
    says: "closed 2026-03-29T01:30Z",
  },
  { name: "and opens there", now: "2026-03-29T01:45:00Z", says: "open 2026-03-29T02:30Z" },
  {
    name: "the hour that comes twice in autumn opens at the first",
    now: "2026-10-25T00:31:00Z",
    says: "open 2026-10-25T01:30Z",
  },
  { name: "and not again at the second", now: "2026-10-25T01:31:00Z", says: "closed 2026-10-26T01:30Z" },
  {
    name: "a window that lasts over the change lasts as long as it says",
    window: { start: "01:00", duration: "3h" },
    now: "2026-03-29T02:59:00Z",
    says: "open 2026-03-29T03:00Z",
  },
  {
    name: "past midnight it belongs to the day on which it began",
    window: { days: ["Sat"], start: "23:00", duration: "4h", timeZone: "UTC" },
    now: "2026-01-11T02:00:00Z",
    says: "open 2026-01-11T03:00Z",
  },
  {
    name: "the day is that of the zone, not of UTC",
    window: { days: ["Sun"], start: "00:30", duration: "1h", timeZone: "Pacific/Auckland" },
    now: "2026-01-10T11:45:00Z",
    says: "open 2026-01-10T12:30Z",
  },
  {
    name: "a week ahead when today's is over",
    window: { days: ["Sat"], start: "02:00", duration: "1h", timeZone: "UTC" },
    now: "2026-01-10T03:00:00Z",
    says: "closed 2026-01-17T02:00Z",
  },
  {
    name: "a zone with half an hour",
    window: { start: "00:00", duration: "30m", timeZone: "Asia/Kolkata" },
    now: "2026-01-10T18:45:00Z",
    says: "open 2026-01-10T19:00Z",
  },
  {
    name: "longer than a day, it is still open two days later",
    window: { days: ["Fri"], start: "20:00", duration: "60h", timeZone: "UTC" },
    now: "2026-01-12T07:00:00Z",
    says: "open 2026-01-12T08:00Z",
  },
  {
    name: "of no length it never opens",
    window: { duration: "0s" },
    now: "2026-01-10T01:30:00Z",
    says: "closed 2026-01-11T01:30Z",
  },
  {
    name: "in a zone that does not exist",
    window: { timeZone: "Europe/Atlantis" },
    now: "2026-01-10T01:30:00Z",
    says: "invalid Europe/Atlantis",
  },
];

describe("R1: a maintenance window", () => {
  it.each(table)("$name", ({ window, now, says }) => {
    expect(said(windowAt({ ...nightly, ...window }, new Date(now)))).toBe(says);
  });
});
