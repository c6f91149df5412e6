import type { Tenant } from "../../crds/index.ts";
import { notFound } from "../cli-error.ts";
import { tenants } from "../names.ts";
import { closest } from "../output/closest.ts";
import type { Session } from "../session.ts";

/** The tenant of this name. @throws CliError (3) that names the one most like it */
export const findTenant = async (session: Session, slug: string): Promise<Tenant> => {
  const { kube } = session.cluster();
  const found = await kube.find(tenants, { name: slug });
  if (found) return found;
  const names = (await kube.list(tenants)).map(({ metadata }) => metadata.name);
  const near = closest(slug, names);
  throw notFound(`There is no tenant "${slug}".`, {
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
    next: "tenant ls",
  });
};
