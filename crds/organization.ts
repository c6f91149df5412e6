import { z } from "zod";
import { explain, matching, rules } from "./field.ts";

/** One line with something to see in it: a name of blanks or of invisible signs would be no name to anybody. */
export const printable = (max: number) =>
  matching(
    /^[^\x00-\x1f\x7f]*[\p{L}\p{N}\p{S}\p{P}][^\x00-\x1f\x7f]*$/u,
    max,
    "write it on one line, without control characters, with at least one letter, digit or sign that can be seen",
  );

const oneAddress = "write one mail address, for example kari@example.org";
// The plain form of RFC 5321, as the vaults take it: what is accepted here must not keep a vault from starting.
const plainAddress =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

const email = () =>
  rules(
    matching(plainAddress, 254, oneAddress),
    { rule: `self.matches(r"${plainAddress.source}")`, message: oneAddress },
    { rule: "self.indexOf('@') <= 64", message: `${oneAddress}, with at most 64 characters before the @` },
  );

/** Whose vault it is. */
export const Organization = rules(
  z.object({
    id: matching(
      /^[A-Za-z0-9][A-Za-z0-9_.-]*$/,
      64,
      "use letters, digits, dots, hyphens and underscores, for example org_nordic",
    ).describe(explain("The organization's id in the registry, or a name of your own without one.", "organization")),
    name: printable(200).describe(
      explain("The organization's name as people read it; the vault shows it.", "organization"),
    ),
  }),
  {
    rule: "self.id == oldSelf.id",
    message: "organization.id cannot change: a vault belongs to one organization; create another Tenant instead",
    fieldPath: ".id",
  },
).describe(explain("Whose vault this is.", "organization"));

/** Who is its first owner. */
export const Owner = z
  .object({
    email: email().describe(
      explain("Mail address of the vault's first owner, for example kari@example.org.", "organization"),
    ),
    name: printable(200).describe(explain("The owner's name as people read it.", "organization")),
  })
  .describe(
    explain("The person who owns the vault; made a member with the role owner when it starts.", "organization"),
  );
