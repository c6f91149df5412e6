import { getMe } from "../../control-api/contract/login.ts";
import { getOrganization, type OrganizationView } from "../../control-api/contract/organizations.ts";
import { ApiError } from "../api/problem.ts";
import { notFound } from "../cli-error.ts";
import { closest } from "../output/closest.ts";
import type { Session } from "../session.ts";

/** The organization of this slug. @throws CliError (3) that names the one of the person's own most like it */
export const organizationOf = async (session: Session, slug: string): Promise<OrganizationView> => {
  const { api } = session.platform();
  try {
    return await api.call(getOrganization, { params: { slug } });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    const { organizations } = await api.call(getMe, {});
    const near = closest(
      slug,
      organizations.map((one) => one.slug),
    );
    throw notFound(`There is no organization "${slug}", or you may not see it.`, {
      hints: [...(near === undefined ? [] : [`Did you mean ${near}?`]), ...error.hints],
      next: "org ls",
      cause: error,
    });
  }
};
