import type { RetainedVault } from "../../crds/index.ts";
import { notFound } from "../cli-error.ts";
import { retainedVaults } from "../names.ts";
import type { Session } from "../session.ts";

/** A retained vault by its own name, or by the slug that its tenant had when only one is kept of it. */
export const findRetained = async (session: Session, name: string): Promise<RetainedVault> => {
  const { kube } = session.cluster();
  const found = await kube.find(retainedVaults, { name });
  if (found) return found;
  const ofSlug = (await kube.list(retainedVaults)).filter(
    ({ spec, status }) => spec.slug === name && (status?.phase ?? "Kept") === "Kept",
  );
  const [only] = ofSlug;
  if (only && ofSlug.length === 1) return only;
  const names = ofSlug.map(({ metadata }) => metadata.name).join(", ");
  throw notFound(`There is no retained vault "${name}".`, {
    hints: names === "" ? [] : [`The tenant of that name left several: ${names}`],
    next: "retained ls",
  });
};
