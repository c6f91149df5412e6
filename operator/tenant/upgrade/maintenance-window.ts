import type { TenantSpec } from "../../../crds/index.ts";
import { durationMs } from "../../duration.ts";

export type MaintenanceWindow = NonNullable<TenantSpec["maintenanceWindow"]>;

/** How a window stands: open until a time, closed until a time, or never to open because its time zone is unknown. */
export type WindowState =
  { state: "open"; until: Date } | { state: "closed"; opensAt: Date } | { state: "invalid"; timeZone: string };

const dayMs = 86_400_000;
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** A moment as clocks on the wall show it, in milliseconds as if the wall were in UTC. */
const wallClock = (zone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  };
};

/**
 * The moment at which the wall shows `wall`. When clocks go back it is shown twice: the first counts. When they go
 * forward over it, it is never shown: it counts as that much later, as if the clocks had gone on (RFC 5545 does the same).
 */
const momentOf = (wall: number, shown: (at: number) => number): number => {
  const offsetAt = (at: number): number => shown(at) - at;
  const candidates = [wall - offsetAt(wall - dayMs), wall - offsetAt(wall + dayMs)];
  const exact = candidates.filter((at) => shown(at) === wall);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
};

/**
 * How a maintenance window stands at `now`. `start` is wall time in the window's zone, `duration` is time that passes; a
 * window goes on past midnight and through a change of the clocks. Pure.
 */
export const windowAt = (window: MaintenanceWindow, now: Date): WindowState => {
  let shown: (at: number) => number;
  try {
    shown = wallClock(window.timeZone);
  } catch {
    return { state: "invalid", timeZone: window.timeZone };
  }
  const length = durationMs(window.duration);
  const [hours = 0, minutes = 0] = window.start.split(":").map(Number);
  const today = Math.floor(shown(now.getTime()) / dayMs);
  // Back as far as a window may still be open, and a week and a day ahead: each of its days comes by then.
  const back = Math.min(Math.ceil(length / dayMs) + 1, 8);
  let until = Number.NEGATIVE_INFINITY;
  let opensAt = Number.POSITIVE_INFINITY;
  for (let day = today - back; day <= today + 8; day += 1) {
    const name = dayNames[new Date(day * dayMs).getUTCDay()];
    if (!name || !window.days.includes(name)) continue;
    const opens = momentOf(day * dayMs + (hours * 60 + minutes) * 60_000, shown);
    if (opens > now.getTime()) opensAt = Math.min(opensAt, opens);
    else until = Math.max(until, opens + length);
  }
  if (until > now.getTime()) return { state: "open", until: new Date(until) };
  return { state: "closed", opensAt: new Date(opensAt) };
};
