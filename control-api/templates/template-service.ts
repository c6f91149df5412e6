import type { TemplateView } from "../contract/templates.ts";
import type { RegistryDatabase } from "../db/registry-database.ts";
import { invalid } from "../errors.ts";
import { templateRepository } from "./template-repository.ts";

export interface TemplateService {
  offered(): Promise<TemplateView[]>;
  /** Throws 422 for a template that cannot be registered for. Lets all through while no worker has told of any. */
  mustBeOffered(name: string): Promise<void>;
}

const choice = (names: readonly string[]): string =>
  names.length === 0 ? "At present there is nothing to choose." : `Choose one of: ${names.join(", ")}.`;

export const createTemplateService = (registry: RegistryDatabase): TemplateService => ({
  offered: () => registry.queryAsPlatform((database) => templateRepository(database).offered()),
  mustBeOffered: (name) =>
    registry.queryAsPlatform(async (database) => {
      const templates = templateRepository(database);
      const names = (await templates.offered()).map((template) => template.name);
      if (names.includes(name) || !(await templates.anyKnown())) return;
      const detail = `Nothing called "${name}" can be registered for. ${choice(names)}`;
      throw invalid([{ pointer: "/template", detail }]);
    }),
});
