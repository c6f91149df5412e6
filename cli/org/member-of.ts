import { listMembers, type MemberView } from "../../control-api/contract/members.ts";
import { notFound } from "../cli-error.ts";
import { closest } from "../output/closest.ts";
import type { Session } from "../session.ts";

/** The member with this mail address or id. @throws CliError (3) that names the one most like it */
export const memberOf = async (session: Session, slug: string, wanted: string): Promise<MemberView> => {
  const { items } = await session.platform().api.call(listMembers, { params: { slug } });
  const found = items.find(({ email, id }) => id === wanted || email.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  const near = closest(
    wanted,
    items.map(({ email }) => email),
  );
  throw notFound(`"${slug}" has no member ${wanted}.`, {
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
    next: `org members ${slug}`,
  });
};
