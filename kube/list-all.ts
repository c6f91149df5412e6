import { isGone } from "./errors.ts";
import type { Kind, Kube, KubeObject, ListOptions } from "./kube.ts";

export const PAGE_SIZE = 500;

/** Every page's objects; when the continue token expires half-way the list begins again, once. */
export const listAll = async <T extends KubeObject>(
  listPage: Kube["listPage"],
  kind: Kind<T>,
  options: ListOptions = {},
): Promise<T[]> => {
  const { pageSize = PAGE_SIZE, ...selection } = options;
  const pages = async (): Promise<T[]> => {
    const items: T[] = [];
    let token: string | undefined;
    do {
      const page = await listPage(kind, { ...selection, limit: pageSize, continue: token });
      items.push(...page.items);
      token = page.continue;
    } while (token);
    return items;
  };
  return pages().catch((error: unknown) => {
    if (isGone(error)) return pages();
    throw error;
  });
};
