/** How many Tenants may be deleted within an hour before somebody is asked. */
export type BreakerSettings = {
  enabled: boolean;
  /** That many at least, however few Tenants there are. */
  tenantsPerHour: number;
  /** That part of all Tenants, in percent, where it is more. */
  percentPerHour: number;
};

export const breakerWindowMs = 3_600_000;

/** One deletion that was let through without asking. */
export type Admitted = { uid: string; slug: string; at: Date };

/** Tenants that may be deleted within an hour: the larger of the two limits, so that neither a small nor a large fleet is in the way. */
export const deletionLimit = ({ tenantsPerHour, percentPerHour }: BreakerSettings, fleet: number): number =>
  Math.max(tenantsPerHour, Math.floor((fleet * percentPerHour) / 100));

export const isRecent = ({ at }: Admitted, now: Date): boolean => now.getTime() - at.getTime() < breakerWindowMs;

/**
 * Whether one more deletion may go on without asking. `waiting` are the others that are asked for and not let through
 * yet: they count too, so that a mass deletion is held as a whole and not worked off at the allowed rate. Pure.
 */
export const mayDelete = (
  settings: BreakerSettings,
  { admitted, waiting, fleet, now }: { admitted: readonly Admitted[]; waiting: number; fleet: number; now: Date },
): boolean => {
  if (!settings.enabled) return true;
  const recent = admitted.filter((one) => isRecent(one, now)).length;
  return recent + waiting + 1 <= deletionLimit(settings, fleet);
};
