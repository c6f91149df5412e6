import type { Provisioning } from "../contract/organizations.ts";

type Code = NonNullable<Provisioning["failure"]>["code"];

/** What the operator's reasons come down to for a customer; what is not named here is the platform's own trouble. */
const codes: readonly [RegExp, Code][] = [
  [/^(NoDatabaseServer|DatabaseServerFull|Unschedulable|LimitsExceeded)$/, "no-room"],
  [/^(SlugTaken|HostTaken|OrganizationDiffers|VaultRetained|NamespaceForeign|EndpointsPending)$/, "address"],
  [/^(Database|GoldenTemplate|Migrat|Schema|ConnectionSecret|LargeObjects|PublicMayConnect|Adoption)/, "database"],
  [/^(CrashLoop|CreateContainer|Err|ImagePull|InvalidImage|FailedCreate|Pods|Rollout|Progress|Release)/, "application"],
];

const messages: Record<Code, string> = {
  "no-room": "There is no room for another vault at the moment. The platform's staff are making some.",
  address: "The vault's address is not free yet. The platform's staff have been told and look at it.",
  database: "The vault's database could not be made. Nothing is lost: it is tried again by itself.",
  application: "The application did not start. Nothing is lost: it is tried again by itself.",
  platform: "A part of the platform does not answer. Nothing is lost: it is tried again by itself.",
};

/** Why a vault failed, for its customer: what happened and what comes next, never the operator's own words. Pure. */
export const plainFailure = (reason: string): NonNullable<Provisioning["failure"]> => {
  const code = codes.find(([pattern]) => pattern.test(reason))?.[1] ?? "platform";
  return { code, message: `${messages[code]} The staff have been told; you may try again at once.` };
};
